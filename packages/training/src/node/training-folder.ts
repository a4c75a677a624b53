import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readJson } from '@heed/attention-core';
import { folderSource, replaceFile } from '@heed/attention-core/node';
import { type Tokenizer, tokenizerFromJson } from '@heed/text';
import { networksIn, weightsOfFirst } from '../ensemble.js';
import { firstDifference, isObject } from '../first-difference.js';
import type { TrainingObserver } from '../observer.js';
import type { TrainingProgress } from '../progress.js';
import { readTaskModel } from '../task-model.js';
import type { TrainTaskOptions } from '../train-task.js';
import { findEarlierTraining } from './earlier-training.js';
import { expectFolder } from './expect-folder.js';
import { CHECKPOINT, folderCheckpoints } from './folder-checkpoints.js';
import { inLockedFolder } from './folder-lock.js';

/** What every training from data on disk into a folder is told. */
export interface TrainInFolderOptions<Config> {
  readonly config: Config;
  /** A trained model to start from (a folder, a URL or a package); of an ensemble, its first network. */
  readonly from?: string;
  /** What is trained on: a path. */
  readonly data: string;
  readonly out: string;
  readonly seed: number;
  readonly resume: boolean;
  readonly eager: boolean;
  readonly observers: readonly TrainingObserver[];
  readonly signal?: AbortSignal;
  /** Hears what is read and made before the first step. */
  readonly report: (line: string) => void;
}

/** What the data of a training are, the digests of both splits among it: training.json tells it. */
export type DataFacts = Readonly<Record<string, unknown>> & {
  readonly sha256: string;
  readonly validationSha256: string;
  /** The file of word vectors that it begins with, for whoever reads it: `embeddingsSha256` tells them apart. */
  readonly embeddings?: string;
  /** The digest of what was taken of them. */
  readonly embeddingsSha256?: string;
};

/**
 * The folder of a training that begins or goes on in it: config.json, tokenizer.json and training.json from the first
 * step, model.safetensors with every better validation, which training.json then tells of; `checkpoint/` with the last state.
 */
export interface TrainingFolder<Config> {
  /** The one that is asked for; of a model to start from, what `startedFrom` takes over. */
  readonly config: Config;
  /**
   * Writes the configuration and the tokenizer: that of the training that goes on or of the model to start from, else the
   * one that `make` gives.
   *
   * @returns what the training is told, beside its data
   * @throws if the training that is to go on had another configuration, seed, data or beginning; nothing is touched then
   */
  begin(config: Config, data: DataFacts, make: () => Tokenizer): Promise<TrainTaskOptions<Config>>;
}

/**
 * Trains in a folder, which no other training may use meanwhile.
 *
 * @param parse reads a configuration; the name of its file is for messages
 * @param startedFrom what a model to start from is, with what the wanted configuration says of its training and use
 * @param train does so
 * @throws if no folder can be there, if another process trains into it, if it holds a training already and `resume` is not
 *   asked for, or a trained model without a checkpoint, if the model to start from cannot be read, or if the configuration
 *   does not go with it
 */
export async function inTrainingFolder<Config extends { readonly task: string }, Result>(
  options: TrainInFolderOptions<Config>,
  parse: (json: unknown, name: string) => Config,
  startedFrom: (model: Config, wanted: Config) => unknown,
  train: (folder: TrainingFolder<Config>) => Promise<Result>,
): Promise<Result> {
  await expectFolder(options.out);
  return inLockedFolder(options.out, async () => train(await openFolder(options, parse, startedFrom)));
}

async function openFolder<Config extends { readonly task: string }>(
  {
    config: wanted,
    out,
    seed,
    resume,
    eager,
    observers,
    signal,
    report,
    ...options
  }: TrainInFolderOptions<Config>,
  parse: (json: unknown, name: string) => Config,
  startedFrom: (model: Config, wanted: Config) => unknown,
): Promise<TrainingFolder<Config>> {
  const earlier = await findEarlierTraining(out, parse);
  if (earlier && (earlier.trained || earlier.begun) && !resume) {
    throw new Error(
      `${out} already holds a model: give --resume to go on with its training, or another folder`,
    );
  }
  if (earlier?.trained && !earlier.identity) {
    throw new Error(
      `${out} holds a trained model without a checkpoint to go on from: give --from ${out}, and another folder`,
    );
  }
  const { identity: bound, facts: earlierFacts = {} } = (resume && earlier) || {};
  // A training that was killed before its first checkpoint is begun anew as it was.
  const told = resume && !bound && typeof earlierFacts.from === 'string' ? earlierFacts.from : undefined;
  const from = options.from ?? told;
  const start = from === undefined ? undefined : await readTaskModel(from, parse);
  const networks = start ? networksIn(start.tensors) : 1;
  if (networks > 1) report(`${from} is ${networks} networks together: starting from the first`);
  return {
    config: parse(start ? startedFrom(start.config, wanted) : wanted, 'the configuration'),
    async begin(config, data, make) {
      const difference =
        bound &&
        (otherBeginning(earlierFacts, { from: options.from, data }) ??
          firstDifference(bound, { seed, config, data: data.sha256 }));
      if (difference) {
        throw new Error(
          `${out} holds a training that cannot go on with other settings: ${difference}. ` +
            'Resume it as it was started, or train into another folder.',
        );
      }
      const tokenizer = bound ? await readTokenizer(out) : (start?.tokenizer ?? make());
      report(`${tokenizer.vocabulary.size} tokens in the vocabulary`);
      // Of a training that had taken no step when it was killed, and is not to go on.
      if (!bound) await rm(join(out, CHECKPOINT), { recursive: true, force: true });
      const begun = { task: config.task, seed, ...(from !== undefined && { from }), data };
      // Digests are of a model that was packed, and is another from now on.
      const { digests: _, ...kept } = earlierFacts;
      const facts = bound ? { ...begun, ...kept, data: { ...data, ...begunWith(earlierFacts) } } : begun;
      const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
      // A folder with a configuration has a tokenizer.
      await replaceFile(join(out, 'tokenizer.json'), `${JSON.stringify(tokenizer.toJSON())}\n`);
      await replaceFile(join(out, 'training.json'), json(facts));
      await replaceFile(join(out, 'config.json'), json(config));
      const describe = (progress: TrainingProgress) => ({
        ...facts,
        validation: progress.best,
        steps: progress.step,
        trainingSeconds: Math.round(progress.trainingSeconds),
      });
      return {
        config,
        tokenizer,
        seed,
        ...(start && { weights: weightsOfFirst(start.tensors) }),
        store: folderCheckpoints(out, describe),
        report,
        observers,
        dataDigest: data.sha256,
        resume,
        eager,
        ...(signal && { signal }),
      };
    },
  };
}

/** What a training.json tells of the data. */
const begunWith = ({ data }: Readonly<Record<string, unknown>>) => (isObject(data) ? data : {});

/** Where what is given now is not what a training began with; what is not given now, or not told of it, is no difference. */
function otherBeginning(
  earlier: Readonly<Record<string, unknown>>,
  { from, data }: { readonly from: string | undefined; readonly data: DataFacts },
): string | undefined {
  const told = begunWith(earlier);
  const settings: readonly (readonly [name: string, before: unknown, now: unknown])[] = [
    ['from', earlier.from ?? null, from],
    ['word vectors', told.embeddingsSha256 ?? null, data.embeddingsSha256],
    ['validation data', told.validationSha256, data.validationSha256],
  ];
  for (const [name, before, now] of settings) {
    if (before === undefined || now === undefined) continue;
    const difference = firstDifference(before, now, name);
    if (difference) return difference;
  }
  return undefined;
}

async function readTokenizer(folder: string): Promise<Tokenizer> {
  const json = await readJson(folderSource(folder), 'tokenizer.json');
  return tokenizerFromJson(json, join(folder, 'tokenizer.json'));
}
