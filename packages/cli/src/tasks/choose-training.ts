import type { TrainingProgress } from '@heed/training';
import { findEarlierTraining } from '@heed/training/node';
import { UsageError } from '../errors.js';
import { readJsonFile } from '../files.js';
import type { Trained, TrainRequest } from './task.js';

const DEFAULT_PRESET = 'practical';
const DEFAULT_SEED = 1;

/**
 * The configuration and the seed that are asked for: a file's, a preset's, those of the training to resume, the
 * practical one.
 *
 * @param parse reads a configuration; the name of its file is for messages
 * @throws UsageError with the list of presets
 */
export async function chooseTraining<Config>(
  { preset, config, seed, out, resume }: TrainRequest,
  presets: Readonly<Record<string, Config>>,
  parse: (json: unknown, name: string) => Config,
): Promise<{ config: Config; seed: number }> {
  const earlier = resume ? await findEarlierTraining(out, parse) : undefined;
  const { seed: earlierSeed } = earlier?.identity ?? earlier?.facts ?? {};
  const chosenSeed = seed ?? (typeof earlierSeed === 'number' ? earlierSeed : DEFAULT_SEED);
  if (config !== undefined) return { config: parse(await readJsonFile(config), config), seed: chosenSeed };
  if (preset === undefined && earlier) return { config: earlier.config, seed: chosenSeed };
  const name = preset ?? DEFAULT_PRESET;
  const chosen = Object.hasOwn(presets, name) ? presets[name] : undefined;
  if (chosen === undefined)
    throw new UsageError(`there is no preset "${name}". Presets: ${Object.keys(presets).join(', ')}.`);
  return { config: chosen, seed: chosenSeed };
}

/** What the verb tells of a training that ended. */
export function outcome(
  { progress, reason }: { readonly progress: TrainingProgress; readonly reason: string },
  steps: number,
  { signal }: TrainRequest,
): Trained {
  return { best: progress.best, reason, complete: !signal.aborted || progress.step >= steps };
}
