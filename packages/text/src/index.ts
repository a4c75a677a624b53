export { type BpeDropout, BpeTokenizer } from './bpe.js';
export { type BpeTrainingOptions, trainBpe } from './bpe-training.js';
export type { Encoding, NormalizationOptions, Tokenizer } from './tokenizer.js';
export { type TokenizerJson, tokenizerFromJson } from './tokenizer-json.js';
export { type TokenizerOptions, trainTokenizer } from './train-tokenizer.js';
export { type SpecialIds, specialTokens, Vocabulary } from './vocabulary.js';
export { trainCharacterTokenizer, trainWordTokenizer, WordLevelTokenizer } from './word-level.js';
export { groupWords, type WordGroup } from './words.js';
