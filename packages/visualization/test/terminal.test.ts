import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { renderTerminal } from '../src/index.js';
import { anyKindOfTrace, example, makeTrace, squareTrace } from './trace.js';

describe('renderTerminal', () => {
  it('draws the words, the shades and the strongest word', () => {
    expect(renderTerminal(example, { columns: 80, colors: false }).split('\n')).toEqual([
      '     Un',
      '     │ chien',
      '     │ │ court',
      '   A ██ · ·  ← Un 1.00',
      ' dog ░░▓▓ ·  ← chien 0.75',
      'runs  ·▒▒▒▒  ← chien 0.50',
    ]);
  });

  it('says the same in colour', () => {
    const colored = renderTerminal(example, { columns: 80, colors: true });
    expect(colored).toContain('\x1b[48;2;245;249;146m  \x1b[49m');
    expect(stripVTControlCharacters(colored)).toBe(
      renderTerminal(example, { columns: 80, colors: false }).replace(/[░▒▓█·]/gu, ' '),
    );
  });

  it('lines up wide, joined and combining characters', () => {
    const trace = makeTrace(
      ['x', 'y'],
      ['東京', 'e\u0301', '👩‍👩‍👧'],
      [
        [1, 0],
        [1, 0],
        [1, 0],
      ],
    );
    expect(renderTerminal(trace, { columns: 80, colors: false }).split('\n').slice(2)).toEqual([
      '東京 ██ ·  ← x 1.00',
      '   e\u0301 ██ ·  ← x 1.00',
      '  👩‍👩‍👧 ██ ·  ← x 1.00',
    ]);
  });

  it('cuts a matrix that is too wide, and names each strongest word once', () => {
    const drawn = renderTerminal(squareTrace(30), { columns: 50, colors: false });
    const blocks = drawn.split('\n\n');
    expect(blocks).toHaveLength(3);
    expect(drawn.match(/←/gu)).toHaveLength(30);
    expect(blocks[1]!.split('\n').filter((line) => line.includes('←'))[0]).toContain('← word14 1.00');
  });

  it('says what was decided below', () => {
    const label = { name: 'neutral', probabilities: { entailment: 0.1, neutral: 0.7, contradiction: 0.2 } };
    const lines = renderTerminal({ ...example, label }, { columns: 80, colors: false }).split('\n');
    expect(lines.slice(-2)).toEqual(['', 'neutral 0.70 · contradiction 0.20 · entailment 0.10']);
  });

  it('draws nothing of nothing', () => {
    expect(renderTerminal(makeTrace([], [], []), { columns: 80, colors: true })).toBe('');
  });

  it('never passes the width or lets a control character through, whatever the tokens', () => {
    fc.assert(
      fc.property(anyKindOfTrace, fc.integer({ min: 24, max: 120 }), (trace, columns) => {
        const plain = renderTerminal(trace, { columns, colors: false });
        expect(plain).not.toMatch(/(?!\n)\p{Cc}|\p{Cs}/u);
        for (const line of plain.split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
        const colored = renderTerminal(trace, { columns, colors: true });
        // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the only ones it may write
        expect(colored.replace(/\x1b\[(48;2;\d+;\d+;\d+|49|2|22)m/gu, '')).not.toMatch(/(?!\n)\p{Cc}/u);
      }),
    );
  });
});
