import { adam } from '@heed/training';
import type { EntailmentConfig, NetworkConfig } from './config.js';

const noDropout = { embedding: 0, encoder: 0, classifier: 0 };

/**
 * What all models of Rocktäschel et al. 2016 share (section 3): word vectors of 300, those of a file fixed, brought to
 * the LSTMs' width of 100; Adam, with a rate and a dropout of the grid that it was searched over.
 */
const rocktaschel2016: EntailmentConfig = {
  task: 'entailment',
  network: {
    embedding: { width: 300, fixed: true, unknown: 'learned' },
    projection: 100,
    encoding: 'conditional',
    sharedEncoder: false,
    bidirectional: false,
    attention: 'none',
    twoWay: false,
    units: 100,
    classifier: 100,
    dropout: { embedding: 0.1, encoder: 0, classifier: 0.1 },
    relatedness: false,
  },
  tokenizer: { kind: 'word', vocabularySize: 40_000, lowercase: true },
  training: {
    steps: 200_000,
    batchSize: 32,
    maximumLength: 100,
    validationPairs: 10_000,
    reversed: false,
    labelSmoothing: 0,
    clip: 5,
    optimizer: adam,
    learningRate: { peak: 1e-3, warmUp: 0, decay: 'none' },
    stepsPerValidation: 1000,
    patience: 20,
  },
};

type Switches = Partial<Pick<NetworkConfig, 'encoding' | 'attention' | 'twoWay'>>;

const variant = (switches: Switches): EntailmentConfig => ({
  ...rocktaschel2016,
  network: { ...rocktaschel2016.network, ...switches },
});

/** Section 2.2: each sentence by an LSTM of its own, which knows nothing of the other. */
const lstms: Switches = { encoding: 'apart' };
/** Section 2.2. */
const conditional: Switches = {};
/** Section 2.3. */
const attention: Switches = { attention: 'last' };
/** Section 2.4. */
const wordByWord: Switches = { attention: 'word-by-word' };
/** Section 2.5. */
const twoWay = { twoWay: true };

/** match-LSTM with word vectors that are averaged where the file has none (Wang and Jiang 2016, section 2). */
const matchLstm: EntailmentConfig = {
  ...rocktaschel2016,
  network: {
    ...rocktaschel2016.network,
    embedding: { width: 300, fixed: true, unknown: 'averaged' },
    projection: 0,
    encoding: 'apart',
    attention: 'match',
    units: 150,
    classifier: 0,
    dropout: noDropout,
  },
  training: { ...rocktaschel2016.training, batchSize: 30 },
};

/**
 * For some thousands or tens of thousands of pairs and no word vectors: soft alignment of both sentences (Chen et al.
 * 2017), narrow, with much dropout.
 */
const practical: EntailmentConfig = {
  ...rocktaschel2016,
  network: {
    embedding: { width: 200, fixed: false, unknown: 'learned' },
    projection: 0,
    encoding: 'apart',
    sharedEncoder: true,
    bidirectional: true,
    attention: 'alignment',
    twoWay: false,
    units: 150,
    classifier: 150,
    dropout: { embedding: 0.4, encoder: 0.3, classifier: 0.4 },
    relatedness: true,
  },
  tokenizer: { kind: 'word', vocabularySize: 10_000, lowercase: true },
  training: {
    ...rocktaschel2016.training,
    steps: 10_000,
    labelSmoothing: 0.1,
    learningRate: { peak: 1e-3, warmUp: 200, decay: 'cosine' },
    stepsPerValidation: 500,
    reversed: true,
  },
};

/** Small enough to train in a minute or two: word-by-word attention for `syntheticPairs` and first trials. */
const small: EntailmentConfig = {
  ...rocktaschel2016,
  network: {
    ...rocktaschel2016.network,
    ...wordByWord,
    embedding: { width: 32, fixed: false, unknown: 'learned' },
    projection: 0,
    units: 64,
    classifier: 64,
    dropout: noDropout,
  },
  tokenizer: { kind: 'word', vocabularySize: 2000, lowercase: true },
  training: {
    ...rocktaschel2016.training,
    steps: 2000,
    batchSize: 64,
    learningRate: { peak: 4e-3, warmUp: 50, decay: 'cosine' },
    stepsPerValidation: 250,
  },
};

/** Named configurations: a practical one, a small one, and the papers'. */
export const entailmentPresets = {
  practical,
  small,
  'rocktaschel2016-lstms': variant(lstms),
  'rocktaschel2016-lstms-two-way': variant({ ...lstms, ...twoWay }),
  'rocktaschel2016-conditional': variant(conditional),
  'rocktaschel2016-conditional-two-way': variant({ ...conditional, ...twoWay }),
  'rocktaschel2016-attention': variant(attention),
  'rocktaschel2016-attention-two-way': variant({ ...attention, ...twoWay }),
  'rocktaschel2016-word-by-word': variant(wordByWord),
  'rocktaschel2016-word-by-word-two-way': variant({ ...wordByWord, ...twoWay }),
  'match-lstm': matchLstm,
} as const;
export type EntailmentPreset = keyof typeof entailmentPresets;
