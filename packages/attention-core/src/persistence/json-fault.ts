import { quote } from './model-file-error.js';

/** Of objects and lists: what reads the document later does so by recursion. */
const DEEPEST = 500;

/**
 * What keeps a text from being JSON, with line and column, or undefined if it is JSON. `JSON.parse` gives no
 * position for half of its errors and keeps the last of two equal keys without a word; this names both, in one
 * pass without recursion. More than 500 objects and lists in one another are a fault too.
 */
export function jsonFault(text: string): string | undefined {
  // One entry for each open object (its keys so far) or list (undefined).
  const open: (Set<string> | undefined)[] = [];
  let expected: 'value' | 'value or ]' | 'key' | 'key or }' | 'end of value' = 'value';
  let offset = skipSpace(text, 0);

  for (; offset < text.length; offset = skipSpace(text, offset)) {
    const character = text[offset]!;
    const keys = open.at(-1);
    if (open.length > DEEPEST)
      return `more than ${DEEPEST} objects and lists in one another ${position(text, offset)}`;
    const closes: boolean =
      (character === ']' && (expected === 'value or ]' || (expected === 'end of value' && !keys))) ||
      (character === '}' && (expected === 'key or }' || (expected === 'end of value' && keys !== undefined)));

    if (closes && open.length > 0) {
      open.pop();
      expected = 'end of value';
      offset++;
    } else if (expected === 'end of value') {
      if (open.length === 0 || character !== ',') return unexpected(text, offset);
      expected = keys ? 'key' : 'value';
      offset++;
    } else if (expected === 'key' || expected === 'key or }') {
      if (character !== '"') return unexpected(text, offset);
      const { end, valid } = scanString(text, offset);
      if (!valid) return unexpected(text, end);
      const key: string = JSON.parse(text.slice(offset, end));
      if (keys?.has(key)) return `the key ${quote(key)} twice ${position(text, offset)}`;
      keys?.add(key);
      offset = skipSpace(text, end);
      if (text[offset] !== ':') return unexpected(text, offset);
      expected = 'value';
      offset++;
    } else if (character === '{') {
      open.push(new Set());
      expected = 'key or }';
      offset++;
    } else if (character === '[') {
      open.push(undefined);
      expected = 'value or ]';
      offset++;
    } else {
      const { end, valid } = character === '"' ? scanString(text, offset) : scanLiteral(text, offset);
      if (!valid) return unexpected(text, end);
      expected = 'end of value';
      offset = end;
    }
  }
  return expected === 'end of value' && open.length === 0 ? undefined : unexpected(text, text.length);
}

interface Scan {
  /** Offset after the token, or of its first wrong character. */
  end: number;
  valid: boolean;
}

function scanString(text: string, start: number): Scan {
  for (let i = start + 1; i < text.length; i++) {
    const character = text[i]!;
    if (character === '"') return { end: i + 1, valid: true };
    if (character < ' ') return { end: i, valid: false };
    if (character !== '\\') continue;
    i++;
    if (text[i] === 'u') {
      for (const last = i + 4; i < last; ) {
        if (!/^[0-9a-fA-F]$/.test(text[++i] ?? '')) return { end: i, valid: false };
      }
    } else if (!'"\\/bfnrt'.includes(text[i] ?? ' ')) return { end: i, valid: false };
  }
  return { end: text.length, valid: false };
}

function scanLiteral(text: string, start: number): Scan {
  for (const word of ['true', 'false', 'null']) {
    if (text.startsWith(word, start)) return { end: start + word.length, valid: true };
  }
  const whole = text[start] === '-' ? start + 1 : start;
  let end = text[whole] === '0' ? whole + 1 : skipDigits(text, whole);
  if (end === whole) return { end, valid: false };
  if (text[end] === '.') {
    const fraction = end + 1;
    end = skipDigits(text, fraction);
    if (end === fraction) return { end, valid: false };
  }
  if (text[end] === 'e' || text[end] === 'E') {
    const exponent = text[end + 1] === '+' || text[end + 1] === '-' ? end + 2 : end + 1;
    end = skipDigits(text, exponent);
    if (end === exponent) return { end, valid: false };
  }
  return { end, valid: true };
}

function skipDigits(text: string, offset: number): number {
  let end = offset;
  while (end < text.length && text[end]! >= '0' && text[end]! <= '9') end++;
  return end;
}

function skipSpace(text: string, offset: number): number {
  let end = offset;
  for (; end < text.length; end++) {
    const character = text[end]!;
    if (character > ' ' || !' \t\n\r'.includes(character)) break;
  }
  return end;
}

function unexpected(text: string, offset: number): string {
  const found = offset < text.length ? quote(String.fromCodePoint(text.codePointAt(offset)!)) : 'end';
  return `an unexpected ${found} ${position(text, offset)}`;
}

function position(text: string, offset: number): string {
  let line = 1;
  let lineStart = 0;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) {
    line++;
    lineStart = at + 1;
  }
  return `at line ${line}, column ${offset - lineStart + 1}`;
}
