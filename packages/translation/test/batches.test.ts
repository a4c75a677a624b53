import { useBackend } from '@heed/backend';
import { trainBpe, trainWordTokenizer } from '@heed/text';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { segmentAnew, toTranslationBatch } from '../src/batches.js';
import { type EncodedPair, encodePairs, epochBatches } from '../src/index.js';

beforeAll(async () => void (await useBackend()));

const ids = (length: number) => new Int32Array(length).fill(7);
const side = fc.integer({ min: 1, max: 12 }).map(ids);
const pairs = fc.array(fc.record({ text: fc.constant(''), source: side, target: side }), { maxLength: 400 });
const order = { batchTokens: fc.integer({ min: 1, max: 60 }), seed: fc.integer(), epoch: fc.nat(1000) };

const longest = (batch: readonly EncodedPair[]) =>
  Math.max(...batch.map(({ source, target }) => Math.max(source.length, target.length) + 1));

/** Pairs of sentences as long as those of real text. */
function somePairs(count: number): EncodedPair[] {
  return Array.from({ length: count }, (_, i) => {
    const length = 3 + ((i * 7919) % 28);
    return { text: '', source: ids(length), target: ids(length + (i % 3)) };
  });
}

describe('the batches of an epoch', () => {
  test('hold every pair exactly once, within the token limit, for any seed and epoch', () => {
    fc.assert(
      fc.property(pairs, fc.record(order), (pairs, options) => {
        const before = [...pairs];
        const batches = epochBatches(pairs, options);
        expect(pairs).toEqual(before);
        const counts = new Map<EncodedPair, number>();
        for (const pair of batches.flat()) counts.set(pair, (counts.get(pair) ?? 0) + 1);
        expect(counts.size).toBe(pairs.length);
        expect(batches.flat()).toHaveLength(pairs.length);
        for (const pair of pairs) expect(counts.get(pair)).toBe(1);
        for (const batch of batches) {
          expect(batch.length).toBeGreaterThan(0);
          if (batch.length > 1)
            expect(longest(batch) * batch.length).toBeLessThanOrEqual(options.batchTokens);
        }
      }),
    );
  });

  test('are the same for the same seed and epoch', () => {
    fc.assert(
      fc.property(pairs, fc.record(order), (pairs, options) => {
        const [once, again] = [epochBatches(pairs, options), epochBatches(pairs, options)];
        expect(again).toHaveLength(once.length);
        once.forEach((batch, i) => {
          batch.forEach((pair, row) => void expect(again[i]?.[row]).toBe(pair));
        });
      }),
    );
  });

  test('differ by epoch and by seed, in order and in what stands together', () => {
    const pairs = somePairs(500);
    const numbers = new Map(pairs.map((pair, i) => [pair, i]));
    const made = ([seed, epoch]: [number, number]) =>
      epochBatches(pairs, { batchTokens: 200, seed, epoch }).map((batch) =>
        batch.map((pair) => numbers.get(pair)),
      );
    const all = (
      [
        [1, 0],
        [1, 1],
        [1, 2],
        [2, 0],
        [2, 1],
      ] as [number, number][]
    ).map(made);
    expect(new Set(all.map((batches) => JSON.stringify(batches))).size).toBe(5);
    const together = all.map((batches) => new Set(batches.map((batch) => JSON.stringify([...batch].sort()))));
    for (const other of together.slice(1)) {
      const shared = [...other].filter((batch) => together[0]?.has(batch));
      expect(shared.length).toBeLessThan(other.size / 2);
    }
  });

  test('put pairs of like length together, and do not come sorted by length', () => {
    const batches = epochBatches(somePairs(5000), { batchTokens: 1000, seed: 1, epoch: 0 });
    const padded = batches.reduce((sum, batch) => sum + batch.length * longest(batch), 0);
    const used = batches.flat().reduce((sum, pair) => sum + longest([pair]), 0);
    expect(used / padded).toBeGreaterThan(0.9);
    const lengths = batches.map(longest);
    const rises = lengths.filter((length, i) => i > 0 && length > (lengths[i - 1] as number)).length;
    expect(rises).toBeGreaterThan(lengths.length / 5);
    expect(rises).toBeLessThan((lengths.length * 4) / 5);
  });

  test('a pair that is longer than the limit is a batch of its own; no pairs are no batches', () => {
    const pairs = [{ text: '', source: ids(100), target: ids(3) }, ...somePairs(3)];
    const batches = epochBatches(pairs, { batchTokens: 40, seed: 1, epoch: 0 });
    expect(batches.find((batch) => batch.includes(pairs[0] as EncodedPair))).toHaveLength(1);
    expect(epochBatches([], { batchTokens: 40, seed: 1, epoch: 0 })).toEqual([]);
  });
});

describe('padding', () => {
  test('inputs begin where targets end: one step apart', () => {
    const pairs = [
      { source: Int32Array.of(9), target: Int32Array.of(5, 6) },
      { source: Int32Array.of(8, 7), target: Int32Array.of(4) },
    ];
    const { source, inputs, targets } = toTranslationBatch(pairs, { begin: 2, end: 3 });
    expect(source.arraySync()).toEqual([
      [9, 8],
      [3, 7],
      [0, 3],
    ]);
    expect(inputs.arraySync()).toEqual([
      [2, 2],
      [5, 4],
      [6, 0],
    ]);
    expect(targets.arraySync()).toEqual([
      [5, 4],
      [6, 3],
      [3, 0],
    ]);
    tf.dispose([source, inputs, targets]);
  });
});

describe('encoding', () => {
  const tokenizer = trainWordTokenizer(['un deux trois quatre one two three four'], { vocabularySize: 20 });
  const options = { maximumLength: 3, reverseSource: false };

  test('leaves out what is empty or too long on either side, and counts it', () => {
    const { pairs, leftOut } = encodePairs(
      [
        { source: 'un deux', target: 'one two' },
        { source: '', target: 'one' },
        { source: 'un', target: '  ' },
        { source: 'un deux trois quatre', target: 'one' },
        { source: 'un', target: 'one two three four' },
        { source: 'un deux trois', target: 'one two three' },
      ],
      tokenizer,
      options,
    );
    expect(leftOut).toBe(4);
    expect(pairs.map(({ source, target }) => [tokenizer.decode(source), tokenizer.decode(target)])).toEqual([
      ['un deux', 'one two'],
      ['un deux trois', 'one two three'],
    ]);
  });

  test('turns the source around where the network reads it so, and never the target', () => {
    const { pairs } = encodePairs([{ source: 'un deux trois', target: 'one two three' }], tokenizer, {
      ...options,
      reverseSource: true,
    });
    const [{ source, target } = { source: [], target: [] }] = pairs;
    expect([...source].reverse()).toEqual(tokenizer.encode('un deux trois').ids);
    expect([...target]).toEqual(tokenizer.encode('one two three').ids);
  });
});

describe('sources cut into other byte pairs', () => {
  const texts = ['la petite fille chante', 'le petit chat chante', 'la fille et le chat'];
  const tokenizer = trainBpe(texts, { vocabularySize: 60 });
  const { pairs } = encodePairs(
    texts.map((text) => ({ source: text, target: text })),
    tokenizer,
    { maximumLength: 50, reverseSource: false },
  );
  const options = { dropout: 0.5, seed: 4, reverseSource: false };

  test('say the same, in more tokens, and leave the targets alone', () => {
    const cut = segmentAnew(pairs, tokenizer, options);
    expect(cut.map(({ source }) => tokenizer.decode(source))).toEqual(texts);
    expect(cut.map(({ target }) => target)).toEqual(pairs.map(({ target }) => target));
    const count = (of: readonly EncodedPair[]) => of.reduce((sum, { source }) => sum + source.length, 0);
    expect(count(cut)).toBeGreaterThan(count(pairs));
  });

  test('depend on the seed, and are reversed where the network reads so', () => {
    const sources = (of: readonly EncodedPair[]) => of.map(({ source }) => [...source]);
    const cut = sources(segmentAnew(pairs, tokenizer, options));
    expect(sources(segmentAnew(pairs, tokenizer, options))).toEqual(cut);
    expect(sources(segmentAnew(pairs, tokenizer, { ...options, seed: 5 }))).not.toEqual(cut);
    const reversed = segmentAnew(pairs, tokenizer, { ...options, reverseSource: true });
    expect(sources(reversed)).toEqual(cut.map((source) => source.toReversed()));
  });
});
