import { sentenceKey } from '@heed/text';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withoutOverlap } from '../src/data/parallel-overlap.js';

const pair = (source: string, target: string) => ({ source, target });

test('drops a pair whose source or target is held out, whatever its case, punctuation and spaces', () => {
  const heldOut = [pair('Cours\u202f!', 'Run!'), pair("L'homme dort.", 'The man sleeps.')];
  const train = [
    pair('Fuyez !', 'run'),
    pair('l’homme dort', 'A man is asleep.'),
    pair('cours', 'Go!'),
    pair('Run!', 'Cours !'),
    pair('Il dort.', 'He sleeps.'),
  ];
  expect(withoutOverlap(train, heldOut)).toEqual({ pairs: [train[3], train[4]], dropped: 3 });
});

test('sentences of punctuation alone overlap only with their like', () => {
  const train = [pair('?', '?'), pair('!', '!')];
  expect(withoutOverlap(train, [pair('...', '!')])).toEqual({ pairs: [train[0]], dropped: 1 });
});

test('nothing is left in common, and nothing else is dropped', () => {
  const sentence = fc.string({ unit: fc.constantFrom('a', 'B', 'é', ' ', '.', '!'), maxLength: 3 });
  const pairs = fc.array(fc.record({ source: sentence, target: sentence }));
  fc.assert(
    fc.property(pairs, pairs, (train, heldOut) => {
      const kept = withoutOverlap(train, heldOut);
      const leaks = train.filter((one) =>
        heldOut.some(
          (other) =>
            sentenceKey(one.source) === sentenceKey(other.source) ||
            sentenceKey(one.target) === sentenceKey(other.target),
        ),
      );
      expect(kept.pairs).toEqual(train.filter((one) => !leaks.includes(one)));
      expect(kept.dropped).toBe(leaks.length);
    }),
  );
});
