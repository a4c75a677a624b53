import { access, constants, readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { kindOf } from '@heed/training/node';

const MAXIMUM_BYTES = 256 * 2 ** 20;

/** What is wrong with a file that could not be read. */
export function unreadable(file: string, error: unknown): Error {
  const { code, message } = error as NodeJS.ErrnoException;
  const reasons: Record<string, string> = {
    ENOENT: 'there is no such file',
    ENOTDIR: 'there is no such file',
    EISDIR: 'it is a folder, and a file is expected',
    EACCES: 'it may not be read',
    Z_BUF_ERROR: 'its gzip data end early',
    Z_DATA_ERROR: 'its gzip data are damaged',
  };
  return new Error(`${file}: ${reasons[code ?? ''] ?? message}`, { cause: error });
}

/** @throws naming the file if none can be written there, before there is anything to write */
export async function expectWritable(file: string): Promise<void> {
  const fault = (reason: string) => new Error(`${file}: it cannot be written: ${reason}`);
  if ((await kindOf(file)) === 'folder') throw fault('it is a folder');
  await access(dirname(resolve(file)), constants.W_OK).catch(({ code, message }: NodeJS.ErrnoException) => {
    throw fault(code === 'ENOENT' || code === 'ENOTDIR' ? 'there is no such folder' : message);
  });
}

/** Reads a JSON file. @throws naming the file if it cannot be read, is too large, or is not UTF-8 JSON */
export async function readJsonFile(file: string): Promise<unknown> {
  let bytes: Uint8Array;
  try {
    const { size } = await stat(file);
    if (size > MAXIMUM_BYTES) throw new Error(`it has ${size} bytes, and ${MAXIMUM_BYTES} are the most`);
    bytes = await readFile(file);
  } catch (error) {
    throw unreadable(file, error);
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    const reason = error instanceof SyntaxError ? error.message : 'it is not UTF-8';
    throw new Error(`${file}: not JSON: ${reason}`);
  }
}
