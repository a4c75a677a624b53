import { packageSource } from '@heed/attention-core/node';

/** The models that figures are of, as the command line calls them, each with the package that ships it, if one does. */
const models = {
  translation: '@heed/translation-fr-en',
  'fixed-vector': '@heed/translation-fr-en-fixed',
  captions: '@heed/image-captioning-scenes',
  'hard-captions': undefined,
  features: undefined,
  entailment: '@heed/entailment-sick',
  speech: '@heed/speech-recognition-tones',
  'content-speech': undefined,
  summarization: '@heed/summarization-arxiv',
} as const;

/** The data that figures are of, likewise; what is named here is made by code. */
const data = {
  multi30k: undefined,
  tatoeba: undefined,
  images: 'synthetic',
  speech: 'synthetic',
} as const;

export type ModelName = keyof typeof models;
export type DataName = keyof typeof data;

export const figureModelNames = Object.keys(models) as readonly ModelName[];
export const figureDataNames = Object.keys(data) as readonly DataName[];

/** A figure's model or data are not here, and were not named. */
export class MissingMaterialError extends Error {}

/** What figures are made of: what the user names, or else what is shipped or made by code. */
export class Materials {
  /** @param named folders (of models also URLs and packages), by what they are called here */
  constructor(
    private readonly named: {
      readonly models?: Partial<Readonly<Record<ModelName, string>>>;
      readonly data?: Partial<Readonly<Record<DataName, string>>>;
    },
  ) {}

  /** @throws MissingMaterialError if it is not named, and not installed as a package */
  model(name: ModelName): string {
    const found = this.modelIfAny(name);
    if (found !== undefined) return found;
    const shipped = models[name];
    const why = shipped === undefined ? '' : `, and ${shipped} is not installed`;
    throw new MissingMaterialError(`it takes a model: --model ${name}=FOLDER is not given${why}`);
  }

  modelIfAny(name: ModelName): string | undefined {
    const shipped = models[name];
    return this.named.models?.[name] ?? (shipped !== undefined && isInstalled(shipped) ? shipped : undefined);
  }

  /** @throws MissingMaterialError if they are not named, and cannot be made by code */
  data(name: DataName): string {
    const found = this.named.data?.[name] ?? data[name];
    if (found !== undefined) return found;
    throw new MissingMaterialError(`it takes data: --data ${name}=FOLDER is not given`);
  }
}

function isInstalled(name: string): boolean {
  try {
    packageSource(name);
    return true;
  } catch {
    return false;
  }
}
