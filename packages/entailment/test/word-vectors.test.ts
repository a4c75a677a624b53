import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomSource, useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withKnownWords } from '../src/index.js';
import { readWordVectors } from '../src/node/index.js';
import { WordEmbedding } from '../src/word-embedding.js';
import { smallConfig, words } from './small-classifier.js';

let root: string;
beforeAll(async () => {
  await useBackend();
  root = await mkdtemp(join(tmpdir(), 'heed-vectors-'));
});
afterAll(() => rm(root, { recursive: true }));

const vectors: readonly (readonly [string, readonly number[]])[] = [
  ['The', [0.5, -1, 2]],
  ['the', [9, 9, 9]],
  ['. . .', [0.25, 0, 1]],
  ['balls', [1, 2, 3]],
  ['zèbre', [-4, 5.5, 6]],
];
const text = vectors.map(([word, values]) => `${word} ${values.join(' ')}\n`).join('');
const binary = (ending: string) =>
  Buffer.concat([
    Buffer.from(`${vectors.length} 3\n`),
    ...vectors.flatMap(([word, values]) => [
      Buffer.from(`${word.replaceAll(' ', '_')} `),
      Buffer.from(Float32Array.from(values).buffer),
      Buffer.from(ending),
    ]),
  ]);

async function readBack(content: string | Uint8Array, most = 100, lowercase = true) {
  const file = join(root, 'vectors');
  await writeFile(file, content);
  return readWordVectors(file, { wanted: new Set(['balls']), most, lowercase });
}

describe('word vectors', () => {
  test.each([
    ['GloVe', text],
    ['GloVe without a last newline', text.trimEnd()],
    ['GloVe behind a byte order mark', `\ufeff${text}`],
    ['word2vec text', `${vectors.length} 3\n${text.replaceAll('\n', ' \n')}`],
    ['word2vec binary', binary('')],
    ['word2vec binary with newlines', binary('\n')],
  ])('%s', async (_, content) => {
    const { width, vectors: found } = await readBack(content);
    expect(width).toBe(3);
    expect([...found.keys()].map((word) => word.replaceAll('_', ' '))).toEqual([
      'the',
      '. . .',
      'balls',
      'zèbre',
    ]);
    expect([...(found.get('the') as Float32Array)]).toEqual([0.5, -1, 2]);
    expect([...(found.get('zèbre') as Float32Array)]).toEqual([-4, 5.5, 6]);
  });

  test('only the words that are wanted, and the first of the others; of many more than are read at a time', async () => {
    const many = Array.from({ length: 60_000 }, (_, i) => `w${i} 0.125 ${i} -1e-3\n`).join('');
    const { vectors: found } = await readBack(`${many}balls 1 2 3\n`, 3);
    expect([...found.keys()]).toEqual(['w0', 'w1', 'balls']);
    expect((await readBack(text, 100, false)).vectors.size).toBe(5);
  });

  test.each([
    ['a line that is short', 'a 1 2 3\nb 1 2\n', /vectors, word 2: expected a word and 3 numbers/],
    ['a value that is none', 'a 1 2 3\nb 1 x 2\n', /vectors, word 2: expected a word and 3 numbers/],
    ['a value that is missing', 'a 1 2 3\nb 1  2\n', /vectors, word 2: expected a word and 3 numbers/],
    ['an end that comes early', '3 2\na 1 2\nb 3 4\n', /vectors: it ends after 2 of 3 words/],
    ['half a vector', binary('').subarray(0, 40), /vectors: it ends after 2 of 5 words/],
    ['something else', 'just a sentence\n', /its first line is not a word with its vector/],
    ['nothing', '', /its first line is not a word with its vector/],
  ])('%s is one error', async (_, content, message) => {
    await expect(readBack(content)).rejects.toThrow(message);
  });
});

describe('known words', () => {
  const known = new Map([
    ['balls', Float32Array.of(1, 2, 3)],
    ['giraffe', Float32Array.of(4, 5, 6)],
    ['red', Float32Array.of(7, 8, 9)],
    ['<unk>', Float32Array.of(0, 0, 0)],
    ['zebra', Float32Array.of(1, 1, 1)],
  ]);
  const base = smallConfig();
  const config = { ...base, tokenizer: { ...base.tokenizer, vocabularySize: words.vocabulary.size + 1 } };

  test('are the last of the vocabulary, with further words of the file as long as there is room', () => {
    const found = withKnownWords(config, words, { width: 3, vectors: known });
    const { vocabulary } = found.tokenizer;
    expect(vocabulary.size).toBe(config.tokenizer.vocabularySize);
    expect(new Set(vocabulary.tokens.slice(-3, -1))).toEqual(new Set(['▁balls', '▁red']));
    expect(vocabulary.tokens.at(-1)).toBe('▁giraffe');
    expect(found.config.network.embedding).toMatchObject({ width: 3, known: 3 });
    const row = vocabulary.size - vocabulary.idOf('▁red');
    expect([...found.values.subarray(9 - 3 * row).subarray(0, 3)]).toEqual([7, 8, 9]);
    expect(found.tokenizer.encode('red giraffe').ids).toEqual([
      vocabulary.idOf('▁red'),
      vocabulary.idOf('▁giraffe'),
    ]);
  });

  test('what cannot be is an error', () => {
    const other = { ...config, tokenizer: { ...config.tokenizer, kind: 'bpe' as const } };
    expect(() => withKnownWords(other, words, { width: 3, vectors: known })).toThrow(
      /tokenizer\.kind "word", not "bpe"/,
    );
    expect(() => withKnownWords(config, words, { width: 3, vectors: new Map() })).toThrow(/not one word/);
  });
});

describe('the embedding', () => {
  const values = Float32Array.from({ length: 12 }, (_, i) => i + 1);
  const embed = (embedding: { fixed: boolean; unknown: 'learned' | 'averaged' }, ids: number[][]) => {
    const module = new WordEmbedding({ width: 3, known: 4, ...embedding }, 9, randomSource(1));
    module.assignKnown(values);
    const found = tf.tidy(() => module.lookUp(tf.tensor2d(ids, undefined, 'int32')).arraySync());
    const trainable = [...module.namedParameters()]
      .filter(([, { trainable }]) => trainable)
      .map(([name]) => name);
    module.dispose();
    return { found, trainable };
  };

  test('has the vectors of known words as they are, and small ones for the others', () => {
    const { found, trainable } = embed({ fixed: true, unknown: 'learned' }, [
      [5, 8],
      [1, 0],
    ]);
    expect(found[0]).toEqual([
      [1, 2, 3],
      [10, 11, 12],
    ]);
    for (const value of (found[1] as number[][]).flat()) expect(Math.abs(value)).toBeLessThanOrEqual(0.05);
    expect(trainable).toEqual(['learned']);
    expect(embed({ fixed: false, unknown: 'learned' }, [[5]]).trainable).toEqual(['learned', 'known']);
  });

  test('averages over the known words within four, where a word is unknown', () => {
    const column = [5, 1, 1, 1, 1, 1, 8, 1];
    const { found, trainable } = embed(
      { fixed: true, unknown: 'averaged' },
      column.map((id) => [id, 0]),
    );
    const rows = found.map(([first]) => first);
    expect(rows[0]).toEqual([1, 2, 3]);
    expect(rows[1]).toEqual([1, 2, 3]);
    expect(rows[3]).toEqual([5.5, 6.5, 7.5]);
    expect(rows[5]).toEqual([10, 11, 12]);
    expect(found.map(([, second]) => second)).toEqual(column.map(() => [0, 0, 0]));
    expect(trainable).toEqual([]);
  });
});
