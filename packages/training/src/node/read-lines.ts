import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { decodeLines } from './text-lines.js';

/** Unpacked size at which a file is refused rather than read into memory. */
const MAX_BYTES = 512 * 1024 * 1024;

/**
 * The lines of a UTF-8 text file, gzip or not (told by its first bytes, not by its name).
 *
 * @throws if the file cannot be read, its gzip data are damaged, or it is not UTF-8 text
 */
export async function readLines(file: string): Promise<string[]> {
  return decodeLines(await readBytes(file), file);
}

/**
 * What a file holds, unpacked if it is gzip (told by its first bytes, not by its name).
 *
 * @throws if the file cannot be read, or its gzip data are damaged
 */
export async function readBytes(file: string): Promise<Uint8Array> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new Error(`${file}: cannot be read (${error.code ?? error.message}).`);
  });
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return isGzip ? unpack(bytes, file) : bytes;
}

async function unpack(bytes: Uint8Array, file: string): Promise<Uint8Array> {
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: MAX_BYTES });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'Z_BUF_ERROR') {
      throw new Error(`${file}: its gzip data end early (a download cut short?). Get the file again.`);
    }
    if (code === 'ERR_BUFFER_TOO_LARGE') {
      throw new Error(
        `${file}: more than ${MAX_BYTES / 2 ** 20} MiB once unpacked. Cut it into smaller files.`,
      );
    }
    throw new Error(`${file}: damaged gzip data (${message}). Get the file again.`);
  }
}
