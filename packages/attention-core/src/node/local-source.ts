import { stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ModelFileError, reasonOf } from '../persistence/model-file-error.js';
import type { ModelSource } from '../persistence/model-source.js';
import { folderSource } from './folder-source.js';
import { readableFolder } from './write-folder.js';

/**
 * A model in a folder (a path or a `file:` URL), or, where there is no such folder, in an installed package.
 *
 * @throws ModelFileError if there is neither
 */
export async function localSource(location: string): Promise<ModelSource> {
  const folder = location.startsWith('file:') ? pathOf(location) : location;
  const isFile = await stat(folder)
    .then((found) => found.isFile())
    .catch(() => false);
  if (!isFile && PACKAGE_NAME.test(location)) {
    return readableFolder(folder).then(folderSource, () => packageSource(location));
  }
  await readableFolder(folder);
  return folderSource(folder);
}

function pathOf(url: string): string {
  try {
    return fileURLToPath(url);
  } catch (error) {
    throw new ModelFileError(url, `not the URL of a folder (${reasonOf(error)})`, { cause: error });
  }
}

/**
 * A model in a package, such as `@heed/translation-fr-en`, looked for from the working directory, from the
 * script that runs, and from this package.
 *
 * @throws ModelFileError if it is not installed
 */
export function packageSource(name: string): ModelSource {
  const here = fileURLToPath(import.meta.url);
  const paths = [process.cwd(), dirname(resolve(process.argv[1] ?? '')), dirname(here)];
  try {
    return folderSource(dirname(createRequire(here).resolve(`${name}/package.json`, { paths })));
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND';
    const problem = missing ? 'there is no such folder and no such package installed' : reasonOf(error);
    const advice = `Give a model's folder or URL, or install the package: npm install ${name}`;
    throw new ModelFileError(name, `${problem}. ${advice}`, { cause: error });
  }
}

const PACKAGE_NAME = /^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/;
