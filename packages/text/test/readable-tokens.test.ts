import { expect, test } from 'vitest';
import { groupWords, readableTokens, trainCharacterTokenizer, trainWordTokenizer } from '../src/index.js';

test('unknown words stand there themselves, one token each', () => {
  const tokenizer = trainWordTokenizer(['a dog runs .'], { vocabularySize: 20, lowercase: true });
  const tokens = readableTokens('A cat runs.', tokenizer);
  expect(groupWords(tokens).map(({ text }) => text)).toEqual(['a', 'cat', 'runs', '.']);
  const encoding = tokenizer.encode('A cat runs.');
  expect(encoding.tokens).toHaveLength(tokens.length);
  expect(encoding.tokens[1]).toContain('<unk>');
});

test('other tokenizers have their tokens', () => {
  const tokenizer = trainCharacterTokenizer(['abc']);
  expect(readableTokens('ab', tokenizer)).toEqual(tokenizer.encode('ab').tokens);
});
