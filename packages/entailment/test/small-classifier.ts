import { type Tokenizer, trainWordTokenizer } from '@heed/text';
import { EntailmentClassifier, type EntailmentConfig, entailmentPresets } from '../src/index.js';

type Network = EntailmentConfig['network'];

/** Every switch at least once, with widths that are all different. */
export const variants: readonly (Partial<Network> & { readonly name: string })[] = [
  { name: 'apart', encoding: 'apart', attention: 'none' },
  {
    name: 'apart, two-way, shared, projected',
    encoding: 'apart',
    attention: 'none',
    twoWay: true,
    sharedEncoder: true,
    projection: 4,
  },
  { name: 'conditional', attention: 'none' },
  { name: 'attention', attention: 'last' },
  { name: 'word by word', attention: 'word-by-word' },
  { name: 'word by word, two-way, shared', attention: 'word-by-word', twoWay: true, sharedEncoder: true },
  { name: 'match', encoding: 'apart', attention: 'match', classifier: 0 },
  {
    name: 'match, bidirectional, two-way',
    encoding: 'apart',
    attention: 'match',
    bidirectional: true,
    twoWay: true,
  },
  { name: 'alignment', encoding: 'apart', attention: 'alignment', bidirectional: true, sharedEncoder: true },
  { name: 'alignment, relatedness', encoding: 'apart', attention: 'alignment', relatedness: true },
];

export const words: Tokenizer = trainWordTokenizer(
  ['three red balls are in the box', 'no green cubes are', 'at least two things is one thing'],
  { vocabularySize: 40 },
);

export function smallConfig({
  name: _,
  ...changes
}: Partial<Network> & { name?: string } = {}): EntailmentConfig {
  const { small } = entailmentPresets;
  const embedding = { width: 6, fixed: false, unknown: 'learned' } as const;
  return { ...small, network: { ...small.network, embedding, units: 5, classifier: 7, ...changes } };
}

export const smallClassifier = (changes: Parameters<typeof smallConfig>[0] = {}) =>
  EntailmentClassifier.create(smallConfig(changes), words, 1);
