import { canDigest, fileDigest } from './digest.js';
import { describe, ModelFileError, quote } from './model-file-error.js';
import { isWebUrl, type ModelSource, readJson, urlSource } from './model-source.js';

/**
 * Opens a model: an http(s) URL of a folder, a folder, or an installed package such as
 * `@heed/translation-fr-en`. Folders and packages need Node. Files are checked against the digests in
 * `training.json`, where it has any.
 *
 * @throws ModelFileError if there is no such folder or package, or no `config.json` in it
 */
export async function openModelSource(location: string | URL): Promise<ModelSource> {
  const source = isWebUrl(location) ? urlSource(location) : await openLocal(`${location}`);
  if (!(await source.has('config.json'))) {
    const problem = 'there is no config.json in it, so it is not a model';
    const advice =
      'A model has config.json, model.safetensors and tokenizer.json, as `heed train` writes them.';
    throw new ModelFileError(source.location, `${problem}. ${advice}`);
  }
  return verifiedSource(source);
}

/**
 * A source whose files are checked as they are read against `digests` in its `training.json`, for example
 * `{ "digests": { "model.safetensors": "sha256-…" } }`, where it has any. This finds damage; it does not prove
 * who made the model, for whoever can change a file can change its digest.
 *
 * @throws ModelFileError if `training.json` or a digest in it is malformed; `read` throws it for a changed file
 */
export async function verifiedSource(source: ModelSource): Promise<ModelSource> {
  if (!canDigest() || !(await source.has(TRAINING))) return source;
  const digests = digestsOf(source.location, await readJson(source, TRAINING));
  return {
    location: source.location,
    has: (file) => source.has(file),
    async read(file, maximumBytes) {
      const bytes = await source.read(file, maximumBytes);
      const expected = digests.get(file);
      const found = expected === undefined ? undefined : await fileDigest(bytes);
      if (found === expected) return bytes;
      const problem = `its digest is ${found}, ${TRAINING} has ${expected}: it was changed or damaged`;
      throw new ModelFileError(`${source.location}/${file}`, `${problem}. Fetch the model again.`);
    },
  };
}

const TRAINING = 'training.json';

async function openLocal(location: string): Promise<ModelSource> {
  let node: typeof import('../node/index.js');
  try {
    node = await import('@heed/attention-core/node');
  } catch (error) {
    const problem = 'a folder or package can be opened in Node only; give the http(s) URL of the model';
    throw new ModelFileError(location, problem, { cause: error });
  }
  return node.localSource(location);
}

function digestsOf(location: string, training: unknown): ReadonlyMap<string, string> {
  const where = `${location}/${TRAINING}`;
  if (isObject(training) && training.digests === undefined) return new Map();
  const digests = isObject(training) ? training.digests : training;
  if (!isObject(digests)) throw new ModelFileError(where, `${describe(digests)} where an object is expected`);
  return new Map(
    Object.entries(digests).map(([file, digest]) => {
      if (typeof digest === 'string' && /^sha256-[A-Za-z0-9+/]{43}=$/.test(digest)) return [file, digest];
      const problem = `digests: ${quote(file)} has ${describe(digest)}; "sha256-" and base64 are expected`;
      throw new ModelFileError(where, problem);
    }),
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
