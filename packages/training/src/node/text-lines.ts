/**
 * The lines of a UTF-8 text. A byte order mark is dropped, CRLF and LF both end a line, and the last line
 * may lack its ending.
 *
 * @param file name for error messages
 * @throws if the bytes are not UTF-8 or hold a NUL character (line and byte offset are named)
 */
export function decodeLines(bytes: Uint8Array, file: string): string[] {
  const text = decodeUtf8(bytes, file);
  const nul = text.indexOf('\0');
  if (nul >= 0) {
    throw new Error(
      `${file}, line ${text.slice(0, nul).split('\n').length}: a NUL character. ` +
        'Expected UTF-8 text; this looks like a binary or UTF-16 file: convert it, e.g. with iconv -t UTF-8.',
    );
  }
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
}

function decodeUtf8(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const offset = invalidOffset(bytes);
    let line = 1;
    for (let index = 0; index < offset; index++) if (bytes[index] === 0x0a) line++;
    const utf16 = offset === 0 && (bytes[0] === 0xff || bytes[0] === 0xfe);
    throw new Error(
      `${file}, line ${line}: not UTF-8 (byte ${hex(bytes[offset])} at offset ${offset}). ` +
        `Convert the file first, e.g. with iconv -f ${utf16 ? 'UTF-16' : 'ISO-8859-1'} -t UTF-8.`,
    );
  }
}

/** Offset of the first byte that is not UTF-8: where the text, repaired and encoded again, differs. */
function invalidOffset(bytes: Uint8Array): number {
  const repaired = new TextEncoder().encode(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
  let offset = 0;
  while (offset < bytes.length && bytes[offset] === repaired[offset]) offset++;
  return Math.min(offset, bytes.length - 1);
}

function hex(byte: number | undefined): string {
  return `0x${(byte ?? 0).toString(16).padStart(2, '0')}`;
}
