import { open } from 'node:fs/promises';
import type { WordVectors } from '../known-words.js';

/** How much is read at a time. */
const CHUNK_BYTES = 2 ** 20;
/** No word with its vector is as long. */
const LONGEST_ENTRY = 2 ** 19;
const WIDEST = 4096;
const [NEWLINE, SPACE, RETURN] = [0x0a, 0x20, 0x0d];
const EXPECTED = 'Expected a text file of GloVe, or a text or binary file of word2vec, unpacked';

export interface ReadWordVectorsOptions {
  /** Words that are kept wherever they stand. */
  readonly wanted: ReadonlySet<string>;
  /** Of the others, the file's first are kept, until there are so many in all. */
  readonly most: number;
  /** Whether `The` is a vector for `the`; of words that become the same the first is taken. */
  readonly lowercase: boolean;
}

/** A word, where its vector stands, and where the next word begins. */
interface Entry {
  readonly word: string;
  readonly next: number;
  /** @throws if it is not one of numbers; `place` is for the message */
  readonly vector: (place: string) => Float32Array;
}

/** What a file's first bytes tell of it. */
interface Form {
  readonly width: number;
  /** Where its first word begins. */
  readonly begin: number;
  /** How many words it says it has. */
  readonly words: number | undefined;
  /** The entry that begins there; undefined if its end has not been read yet. @throws as `vector` does */
  readonly entryAt: (bytes: Buffer, from: number, place: string) => Entry | undefined;
}

/**
 * Reads vectors of words: a GloVe text file, or a word2vec file, text or binary, told by what is in it. The file is
 * read piece by piece, and may be larger than memory.
 *
 * @throws if it is not such a file, ends early, or has a damaged vector (file and number of the word are named)
 */
export async function readWordVectors(
  file: string,
  { wanted, most, lowercase }: ReadWordVectorsOptions,
): Promise<WordVectors> {
  const handle = await open(file).catch((error: NodeJS.ErrnoException) => {
    throw new Error(`${file}: cannot be read (${error.code ?? error.message}).`);
  });
  try {
    const vectors = new Map<string, Float32Array>();
    let room = most - wanted.size;
    const keep = ({ word: written, vector }: Entry, place: string) => {
      const word = lowercase ? written.toLowerCase() : written;
      if (vectors.has(word) || !(wanted.has(word) || room-- > 0)) return;
      vectors.set(word, vector(place));
    };
    let form: Form | undefined;
    let rest: Buffer = Buffer.alloc(0);
    let words = 0;
    for (let isLast = false; !isLast; ) {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(CHUNK_BYTES));
      isLast = bytesRead === 0;
      const added = isLast && rest.length > 0 ? Buffer.from('\n') : buffer.subarray(0, bytesRead);
      rest = Buffer.concat([rest, added]);
      let from = 0;
      if (!form) {
        if (rest.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK))
          rest = rest.subarray(BYTE_ORDER_MARK.length);
        form = recognise(rest, file);
        from = form.begin;
      }
      for (;;) {
        const place = `${file}, word ${words + 1}`;
        const entry = form.entryAt(rest, from, place);
        if (!entry) break;
        words++;
        from = entry.next;
        keep(entry, place);
      }
      rest = rest.subarray(from);
      if (rest.length > LONGEST_ENTRY)
        throw new Error(`${file}, word ${words + 1}: it has no end. ${EXPECTED}.`);
    }
    const { width, words: expected = 1 } = form as Form;
    if (words >= expected) return { width, vectors };
    throw new Error(`${file}: it ends after ${words} of ${expected} words. Get the file again.`);
  } finally {
    await handle.close();
  }
}

function recognise(bytes: Buffer, file: string): Form {
  const end = bytes.indexOf(NEWLINE);
  const first = bytes.subarray(0, Math.max(0, end)).toString('utf8').trimEnd();
  const header = /^(\d+) (\d+)$/.exec(first);
  const width = header ? Number(header[2]) : first.split(' ').length - 1;
  const begin = header ? end + 1 : 0;
  const isText = textEntry(width)(bytes, begin, '')?.isVector() ?? false;
  if (width < 1 || width > WIDEST || !(isText || header)) {
    throw new Error(`${file}: its first line is not a word with its vector. ${EXPECTED}.`);
  }
  return {
    width,
    begin,
    words: header ? Number(header[1]) : undefined,
    entryAt: isText ? textEntry(width) : binaryEntry(width),
  };
}

const BYTE_ORDER_MARK = Buffer.from('\ufeff');

const badVector = (place: string, width: number) =>
  new Error(`${place}: expected a word and ${width} numbers. Is the file damaged?`);

/** `word v₁ … vₙ` a line; a word may have spaces in it, as some of GloVe's have. */
function textEntry(width: number) {
  return (bytes: Buffer, from: number, place: string): (Entry & { isVector(): boolean }) | undefined => {
    const newline = bytes.indexOf(NEWLINE, from);
    if (newline < 0) return undefined;
    let end = newline;
    while (bytes[end - 1] === SPACE || bytes[end - 1] === RETURN) end--;
    let split = end;
    for (let spaces = 0; spaces < width && split > from; ) if (bytes[--split] === SPACE) spaces++;
    const values = () =>
      Float32Array.from(
        bytes
          .subarray(split + 1, end)
          .toString('latin1')
          .split(' '),
        (field) => (field === '' ? Number.NaN : Number(field)),
      );
    const isVector = () => split > from && values().every(Number.isFinite);
    if (split <= from && place !== '') throw badVector(place, width);
    return {
      word: bytes.subarray(from, split).toString('utf8'),
      next: newline + 1,
      isVector,
      vector(at) {
        if (isVector()) return values();
        throw badVector(at, width);
      },
    };
  };
}

/** A word, a space, and so many little-endian floats; some writers end each with a newline. */
function binaryEntry(width: number) {
  return (bytes: Buffer, from: number): Entry | undefined => {
    const begin = bytes[from] === NEWLINE ? from + 1 : from;
    const space = bytes.indexOf(SPACE, begin);
    const next = space + 1 + 4 * width;
    if (space < 0 || next > bytes.length) return undefined;
    return {
      word: bytes.subarray(begin, space).toString('utf8'),
      next,
      vector(place) {
        const values = Float32Array.from({ length: width }, (_, i) => bytes.readFloatLE(space + 1 + 4 * i));
        if (values.every(Number.isFinite)) return values;
        throw badVector(place, width);
      },
    };
  };
}
