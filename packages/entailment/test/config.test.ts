import { describe, expect, test } from 'vitest';
import { entailmentPresets, parseEntailmentConfig } from '../src/index.js';
import { smallConfig } from './small-classifier.js';

describe('presets', () => {
  test.each(Object.entries(entailmentPresets))('%s is a configuration, and survives JSON', (name, preset) => {
    expect(parseEntailmentConfig(JSON.parse(JSON.stringify(preset)), name)).toEqual(preset);
  });

  test('the papers’ variants differ in their switches alone', () => {
    const { network, ...rest } = entailmentPresets['rocktaschel2016-lstms'];
    for (const [name, { network: other, ...others }] of Object.entries(entailmentPresets)) {
      if (!name.startsWith('rocktaschel2016')) continue;
      expect(others).toEqual(rest);
      const { encoding, attention, twoWay } = other;
      expect({ ...network, encoding, attention, twoWay }).toEqual(other);
      expect(twoWay).toBe(name.endsWith('-two-way'));
    }
  });
});

test.each([
  [{ bidirectional: true }, /^here: network\.bidirectional: conditional encoding reads in one direction/],
  [
    { attention: 'match' },
    /^here: network\.encoding: the attention match compares sentences that were read apart/,
  ],
  [{ attention: 'alignment', encoding: 'apart', twoWay: true }, /^here: network\.twoWay: .* looks both ways/],
  [{ units: 0 }, /^here: network\.units: /],
] as const)('what does not go together is named: %o', (changes, message) => {
  expect(() => parseEntailmentConfig(smallConfig(changes), 'here')).toThrow(message);
});
