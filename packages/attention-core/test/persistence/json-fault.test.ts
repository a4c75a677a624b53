import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonFault } from '../../src/persistence/json-fault.js';

describe('jsonFault', () => {
  it.each([
    ['{"a": }', 'an unexpected "}" at line 1, column 7'],
    ['{"a":1,\n "b" 2}', 'an unexpected "2" at line 2, column 6'],
    ['[1,\n2,]', 'an unexpected "]" at line 2, column 3'],
    ['{"a":1,}', 'an unexpected "}" at line 1, column 8'],
    ['[01]', 'an unexpected "1" at line 1, column 3'],
    ['[1.e3]', 'an unexpected "e" at line 1, column 4'],
    ['["a\nb"]', 'an unexpected "\\n" at line 1, column 4'],
    ['"\\u00g0"', 'an unexpected "g" at line 1, column 6'],
    ['{"a":[1,2', 'an unexpected end at line 1, column 10'],
    ['', 'an unexpected end at line 1, column 1'],
    ['{} {}', 'an unexpected "{" at line 1, column 4'],
    ['[}', 'an unexpected "}" at line 1, column 2'],
    ['{"a":1]', 'an unexpected "]" at line 1, column 7'],
    ['\ufeff{}', 'an unexpected "\ufeff" at line 1, column 1'],
    ['{"a":1,"b":{"a":2},\n"\\u0061":3}', 'the key "a" twice at line 2, column 1'],
    ['[NaN]', 'an unexpected "N" at line 1, column 2'],
  ])('names what is wrong with %j, and where', (text, fault) => {
    expect(jsonFault(text)).toBe(fault);
  });

  it('agrees with JSON.parse on what is JSON', () => {
    const document = fc
      .tuple(fc.json({ maxDepth: 3 }), fc.constantFrom(0, 1, 2))
      .map(([text, space]) => JSON.stringify(JSON.parse(text), null, space));
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '\\',
      '0',
      '-',
      '.',
      'e',
      'u',
      't',
      '\n',
      '\u00a0',
      '\0',
    );
    const mutated = fc
      .tuple(document, fc.nat(), fc.nat({ max: 2 }), fc.oneof(piece, fc.constant('')))
      .map(([text, at, removed, added]) => {
        const offset = at % (text.length + 1);
        return text.slice(0, offset) + added + text.slice(offset + removed);
      });
    fc.assert(
      fc.property(fc.oneof(document, mutated), (text) => {
        const fault = jsonFault(text);
        if (fault?.startsWith('the key')) return;
        expect(fault === undefined).toBe(isJson(text));
      }),
      { numRuns: 600 },
    );
  });

  it('stands any length, and any nesting of which it refuses what is too deep', () => {
    const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
    expect(jsonFault(nested(500))).toBeUndefined();
    expect(jsonFault(nested(200_000))).toBe(
      'more than 500 objects and lists in one another at line 1, column 502',
    );
    expect(jsonFault('1'.repeat(1_000_000))).toBeUndefined();
    expect(jsonFault(`"${'a\\n'.repeat(500_000)}"`)).toBeUndefined();
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
