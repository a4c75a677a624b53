import {
  buildEmpty,
  collectWeights,
  decodeSafetensors,
  encodeSafetensors,
  loadWeights,
  ModelFileError,
  type ModelSource,
  type Module,
  openModelSource,
  readJson,
  type StoredTensor,
} from '@heed/attention-core';
import { type Tokenizer, tokenizerFromJson } from '@heed/text';

/** What stands in the files of a trained model. */
export interface TaskModelFiles<Config> {
  readonly config: Config;
  readonly tokenizer: Tokenizer;
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** What traces call the model: the last part of its location. */
  readonly name: string;
  /** A file of the model, as messages name it. */
  place(file: string): string;
}

/**
 * Reads config.json, tokenizer.json and model.safetensors of a trained model.
 *
 * @param from a folder, a URL, a package such as `@heed/translation-fr-en`, or a source
 * @param parse reads the configuration; the name of its file is for messages
 * @throws ModelFileError naming the file and what is wrong with it
 */
export async function readTaskModel<Config>(
  from: string | URL | ModelSource,
  parse: (json: unknown, name: string) => Config,
): Promise<TaskModelFiles<Config>> {
  const source = typeof from === 'string' || from instanceof URL ? await openModelSource(from) : from;
  const place = (file: string) => `${source.location}/${file}`;
  const config = parse(await readJson(source, 'config.json'), place('config.json'));
  const tokenizer = tokenizerFromJson(await readJson(source, 'tokenizer.json'), place('tokenizer.json'));
  const { tensors } = decodeSafetensors(await source.read('model.safetensors'), place('model.safetensors'));
  const name = source.location.split(/[\\/]/).findLast((part) => part) ?? source.location;
  return { config, tokenizer, tensors, name, place };
}

/**
 * The model that the files describe.
 *
 * @param least of fields of the configuration, the number of values that one matrix has because of them: a
 *   configuration whose model is much larger than its weights is refused before memory is taken for it
 * @param build makes the model; its first values do not matter
 * @throws ModelFileError if the weights do not fit; nothing is left of the model then
 */
export function modelOfFiles<M extends Module>(
  { tensors, place }: TaskModelFiles<unknown>,
  least: Readonly<Record<string, number>>,
  build: () => M,
): M {
  const stored = [...tensors.values()].reduce((sum, { values }) => sum + values.length, 0);
  for (const [field, values] of Object.entries(least)) {
    if (values <= stored) continue;
    throw new ModelFileError(
      place('config.json'),
      `${field} makes a model of more than ${values} values, but its weights are ${stored}. ` +
        'Use the config.json and the weights of the same model.',
    );
  }
  const model = buildEmpty(build);
  try {
    loadWeights(model.namedParameters(), tensors, place('model.safetensors'));
  } catch (error) {
    model.dispose();
    throw error;
  }
  return model;
}

/**
 * The files of a model, as they stand in its folder: for `writeFolder` of `@heed/attention-core/node`, or to be sent.
 *
 * @param model a translator, a captioner, …
 * @param weights instead of its own
 */
export function modelFiles(
  { config, tokenizer, model }: { config: unknown; tokenizer: Tokenizer; model: Module },
  weights: ReadonlyMap<string, StoredTensor> = collectWeights(model.namedParameters(), 'F32'),
): Record<string, Uint8Array | string> {
  return {
    'config.json': JSON.stringify(config),
    'tokenizer.json': JSON.stringify(tokenizer.toJSON()),
    'model.safetensors': encodeSafetensors(weights),
  };
}
