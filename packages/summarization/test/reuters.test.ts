import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseReuters } from '../src/data/reuters.js';

const story = (
  { split = 'TRAIN', type = '' }: { split?: string; type?: string },
  text: string,
  id = 7,
) => `<REUTERS TOPICS="YES" LEWISSPLIT="${split}" CGISPLIT="TRAINING-SET" OLDID="1" NEWID="${id}">
<DATE>26-FEB-1987 15:01:01.79</DATE><TOPICS><D>cocoa</D></TOPICS>
<UNKNOWN>
&#5;&#5;&#5;C T
&#22;&#22;&#1;f0704&#31;reute</UNKNOWN>
<TEXT${type && ` TYPE="${type}"`}>&#2;
${text}</TEXT>
</REUTERS>
`;
const normal = (title: string, body: string) =>
  `<TITLE>${title}</TITLE>\n<AUTHOR>    By A. Writer, Reuters</AUTHOR>\n<DATELINE>    OSLO, Feb 26 - </DATELINE><BODY>${body}\n Reuter\n&#3;</BODY>`;
const parse = (...stories: string[]) =>
  parseReuters('reut2-000.sgm', `<!DOCTYPE lewis SYSTEM "lewis.dtd">\n${stories.join('')}`);

describe('a file of Reuters-21578', () => {
  test('bodies and titles without markup, entities and control characters, by LEWISSPLIT', () => {
    const splits = parse(
      story({}, normal('OIL &lt;SRD> UP', 'Standard Oil &lt;SRD> of AT&amp;T\nrose.\n    It fell.')),
      story({ split: 'TEST' }, normal('****CO******', 'A body.\n REUTER')),
      story({ split: 'NOT-USED' }, normal('LATE', 'Another.')),
    );
    expect([...splits.keys()]).toEqual(['train', 'test', 'unused']);
    expect(splits.get('train')?.articles).toEqual([
      { text: 'Standard Oil <SRD> of AT&T rose. It fell.', headline: 'OIL <SRD> UP' },
    ]);
    expect(splits.get('test')?.articles).toEqual([{ text: 'A body.', headline: 'CO' }]);
  });

  test('briefs, unformatted stories and those without a title are counted', () => {
    const splits = parse(
      story({ type: 'BRIEF' }, '******<TITLE>JUST A TITLE\n</TITLE>Blah.&#3;'),
      story({ type: 'UNPROC' }, 'SHR 4 CTS\n   all in one\n&#3;'),
      story({}, '<TITLE>NO BODY</TITLE>'),
      story({}, '<BODY>No title.</BODY>'),
    );
    expect(splits.get('train')?.articles).toEqual([]);
    expect([...(splits.get('train')?.skipped ?? [])]).toEqual([
      ['no body (a headline alone)', 2],
      ['unformatted text', 1],
      ['empty article or headline', 1],
    ]);
  });

  test('any text survives being written as SGML', () => {
    const asMarkup = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
    const anyText = fc.string({ unit: fc.constantFrom(...'ab1<>&;#"\'/!-[]é ') }).map((text) => `X${text}X`);
    fc.assert(
      fc.property(anyText, anyText, (title, body) => {
        const [article] =
          parse(story({}, normal(asMarkup(title), asMarkup(body)))).get('train')?.articles ?? [];
        expect(article).toEqual({ headline: title.replace(/\s+/g, ' '), text: body.replace(/\s+/g, ' ') });
      }),
    );
  });

  test('a body of many blanks is read in no time', () => {
    const body = `A.${' '.repeat(200_000)}B. Reuter  REUTERS`;
    const [article] = parse(story({}, normal('T', body), 1)).get('train')?.articles ?? [];
    expect(article?.text).toBe('A. B.');
  });

  test('what is wrong is told with the story', () => {
    const whole = story({}, normal('A', 'B'), 11);
    expect(() => parse(whole, whole.replace('"11"', '"12"').slice(0, -15))).toThrow(
      /reut2-000\.sgm: it ends within the story with NEWID 12/,
    );
    expect(() => parse(story({ split: 'DEV' }, normal('A', 'B'), 3))).toThrow(
      /the story with NEWID 3 has the LEWISSPLIT "DEV"/,
    );
    expect(() => parseReuters('x.sgm', 'just text')).toThrow(/x\.sgm: no REUTERS element/);
    expect(() => parseReuters('x.sgm', '')).toThrow(/x\.sgm: no REUTERS element/);
  });
});
