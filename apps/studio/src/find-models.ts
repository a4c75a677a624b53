import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { MODEL_FILES, modelName, studioModels } from './models.js';

export interface FoundModel {
  readonly name: string;
  readonly folder: string;
}

/**
 * The studio's models that are here, each in its package or, for trying one out, as a folder of its name in `more`.
 *
 * @param more a folder of models, which are taken before the packages
 * @throws if there is no such folder
 */
export function findModels(more?: string): FoundModel[] {
  if (more !== undefined && !existsSync(more)) throw new Error(`${more}: there is no such folder of models`);
  return studioModels.flatMap((model) => {
    const name = modelName(model);
    const folders = [...(more ? [join(more, name)] : []), ...packageFolder(model.package)];
    const folder = folders.find((candidate) =>
      MODEL_FILES.every((file) => existsSync(join(candidate, file))),
    );
    return folder ? [{ name, folder }] : [];
  });
}

function packageFolder(name: string): string[] {
  try {
    return [dirname(createRequire(import.meta.url).resolve(`${name}/package.json`))];
  } catch {
    return [];
  }
}
