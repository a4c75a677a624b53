import { describe, expect, it } from 'vitest';
import { compileNormalizer, defaultNormalizer } from '../src/normalizer.js';

describe('the default normalizer', () => {
  const normalize = compileNormalizer(defaultNormalizer());

  it.each([
    ['cafe\u0301', 'caf\u00e9'],
    ['50\u00a0%\u202f!\t\r\n\u2028x', '50 % ! x'],
    ['  both ends\u3000\u0085', 'both ends'],
    ['aujourd\u2019hui d\u02bcun', "aujourd'hui d'un"],
    ['a▁b', 'a b'],
    ['\ufeffmark\u200b', '\ufeffmark\u200b'],
    ['\ud83d', '\ufffd'],
    ['\u{1f600}', '\u{1f600}'],
    ['Dog', 'Dog'],
    ['', ''],
  ])('makes %j %j', (text, expected) => {
    expect(normalize(text)).toBe(expected);
    expect(normalize(expected)).toBe(expected);
  });

  it('lowers case character by character when asked to', () => {
    expect(compileNormalizer(defaultNormalizer({ lowercase: true }))('ÉCOLE ΟΔΟΣ')).toBe('école οδοσ');
  });
});

describe('other normalizers', () => {
  it('may be none, or one alone', () => {
    expect(compileNormalizer(null)(' A\u00a0')).toBe(' A\u00a0');
    expect(compileNormalizer({ type: 'Strip', strip_left: true, strip_right: true })('\u0085 \ufeffa ')).toBe(
      '\ufeffa',
    );
  });

  it('take the content of a Replace as it is', () => {
    expect(compileNormalizer({ type: 'Replace', pattern: { String: '.' }, content: '$&' })('a.b.')).toBe(
      'a$&b$&',
    );
  });
});
