import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeSafetensors, encodeSafetensors, readJson } from '@heed/attention-core';
import { folderSource, replaceFile, writeFolder } from '@heed/attention-core/node';
import { z } from 'zod';
import type { Checkpoint, CheckpointStore } from '../checkpoint.js';
import type { TrainingProgress } from '../progress.js';

/** The folder of the last state, in a model's. */
export const CHECKPOINT = 'checkpoint';

/** What is not finite stands as null in JSON. */
const metric = z
  .number()
  .nullable()
  .transform((value) => value ?? Number.NaN);
const progressSchema = z.object({
  step: z.int().nonnegative(),
  epoch: z.int().nonnegative(),
  batch: z.int().nonnegative(),
  best: z.object({ step: z.int(), metrics: z.record(z.string(), metric) }).optional(),
  validationsSinceBest: z.int().nonnegative(),
  trainingSeconds: z.number().nonnegative(),
});
const stateSchema = z.object({ progress: progressSchema, identity: z.record(z.string(), z.unknown()) });

const readWeights = async (folder: string, file: string) =>
  decodeSafetensors(await folderSource(folder).read(file), join(folder, file)).tensors;

/**
 * Checkpoints in a model's folder: the best weights as the model itself, beside its config.json; the last state in
 * `checkpoint/`.
 *
 * @param describe what training.json tells of the best model
 */
export function folderCheckpoints(
  folder: string,
  describe: (progress: TrainingProgress) => Readonly<Record<string, unknown>>,
): CheckpointStore {
  const last = join(folder, CHECKPOINT);
  return {
    async load(): Promise<Checkpoint | undefined> {
      const source = folderSource(last);
      if (!(await source.has('state.json').catch(() => false))) return undefined;
      const parsed = stateSchema.safeParse(await readJson(source, 'state.json'));
      if (!parsed.success) throw new Error(`${join(last, 'state.json')}: ${z.prettifyError(parsed.error)}`);
      const { progress, identity } = parsed.data;
      return {
        weights: await readWeights(last, 'model.safetensors'),
        optimizer: await readWeights(last, 'optimizer.safetensors'),
        progress: { ...progress, best: progress.best },
        identity,
      };
    },
    async saveLast({ weights, optimizer, progress, identity }) {
      await writeFolder(last, {
        'model.safetensors': encodeSafetensors(weights),
        'optimizer.safetensors': encodeSafetensors(optimizer),
        'state.json': `${JSON.stringify({ progress, identity }, null, 2)}\n`,
      });
    },
    loadBest: () => readWeights(folder, 'model.safetensors'),
    async saveBest(weights, progress) {
      await mkdir(folder, { recursive: true });
      await replaceFile(join(folder, 'model.safetensors'), encodeSafetensors(weights));
      await replaceFile(join(folder, 'training.json'), `${JSON.stringify(describe(progress), null, 2)}\n`);
    },
  };
}
