import type { AttentionTrace } from '@heed/visualization';

export type TaskName = AttentionTrace['task'];

/** A model that the studio runs, where it is there when the studio is built. */
export interface StudioModel {
  readonly task: TaskName;
  /** The package that ships it. */
  readonly package: string;
  /** What to expect of it, in one sentence. */
  readonly knows: string;
  /** Whether it reads its input into one fixed vector: what attention is compared with. Default: it attends. */
  readonly fixedVector?: true;
  /** Whether it knows what is made by code, which its tab then has to offer. */
  readonly synthetic?: true;
  /** Whether it captions another network's features, which no package ships: `--features` names that network. */
  readonly readsFeatures?: true;
}

/** The studio's models. The first of a task is the one that its tab opens with. */
export const studioModels: readonly StudioModel[] = [
  {
    task: 'translation',
    package: '@heed/translation-fr-en',
    knows: 'French to English, everyday sentences.',
  },
  {
    task: 'translation',
    package: '@heed/translation-fr-en-fixed',
    knows: 'The same without attention: the sentence as one vector.',
    fixedVector: true,
  },
  {
    task: 'image-captioning',
    package: '@heed/image-captioning-scenes',
    knows: 'Drawn scenes of two shapes and nothing else: it will call a photo two shapes, too.',
    synthetic: true,
  },
  {
    task: 'image-captioning',
    package: '@heed/image-captioning-flickr8k',
    knows: 'Photos of people and dogs, as they are in Flickr8k.',
    readsFeatures: true,
  },
  {
    task: 'entailment',
    package: '@heed/entailment-sick',
    knows: 'Short English sentences about everyday scenes.',
  },
  {
    task: 'speech-recognition',
    package: '@heed/speech-recognition-tones',
    knows: 'Eight tones and nothing else: it will hear tones in speech, too.',
    synthetic: true,
  },
  {
    task: 'speech-recognition',
    package: '@heed/speech-recognition-an4-characters',
    knows: 'English: names and addresses that are spelled, numbers and dates. It writes characters.',
  },
  {
    task: 'speech-recognition',
    package: '@heed/speech-recognition-an4-phonemes',
    knows: 'The same, as phonemes.',
  },
  {
    task: 'summarization',
    package: '@heed/summarization-arxiv',
    knows: 'English abstracts of research papers, and short business news.',
  },
];

/** What a model is called: in traces, and as the folder of its files. */
export const modelName = (model: Pick<StudioModel, 'package'>): string =>
  model.package.split('/').at(-1) as string;

/** The model of a name, see `modelName`. */
export const modelNamed = (name: string): StudioModel | undefined =>
  studioModels.find((model) => modelName(model) === name);

/** The files of a model that a page needs. */
export const MODEL_FILES = ['config.json', 'tokenizer.json', 'model.safetensors', 'training.json'] as const;
