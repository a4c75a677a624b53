import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeSafetensors, encodeSafetensors, fileDigest, type StoredTensor } from '@heed/attention-core';
import { replaceFile } from '@heed/attention-core/node';
import type { Command } from 'commander';
import { readJsonFile, unreadable } from '../files.js';

async function read(file: string): Promise<Uint8Array> {
  return readFile(file).catch((error: unknown) => {
    throw unreadable(file, error);
  });
}

/** Writes what a package ships of a trained model: half-precision weights, and the digest of every file. */
async function pack(model: string, { out }: { readonly out: string }): Promise<void> {
  const weightsFile = join(model, 'model.safetensors');
  const { tensors } = decodeSafetensors(await read(weightsFile), weightsFile);
  const half = new Map<string, StoredTensor>();
  for (const [name, tensor] of tensors) {
    half.set(name, tensor.dtype === 'F32' ? { ...tensor, dtype: 'F16' } : tensor);
  }
  const files = {
    'config.json': await read(join(model, 'config.json')),
    'tokenizer.json': await read(join(model, 'tokenizer.json')),
    'model.safetensors': encodeSafetensors(half),
  };
  const training = (await readJsonFile(join(model, 'training.json'))) as object;
  const digests: Record<string, string> = {};
  for (const [name, content] of Object.entries(files)) digests[name] = await fileDigest(content);
  for (const [name, content] of Object.entries(files)) await replaceFile(join(out, name), content);
  await replaceFile(join(out, 'training.json'), `${JSON.stringify({ ...training, digests }, null, 2)}\n`);
}

export function addPack(program: Command): void {
  program
    .command('pack')
    .description('make a trained model half as large, for shipping: float16 weights, with digests')
    .argument('<model>', 'the folder of a trained model')
    .requiredOption('--out <folder>', 'an existing folder, such as that of a package')
    .addHelpText('after', '\nExample:\n  $ heed pack runs/fr-en --out packages/pretrained/translation-fr-en')
    .action(pack);
}
