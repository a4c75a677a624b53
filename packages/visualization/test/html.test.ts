import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderArticle, renderHtml } from '../src/index.js';
import { anyKindOfTrace, example, harmless, makeTrace, pictureExample, recordingExample } from './trace.js';

const attack = makeTrace(
  ['<script>alert(1)</script>', '"><img src=x onerror=alert(1)>'],
  ["'&amp;", '\x1b[31m</svg>'],
  [
    [0.5, 0.5],
    [1, 0],
  ],
  { model: '</h2><script>', score: -1.25 },
);

describe('renderHtml', () => {
  it('lists each sentence with its translation, its matrix and a table', () => {
    const page = renderHtml([example, attack]);
    expect(page.match(/<article/gu)).toHaveLength(2);
    expect(page).toContain('<button type="button">chien</button>');
    expect(page).toContain('<tr><th scope="row">dog</th><td>0.25</td><td>0.75</td><td>0.00</td></tr>');
    expect(page).toContain('<article data-weights="[[1,0,0],[0.25,0.75,0],[0,0.5,0.5]]">');
    expect(page).toContain('class="cell w75"');
    expect(page).toContain('<h2>2 of 2 · &lt;/h2&gt;&lt;script&gt; · score −1.25</h2>');
  });

  it('gives each article by itself, with the figure that was asked for', () => {
    const article = renderArticle(attack, { figure: 'lines' });
    expect(article).toMatch(/^<article [\s\S]*<\/article>$/u);
    expect(article.match(/class="cell link"/gu)).toHaveLength(4);
    expect(article).not.toMatch(/<script|<img|onerror=alert\(1\)>| style=/u);
    expect(renderHtml([example])).toContain(renderArticle(example, { place: '1 of 1' }));
  });

  it('shades the words of an article that its headline looked at', () => {
    const headline = { ...example, task: 'summarization' } as const;
    const [first, second, third] = renderArticle(headline).match(/<button[^>]*>/gu) ?? [];
    expect([first, second, third]).toEqual(
      [100, 75, 50].map((weight) => `<button type="button" class="w${weight}" data-rest="w${weight}">`),
    );
    expect(renderArticle(example)).not.toContain('data-rest');
  });

  it('allows by its policy the one style and the one script it has, and nothing else', () => {
    const page = renderHtml([attack]);
    const policy = /Content-Security-Policy" content="([^"]*)"/u.exec(page)?.[1];
    const hashOf = (element: string) => {
      const [found, ...more] = page.matchAll(new RegExp(`<${element}>([\\s\\S]*?)</${element}>`, 'gu'));
      expect(more).toEqual([]);
      return createHash('sha256').update(found![1]!).digest('base64');
    };
    expect(policy).toBe(
      `default-src 'none'; style-src 'sha256-${hashOf('style')}'; script-src 'sha256-${hashOf('script')}'; ` +
        "base-uri 'none'; form-action 'none'",
    );
    expect(page).not.toMatch(/ style=|https?:\/\/(?!www\.w3\.org\/2000\/svg")/u);
  });

  it('lets pictures in only where one is shown, and only from the page itself', () => {
    for (const trace of [pictureExample, recordingExample]) {
      const page = renderHtml([example, trace]);
      expect(page).toContain("; img-src data:; base-uri 'none'");
      const sources = [...page.matchAll(/ (?:href|src)="([^"]*)"/gu)].map(([, source]) => source!);
      expect(sources.length).toBeGreaterThan(0);
      expect(sources.filter((source) => !/^(?:data:image\/png;base64,|#)/u.test(source))).toEqual([]);
      expect(page).not.toContain(' style=');
    }
  });

  it('names every kind of trace, its label and what can be done with it', () => {
    const decided = { ...example, label: { name: 'no', probabilities: { yes: 0.25, no: 0.75 } } };
    const page = renderHtml([decided, pictureExample, recordingExample]);
    expect(page).toContain('<dt>Label</dt><dd class="label" lang="" dir="auto">no 0.75 · yes 0.25</dd>');
    expect(page).toContain('<dt>Picture</dt><dd class="input" lang="" dir="auto">dog.png</dd>');
    expect(page).toContain('<dt>Recording</dt><dd class="input" lang="" dir="auto">hi.wav, 2.00 s</dd>');
    expect(page.match(/<p>/gu)).toHaveLength(3);
    expect(page.match(/class="part"/gu)).toHaveLength(4);
    expect(page).toContain(
      '<tr><th scope="row">a</th><td>0.25</td><td>row 1, column 2 (1.00)</td><td>row 1, column 1 (0.00)</td>',
    );
    expect(page).toContain(
      '<tr><th scope="row">AY</th><td>1.60 s</td><td>2.00 s</td><td>1.70 s</td><td>0.500</td></tr>',
    );
  });

  it('escapes whatever the tokens, names and labels are', () => {
    const elementsOf = (page: string) => [...page.matchAll(/<[a-z!/][^\s>]*/giu)].map(([tag]) => tag);
    fc.assert(
      fc.property(anyKindOfTrace, (trace) => {
        const page = renderHtml([trace]);
        expect(elementsOf(page)).toEqual(elementsOf(renderHtml([harmless(trace)])));
        expect(page).not.toMatch(/(?!\n)\p{Cc}|\p{Cs}/u);
      }),
      { numRuns: 60 },
    );
  });

  it('holds a script that parses', () => {
    const [, script] = /<script>([\s\S]*?)<\/script>/u.exec(renderHtml([]))!;
    expect(() => new Function(script!)).not.toThrow();
  });
});
