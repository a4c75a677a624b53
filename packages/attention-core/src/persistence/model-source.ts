import { jsonFault } from './json-fault.js';
import { ModelFileError, quote, reasonOf } from './model-file-error.js';

/** Where the files of one model come from. Files are named without a path, such as `config.json`. */
export interface ModelSource {
  /** The folder, URL or package, as errors show it. */
  readonly location: string;
  /**
   * @param maximumBytes a larger file is an error before it is held in memory; 2 GiB unless told otherwise
   * @throws ModelFileError if the file is missing, too large or cannot be read
   */
  read(file: string, maximumBytes?: number): Promise<Uint8Array>;
  has(file: string): Promise<boolean>;
}

/** The largest file that is read unless told otherwise, in bytes: what one buffer holds everywhere. */
export const MAXIMUM_FILE_BYTES = 2 ** 31 - 1;

/** A model's files held in memory. */
export function memorySource(files: Readonly<Record<string, Uint8Array | string>>): ModelSource {
  const location = 'memory';
  const contents = new Map(Object.entries(files));
  return {
    location,
    async read(file, maximumBytes = MAXIMUM_FILE_BYTES) {
      checkFileName(location, file);
      const content = contents.get(file);
      if (content === undefined) throw new ModelFileError(`${location}/${file}`, 'there is no such file');
      const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
      checkFileSize(`${location}/${file}`, bytes.length, maximumBytes);
      return bytes;
    },
    async has(file) {
      checkFileName(location, file);
      return contents.has(file);
    },
  };
}

/** A model's files on the web: `url` is the folder that holds them; its query goes with every request. */
export function urlSource(url: string | URL): ModelSource {
  if (!isWebUrl(url)) {
    throw new ModelFileError(`${url}`, 'an http or https URL is expected, such as https://example.org/model');
  }
  const folder = new URL(url);
  const path = folder.pathname.replace(/\/+$/, '');
  const location = `${folder.origin}${path}`;
  if (folder.username !== '' || folder.password !== '') {
    throw new ModelFileError(
      location,
      'a URL with a user name or password cannot be fetched; leave them out',
    );
  }

  async function request(file: string, options?: typeof PAST_THE_CACHE): Promise<Response> {
    checkFileName(location, file);
    const address = new URL(folder);
    address.pathname = `${path}/${encodeURIComponent(file)}`;
    return orModelFileError(`${location}/${file}`, () => fetch(address, options));
  }

  return {
    location,
    async read(file, maximumBytes = MAXIMUM_FILE_BYTES) {
      const response = await request(file);
      const where = `${location}/${file}`;
      if (response.ok) return orModelFileError(where, () => readBody(where, response, maximumBytes));
      await response.body?.cancel();
      throw httpError(where, response);
    },
    async has(file) {
      const response = await request(file, PAST_THE_CACHE);
      await response.body?.cancel();
      if (response.status === 404 || response.status === 410) return false;
      if (!response.ok) throw httpError(`${location}/${file}`, response);
      return true;
    },
  };
}

/** For an answer that is cancelled: a browser's cache would lock the file for whoever reads it next. */
const PAST_THE_CACHE = { method: 'GET', cache: 'no-store' } as const;

/** Whether a location is an http(s) URL, and so for `urlSource`. */
export function isWebUrl(location: string | URL): boolean {
  return /^https?:\/\//i.test(`${location}`) && URL.canParse(`${location}`);
}

/**
 * Reads a JSON file of at most 64 MiB.
 *
 * @throws ModelFileError with line and column if it is not UTF-8 JSON or has a key twice
 */
export async function readJson(source: ModelSource, file: string): Promise<unknown> {
  const where = `${source.location}/${file}`;
  const bytes = await source.read(file, MAXIMUM_JSON_BYTES);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new ModelFileError(where, 'it is not UTF-8. Save it as UTF-8, or fetch it again.');
  }
  const fault = jsonFault(text);
  if (fault !== undefined)
    throw new ModelFileError(where, `as JSON it has ${fault}. Correct it, or fetch it again.`);
  return JSON.parse(text);
}

/** @throws ModelFileError if a file's name is more than a name: a path could lead out of the model's folder. */
export function checkFileName(folder: string, file: string): void {
  if (file !== '' && file !== '.' && file !== '..' && !/[\\/:\p{Cc}]/u.test(file)) return;
  throw new ModelFileError(
    folder,
    `${quote(file)} is not a plain file name: no path, colon or control character`,
  );
}

/** @throws ModelFileError if a file has more than `maximumBytes` */
export function checkFileSize(file: string, bytes: number, maximumBytes: number): void {
  if (bytes <= maximumBytes) return;
  throw new ModelFileError(file, `it has ${bytes} bytes or more; at most ${maximumBytes} are read`);
}

const MAXIMUM_JSON_BYTES = 64 * 2 ** 20;

async function readBody(file: string, response: Response, maximumBytes: number): Promise<Uint8Array> {
  checkFileSize(file, Number(response.headers.get('content-length')) || 0, maximumBytes);
  const chunks: Uint8Array[] = [];
  let size = 0;
  // A reader, not `for await`: not every browser iterates over a stream.
  const reader = response.body?.getReader();
  for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
    size += part.value.length;
    if (size > maximumBytes) await reader?.cancel();
    checkFileSize(file, size, maximumBytes);
    chunks.push(part.value);
  }
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

async function orModelFileError<T>(file: string, fetching: () => Promise<T>): Promise<T> {
  try {
    return await fetching();
  } catch (error) {
    if (error instanceof ModelFileError) throw error;
    const problem = `it could not be fetched: ${reasonOf(error)}`;
    throw new ModelFileError(file, `${problem}. Check the address and the connection.`, { cause: error });
  }
}

function httpError(file: string, { status, statusText }: Response): ModelFileError {
  const advice = status === 404 ? 'Check the address: it names the folder of the model.' : 'Try again later.';
  return new ModelFileError(file, `the server answered ${`${status} ${statusText}`.trim()}. ${advice}`);
}
