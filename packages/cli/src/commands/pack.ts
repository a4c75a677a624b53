import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { decodeSafetensors, encodeSafetensors, fileDigest, type StoredTensor } from '@heed/attention-core';
import { replaceFile } from '@heed/attention-core/node';
import { ensembleWeights } from '@heed/training';
import { CHECKPOINT, expectFolder } from '@heed/training/node';
import type { Command } from 'commander';
import { readJsonFile, unreadable } from '../files.js';

async function read(file: string): Promise<Uint8Array> {
  return readFile(file).catch((error: unknown) => {
    throw unreadable(file, error);
  });
}

/** What stands in the folder of a trained model. */
interface Trained {
  readonly config: Readonly<Record<string, unknown>>;
  readonly tokenizer: Uint8Array;
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly training: object;
}

async function open(model: string): Promise<Trained> {
  const [file, weights] = [join(model, 'config.json'), join(model, 'model.safetensors')];
  return {
    config: await parse(await readJsonFile(file), file),
    tokenizer: await read(join(model, 'tokenizer.json')),
    tensors: decodeSafetensors(await read(weights), weights).tensors,
    training: (await readJsonFile(join(model, 'training.json'))) as object,
  };
}

type ParseConfig = (json: unknown, name: string) => Trained['config'];

/** Who reads the configurations of a task. */
const PARSERS = new Map<unknown, () => Promise<ParseConfig>>([
  ['translation', async () => (await import('@heed/translation')).parseTranslationConfig],
  ['image-captioning', async () => (await import('@heed/image-captioning')).parseCaptioningConfig],
  ['entailment', async () => (await import('@heed/entailment')).parseEntailmentConfig],
  ['speech-recognition', async () => (await import('@heed/speech-recognition')).parseSpeechConfig],
  ['summarization', async () => (await import('@heed/summarization')).parseSummarizationConfig],
]);

/** Tasks whose models may be several networks. */
const TOGETHER: readonly unknown[] = ['translation', 'image-captioning', 'entailment'];

/** Fields in which the networks of an ensemble may differ: all others say what each of them reads and writes. */
const OWN: ReadonlySet<string> = new Set(['network', 'tokenizer', 'training', 'decoding']);

/** Reads the configuration of any task. @param name of its file, for messages */
async function parse(json: unknown, name: string): Promise<Trained['config']> {
  const parser = PARSERS.get((Object(json) as { task?: unknown }).task);
  if (!parser) throw new Error(`${name}: task: expected one of ${[...PARSERS.keys()].join(', ')}`);
  return (await parser())(json, name);
}

/** The ensemble of several models: it is configured as the first is, but for the others' networks. */
async function together(
  models: readonly [Trained, ...Trained[]],
  folders: readonly string[],
): Promise<Trained> {
  const [first, ...others] = models;
  if (!TOGETHER.includes(first.config.task))
    throw new Error(`${folders[0]}: only models of ${TOGETHER.join(', ')} make an ensemble`);
  for (const [i, { config }] of models.entries()) {
    if (config.ensemble === undefined) continue;
    throw new Error(`${folders[i]}: it is an ensemble itself: give the folders of its networks`);
  }
  for (const [i, other] of others.entries()) {
    const folder = folders[i + 1];
    if (first.config.task !== other.config.task || Buffer.compare(first.tokenizer, other.tokenizer) !== 0)
      throw new Error(`${folder}: its task or its tokenizer is another than that of ${folders[0]}`);
    const differs = Object.keys(first.config).find(
      (field) => !OWN.has(field) && !isDeepStrictEqual(first.config[field], other.config[field]),
    );
    if (differs !== undefined)
      throw new Error(`${folder}/config.json: ${differs}: it must be that of ${folders[0]}`);
  }
  const config = { ...first.config, ensemble: others.map((other) => other.config.network) };
  return {
    config: await parse(config, `${folders.join(' and ')} together`),
    tokenizer: first.tokenizer,
    tensors: ensembleWeights(models.map(({ tensors }) => tensors)),
    training: { networks: models.map(({ training }) => training) },
  };
}

const findCheckpoint = (folder: string) => stat(join(folder, CHECKPOINT)).catch(() => undefined);

/** Writes what a package ships of a trained model, or of several together: half-precision weights, and the digest of every file. */
async function pack(folders: readonly string[], { out }: { readonly out: string }): Promise<void> {
  await expectFolder(out);
  if (await findCheckpoint(out))
    throw new Error(
      `${out} holds a training with its checkpoint, which packing would end: take another folder`,
    );
  const [first, ...others] = await Promise.all(folders.map(open));
  const model =
    others.length === 0 ? (first as Trained) : await together([first as Trained, ...others], folders);
  const half = new Map<string, StoredTensor>();
  for (const [name, tensor] of model.tensors) {
    half.set(name, tensor.dtype === 'F32' ? { ...tensor, dtype: 'F16' } : tensor);
  }
  const files = {
    'config.json': new TextEncoder().encode(`${JSON.stringify(model.config, null, 2)}\n`),
    'tokenizer.json': model.tokenizer,
    'model.safetensors': encodeSafetensors(half),
  };
  const digests: Record<string, string> = {};
  await mkdir(out, { recursive: true });
  for (const [name, content] of Object.entries(files)) digests[name] = await fileDigest(content);
  for (const [name, content] of Object.entries(files)) await replaceFile(join(out, name), content);
  const training = { ...model.training, digests };
  await replaceFile(join(out, 'training.json'), `${JSON.stringify(training, null, 2)}\n`);
}

export function addPack(program: Command): void {
  program
    .command('pack')
    .description('make a trained model half as large, for shipping: float16 weights, with digests')
    .argument(
      '<model...>',
      'the folder of a trained model; several become one, an ensemble (translation, image-captioning, entailment)',
    )
    .requiredOption('--out <folder>', 'where to: the folder of a package, say')
    .addHelpText(
      'after',
      '\nExample:\n  $ heed pack runs/fr-en --out packages/pretrained/translation-fr-en\n' +
        '  $ heed pack runs/first runs/second --out runs/both',
    )
    .action(pack);
}
