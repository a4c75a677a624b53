import { join } from 'node:path';
import { readJson } from '@heed/attention-core';
import { folderSource } from '@heed/attention-core/node';
import { isObject } from '../first-difference.js';
import { CHECKPOINT } from './folder-checkpoints.js';

/** What a training in a folder was started with. */
export interface EarlierTraining<Config> {
  readonly config: Config;
  /** Of its checkpoint; undefined if it has none, and so does not bind whoever goes on with it. */
  readonly identity: Readonly<Record<string, unknown>> | undefined;
  /** Whether its checkpoint is of a later step than the one that it begins with. */
  readonly begun: boolean;
  /** Whether there is a trained model. */
  readonly trained: boolean;
  /** What its training.json tells; nothing, if it has none. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/**
 * Looks for a training in a folder.
 *
 * @param parse reads its configuration; the name of the file is for messages
 * @returns undefined if there is none
 * @throws ModelFileError if its files are damaged
 */
export async function findEarlierTraining<Config>(
  folder: string,
  parse: (json: unknown, name: string) => Config,
): Promise<EarlierTraining<Config> | undefined> {
  const model = folderSource(folder);
  if (!(await model.has('config.json').catch(() => false))) return undefined;
  const file = join(folder, 'config.json');
  const config = parse(await readJson(model, 'config.json'), file);
  const trained = await model.has('model.safetensors');
  const told = (await model.has('training.json')) ? await readJson(model, 'training.json') : {};
  const facts = isObject(told) ? told : {};
  const checkpoint = folderSource(join(folder, CHECKPOINT));
  const kept = await checkpoint.has('state.json').catch(() => false);
  const state = kept ? await readJson(checkpoint, 'state.json') : undefined;
  const identity = isObject(state) && isObject(state.identity) ? state.identity : undefined;
  const begun = isObject(state) && isObject(state.progress) && state.progress.step !== 0;
  return { config, identity, begun, trained, facts };
}
