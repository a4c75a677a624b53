import { cider, referenceSets } from '@heed/evaluation';
import { expect, test } from 'vitest';
import { captionRewards } from '../src/self-critical.js';

const captions = [
  ['a dog runs fast', 'the dog runs'],
  ['a cat sleeps', 'one cat is asleep'],
  ['two men talk', 'men talk on a bench'],
];

test('a caption is rewarded by CIDEr-D, its end counted as a word', () => {
  const ended = captions.map((ofImage) => ofImage.map((caption) => `${caption} endofcaption`));
  const metric = cider(referenceSets(ended), { tokenize: 'none' });
  const reward = captionRewards(captions, 0);
  expect(reward(0, 'a dog sleeps')).toBe(metric.count('a dog sleeps endofcaption', ended[0] as string[])[0]);
  expect(reward(0, 'a dog')).toBeLessThan(reward(0, 'a dog runs fast'));
  expect(reward(1, 'two men talk')).toBeLessThan(reward(2, 'two men talk'));
});

test('BLEU counts beside it as much as it is asked to', () => {
  const [plain, both] = [captionRewards(captions, 0), captionRewards(captions, 2)];
  // What someone said word for word has a BLEU of 1, whatever the order.
  expect(both(1, 'a cat sleeps') - plain(1, 'a cat sleeps')).toBeCloseTo(2, 6);
  // Of "a cat barks" and its end: 3 of 4 words, 1 of 3 pairs, no three words in a row.
  const mean = (3 / 4 + Math.sqrt((3 / 4) * (1 / 3))) / 4;
  expect(both(1, 'a cat barks') - plain(1, 'a cat barks')).toBeCloseTo(2 * mean, 3);
});
