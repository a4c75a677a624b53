import { buildEmpty, collectWeights, loadWeights } from '@heed/attention-core';
import { randomSource } from '@heed/backend';
import { specialTokens, Vocabulary } from '@heed/text';
import {
  type TranslationBatch,
  type TranslationConfig,
  TranslationModel,
  translationBatchSizes,
} from '@heed/translation';
import { randomTokens, readStored, writeTensors } from './files.js';
import type { TranslationSizes } from './protocol.js';
import { type Prepare, trainingTask } from './training.js';

export const { specials } = new Vocabulary(specialTokens);
const FIRST_WORD = specialTokens.length;

function createModel(
  { vocabulary, embedding, encoderUnits, decoderUnits, attention }: TranslationSizes,
  random: () => number,
): TranslationModel {
  const network: TranslationConfig['network'] = {
    decoder: 'bahdanau',
    cell: 'gru',
    score: 'additive',
    embedding,
    encoderUnits,
    encoderLayers: 1,
    bidirectional: true,
    decoderUnits,
    decoderLayers: 1,
    attention,
    sharedEmbedding: false,
    reverseSource: false,
    dropout: { embedding: 0, encoder: 0, readout: 0 },
  };
  return new TranslationModel(network, vocabulary, random);
}

/** Writes a model's first weights and a batch of full-length sentences. The end token is never probable. */
export async function createTranslation(folder: string, sizes: TranslationSizes): Promise<void> {
  const random = randomSource(1);
  const weights = collectWeights(createModel(sizes, random).namedParameters(), 'F32');
  const bias = weights.get('output.bias');
  if (!bias) throw new Error('the translation model has no output.bias');
  bias.values[specials.end] = -100;
  await writeTensors(folder, 'model', weights);
  const words = (length: number) =>
    randomTokens([length, sizes.batch], [FIRST_WORD, sizes.vocabulary], random);
  const batch = { source: words(sizes.source), inputs: words(sizes.target), targets: words(sizes.target) };
  await writeTensors(folder, 'batch', new Map(Object.entries(batch)));
}

export async function loadTranslation(folder: string, sizes: TranslationSizes): Promise<TranslationModel> {
  const model = buildEmpty(() => createModel(sizes, () => 0.5));
  loadWeights(model.namedParameters(), await readStored(folder, 'model'), folder);
  return model;
}

export async function translationTask(folder: string, sizes: TranslationSizes): Promise<Prepare> {
  const model = await loadTranslation(folder, sizes);
  return trainingTask<TranslationBatch>(
    { model, sizes: translationBatchSizes, loss: (batch, random) => model.loss(batch, 0, random) },
    folder,
  );
}
