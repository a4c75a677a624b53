import { describe, expect, test } from 'vitest';
import { findColumn, parseTable } from '../src/index.js';

describe('parseTable', () => {
  test.each([
    ['commas', 'A,b\n1,"x, ""y"""\n\n2,z'],
    ['tabs', 'A\tb\n1\tx, "y"\n\n2\tz'],
    [
      'tabs, with a byte order mark, CRLF and cells in quotes',
      '\ufeffA\t"b"\r\n1\t"x, ""y"""\r\n\r\n2\tz\r\n',
    ],
    ['semicolons', 'A;b\n1;"x, ""y"""\n\n2;z'],
    ['bars', 'A| b\n1| x, "y"\n\n2| z'],
  ])('between %s', (_, text) => {
    const rows = parseTable('t', text, 'things');
    expect(rows.map(({ cells }) => ({ ...cells }))).toEqual([
      { a: '1', b: 'x, "y"' },
      { a: '2', b: 'z' },
    ]);
    expect(rows.map(({ line }) => line)).toEqual([2, 4]);
    expect(findColumn(rows, ['c', 'b', 'a'])).toBe('b');
  });

  test('tabs go before commas, but in a file called .csv', () => {
    expect(parseTable('t.tsv', 'a\tb, c\n1\t2', 'things')[0]?.cells).toEqual({ a: '1', 'b, c': '2' });
    expect(parseTable('t.csv', 'a,b\tc\n1,2', 'things')[0]?.cells).toEqual({ a: '1', 'b\tc': '2' });
  });

  test('the header is the first line that is not blank, and rows without anything in them are passed over', () => {
    const rows = parseTable('t.tsv', ' \n\t\n a, b\tc\n1\t2\n\t\n3\t4', 'things');
    expect(rows.map(({ cells, line }) => [{ ...cells }, line])).toEqual([
      [{ 'a, b': '1', c: '2' }, 4],
      [{ 'a, b': '3', c: '4' }, 6],
    ]);
    expect(parseTable('t.csv', '\ufeff\r\na;b\r\n1;2', 'things')[0]?.cells).toEqual({ a: '1', b: '2' });
    expect(parseTable('t.csv', '\n \n', 'things')).toEqual([]);
  });

  test('two columns of one name are an error that names it, unless that is empty', () => {
    expect(() => parseTable('t.csv', 'a,b,A\n1,2,3', 'things')).toThrow(
      /^t\.csv: two columns are called "a"/,
    );
    expect(parseTable('t.csv', 'a,,\n1,,', 'things')[0]?.cells.a).toBe('1');
  });

  test('an empty cell between tabs stays one, and a quotation mark alone is a character', () => {
    expect(parseTable('t', 'a\tb\tc\n\t"x\ty', 'things')[0]?.cells).toEqual({ a: '', b: '"x', c: 'y' });
    expect(findColumn([], ['a'])).toBeUndefined();
  });

  test.each([
    ['a cell too many', 'a,b\n1,2,3'],
    ['a cell too few', 'a\tb\n1'],
    ['a quote that does not end', 'a,b\n1,"2'],
  ])('%s is an error that names the line', (_, text) => {
    expect(() => parseTable('t.csv', text, 'things')).toThrow(/^t\.csv: not a table of things: .*line 2/);
  });
});
