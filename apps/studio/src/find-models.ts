import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { MODEL_FILES, modelName, studioModels } from './models.js';

/** What of the user's goes into the studio, beside what is installed. */
export interface StudioFiles {
  /** A folder of models, which are taken before the packages. */
  readonly models?: string;
  /** The folder of the TensorFlow.js model whose features models of photos read. */
  readonly features?: string;
}

export interface FoundModel {
  readonly name: string;
  readonly folder: string;
}

/**
 * The studio's models that are here, each in its package or, for trying one out, as a folder of its name in `models`; those
 * that read another network's features, where that network is here.
 *
 * @throws if there is no such folder
 */
export function findModels({ models: more, features }: StudioFiles = {}): FoundModel[] {
  if (more !== undefined && !existsSync(more)) throw new Error(`${more}: there is no such folder of models`);
  return studioModels.flatMap((model) => {
    if (model.readsFeatures && features === undefined) return [];
    const name = modelName(model);
    const folders = [...(more ? [join(more, name)] : []), ...packageFolder(model.package)];
    const folder = folders.find((candidate) =>
      MODEL_FILES.every((file) => existsSync(join(candidate, file))),
    );
    return folder ? [{ name, folder }] : [];
  });
}

const topologySchema = z.object({
  weightsManifest: z.array(z.object({ paths: z.array(z.string().regex(/^[\w.-]+$/)) })),
});

/**
 * The files of a TensorFlow.js model.
 *
 * @throws naming the file that is missing, or is not what it should be
 */
export function networkFiles(folder: string): string[] {
  const file = join(folder, 'model.json');
  if (!existsSync(file)) throw new Error(`${file}: there is no such file; a TensorFlow.js model is expected`);
  const found = topologySchema.safeParse(parseJson(readFileSync(file, 'utf8')));
  if (!found.success) throw new Error(`${file}: it is not the model.json of a TensorFlow.js model`);
  const files = ['model.json', ...found.data.weightsManifest.flatMap(({ paths }) => paths)];
  const missing = files.find((name) => !existsSync(join(folder, name)));
  if (missing !== undefined) throw new Error(`${join(folder, missing)}: there is no such file`);
  return files;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function packageFolder(name: string): string[] {
  try {
    return [dirname(createRequire(import.meta.url).resolve(`${name}/package.json`))];
  } catch {
    return [];
  }
}
