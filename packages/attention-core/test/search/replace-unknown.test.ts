import { describe, expect, it } from 'vitest';
import { replaceUnknown } from '../../src/search/replace-unknown.js';

describe('replaceUnknown', () => {
  const sourceWords = ['Ada', 'wohnt', 'in', 'Ulm'];
  const words = ['<unk>', 'lives', 'in', '<unk>'];
  // The last column is padding.
  const weights = [
    [0.7, 0.1, 0.1, 0.1, 0],
    [0.1, 0.7, 0.1, 0.1, 0],
    [0.1, 0.1, 0.7, 0.1, 0],
    [0.1, 0.2, 0.1, 0.25, 0.35],
  ];

  it('puts the source word with the most weight, or its translation', () => {
    expect(replaceUnknown(words, weights, sourceWords, { unknown: '<unk>' })).toEqual([
      'Ada',
      'lives',
      'in',
      'Ulm',
    ]);
    const dictionary = new Map([
      ['Ulm', 'Ulm (Danube)'],
      ['in', 'at'],
    ]);
    expect(replaceUnknown(words, weights, sourceWords, { unknown: '<unk>', dictionary })).toEqual([
      'Ada',
      'lives',
      'in',
      'Ulm (Danube)',
    ]);
  });

  it('refuses what does not fit together', () => {
    expect(() => replaceUnknown(words, [], sourceWords, { unknown: '<unk>' })).toThrow('got 0 for 4');
    expect(() => replaceUnknown(words, weights, [], { unknown: '<unk>' })).toThrow('no source word');
  });
});
