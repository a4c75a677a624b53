import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { isJsonLines, parseJsonLines } from '../src/index.js';

const schema = z
  .union([z.object({ a: z.string() }), z.object({ of: z.object({ a: z.string() }) })])
  .and(z.object({ split: z.string().nullish() }));
const parse = (...lines: readonly string[]) => [...parseJsonLines(schema, 'f.jsonl', lines, 'no thing.')];

test('records come with their lines, and blank lines are passed over', () => {
  const found = parse('', '{"a":"x"}', ' \t', '{"a":"y","split":null}');
  expect(found).toEqual([
    { record: { a: 'x' }, place: 'f.jsonl, line 2', line: 2 },
    { record: { a: 'y', split: null }, place: 'f.jsonl, line 4', line: 4 },
  ]);
});

describe('a line that holds no record is an error that names what is wrong with it', () => {
  test.each<[string, string | RegExp]>([
    ['{"b":"x"}', 'no thing.'],
    ['3', 'no thing.'],
    ['{"a":"x"', /not JSON \(.*\)\. Expected one object a line\.$/],
    ['{', /not JSON .*Expected one object a line\.$/],
    ['[{"a":"x"}]', 'a JSON array. Expected one object a line.'],
    ['{"a":"x","split":3}', '"split" is 3. Expected a value of type string.'],
    ['{"a":null}', '"a" is null. Expected a value of type string.'],
    ['{"of":{"a":1}}', '"of.a" is 1. Expected a value of type string.'],
    [`{"a":[${'1,'.repeat(99)}1]}`, /"a" is \[[1,]{59}…\. Expected/],
  ])('%s', (line, message) => {
    expect(() => parse('{"a":"x"}', line)).toThrow(message);
    expect(() => parse('{"a":"x"}', line)).toThrow(/^f\.jsonl, line 2: /);
  });
});

test('JSON Lines are told by the ending, or else by the first character that is not blank', () => {
  for (const file of ['f.jsonl', 'f.ndjson.gz', 'f.JSON']) expect(isJsonLines(file, ['x\ty'])).toBe(true);
  for (const file of ['f.tsv', 'f.csv.gz']) expect(isJsonLines(file, ['{x}\ty'])).toBe(false);
  expect(isJsonLines('f.txt', ['', ' ', '{"a":1}'])).toBe(true);
  expect(isJsonLines('f.txt', ['x\ty'])).toBe(false);
  expect(isJsonLines('f', [])).toBe(false);
});
