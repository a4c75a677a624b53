import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { unreadable } from './files.js';

export interface InputLine {
  readonly text: string;
  /** File and line number, for messages. */
  readonly place: string;
}

/** Lines that are answered together. */
const BATCH_LINES = 64;
const LONGEST_LINE_BYTES = 2 ** 20;
const NEWLINE = 0x0a;

function decode(bytes: Uint8Array, place: string): string {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Error(`${place}: not UTF-8. Convert it first, e.g. with iconv -f ISO-8859-1 -t UTF-8.`);
  }
  if (text.includes('\0')) {
    throw new Error(`${place}: a NUL character. Expected UTF-8 text; this looks binary, or like UTF-16.`);
  }
  return text.endsWith('\r') ? text.slice(0, -1) : text;
}

/** Batches as large as they may be; what comes before a fault is given before it is thrown. */
function* inBatches(lines: Iterable<InputLine>): Generator<InputLine[]> {
  let batch: InputLine[] = [];
  try {
    for (const line of lines) {
      batch.push(line);
      if (batch.length < BATCH_LINES) continue;
      yield batch;
      batch = [];
    }
  } catch (error) {
    if (batch.length > 0) yield batch;
    throw error;
  }
  if (batch.length > 0) yield batch;
}

/** The bytes as they come, unpacked if they are gzip. */
async function* unpacked(input: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const parts = input[Symbol.asyncIterator]();
  const first = await parts.next();
  if (first.done) return;
  async function* whole() {
    yield first.value as Uint8Array;
    yield* { [Symbol.asyncIterator]: () => parts };
  }
  const isGzip = first.value[0] === 0x1f && first.value[1] === 0x8b;
  // What goes wrong is thrown by the last of the streams.
  yield* isGzip ? pipeline(Readable.from(whole()), createGunzip(), () => {}) : whole();
}

/**
 * The lines of UTF-8 text, gzip or not, as they come, in batches of at most 64: whoever types gets an answer to each line, and a
 * long file need not end first. CRLF and LF both end a line; a byte order mark is dropped.
 *
 * @param name what to call the input in messages
 * @throws if it cannot be read, is not UTF-8, or has a line of more than 1 MiB, with the line's number, once all lines
 *   before it were given
 */
export async function* readInputLines(
  input: AsyncIterable<Uint8Array>,
  name: string,
): AsyncGenerator<InputLine[]> {
  let rest = Buffer.alloc(0);
  let number = 0;
  const lineOf = (bytes: Uint8Array): InputLine => {
    const place = `${name}, line ${++number}`;
    const text = decode(bytes, place);
    return { text: number === 1 ? text.replace(/^\ufeff/, '') : text, place };
  };
  /** The lines that are whole by now. */
  function* wholeLines(): Generator<InputLine> {
    let begin = 0;
    for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE, begin)) {
      yield lineOf(rest.subarray(begin, end));
      begin = end + 1;
    }
    rest = rest.subarray(begin);
    if (rest.length > LONGEST_LINE_BYTES) {
      throw new Error(`${name}, line ${number + 1}: longer than 1 MiB. Expected one sentence a line.`);
    }
  }
  const parts = unpacked(input);
  try {
    for (;;) {
      const part = await parts.next().catch((error: unknown) => {
        throw unreadable(name, error);
      });
      if (part.done) break;
      rest = Buffer.concat([rest, part.value]);
      yield* inBatches(wholeLines());
    }
    if (rest.length > 0) yield [lineOf(rest)];
  } finally {
    await parts.return(undefined);
  }
}
