import { count, parseConfig, rate, tokenizerSchema, trainingFields } from '@heed/training';
import { z } from 'zod';

const embeddingSchema = z.strictObject({
  /** Of a file of word vectors that a training is given, the file's. */
  width: count,
  /** Whether the vectors of such a file stay as they are. */
  fixed: z.boolean(),
  /**
   * Words that are not in the file: `learned` from the data (Rocktäschel et al. 2016, section 3), or, wherever they
   * stand, `averaged` over the words around them that are in it (Wang and Jiang 2016, section 2.4).
   */
  unknown: z.enum(['learned', 'averaged']),
  /** The vocabulary's last words, whose vectors came from a file; filled in by the training. */
  known: count.exactOptional(),
});

const networkFields = z.strictObject({
  embedding: embeddingSchema,
  /** Width that embedded words are brought to by a learned matrix; 0: they are read as they are. */
  projection: z.int().nonnegative(),
  /**
   * How the LSTMs read: the two sentences `apart`, or `conditional`, the second LSTM beginning with a delimiter and the
   * cell in which the first ended (Rocktäschel et al. 2016, section 2.2).
   */
  encoding: z.enum(['apart', 'conditional']),
  /** Whether the same LSTM reads both sentences. */
  sharedEncoder: z.boolean(),
  /** Whether each sentence is read in both directions. */
  bidirectional: z.boolean(),
  /**
   * `none`; `last`: the whole hypothesis attends to the premise once (section 2.3); `word-by-word`: each of its words
   * does (section 2.4); `match`: a further LSTM reads each of its words beside what it attends to (Wang and Jiang 2016);
   * `alignment`: the words of both attend to the other's, are compared, and read once more (Chen et al. 2017).
   */
  attention: z.enum(['none', 'last', 'word-by-word', 'match', 'alignment']),
  /** Whether the pair is also read with premise and hypothesis swapped (section 2.5). `alignment` always is. */
  twoWay: z.boolean(),
  /** Of each LSTM, and of each direction. */
  units: count,
  /** Width of the inner layer before the labels; 0: there is none. */
  classifier: z.int().nonnegative(),
  dropout: z.strictObject({ embedding: rate, encoder: rate, classifier: rate }),
  /** Whether it also says how related the sentences are, which it learns of pairs that say so, as SICK's do. */
  relatedness: z.boolean().default(false),
});

/** The first switch that does not go with the others, and what to do. */
function misfit(network: z.infer<typeof networkFields>): [field: string, message: string] | undefined {
  const { encoding, bidirectional, attention, twoWay } = network;
  if (encoding === 'conditional' && bidirectional)
    return ['bidirectional', 'conditional encoding reads in one direction: give false'];
  if (encoding === 'conditional' && (attention === 'match' || attention === 'alignment'))
    return ['encoding', `the attention ${attention} compares sentences that were read apart: give "apart"`];
  if (attention === 'alignment' && twoWay)
    return ['twoWay', 'the attention alignment looks both ways already: give false'];
  return undefined;
}

const networkSchema = networkFields.superRefine((network, context) => {
  const found = misfit(network);
  if (found) context.addIssue({ code: 'custom', path: [found[0]], message: found[1] });
});

const trainingSchema = z.strictObject({
  ...trainingFields,
  /** Pairs. */
  batchSize: count,
  /** Pairs of the validation split that are classified at a validation. */
  validationPairs: count,
  /** Whether pairs are also learnt the other way round, where the data say what label that has, as SICK does. */
  reversed: z.boolean().default(false),
});

const entailmentConfigSchema = z
  .strictObject({
    task: z.literal('entailment'),
    network: networkSchema,
    /** Networks beside `network`, each trained by itself: the mean of all their probabilities counts. */
    ensemble: z.array(networkSchema).min(1).exactOptional(),
    tokenizer: z.strictObject({ ...tokenizerSchema.shape, lowercase: z.boolean() }),
    training: trainingSchema,
  })
  .superRefine(({ network, ensemble = [] }, context) => {
    ensemble.forEach((other, i) => {
      if (other.attention === network.attention) return;
      const message = `must have the attention of \`network\`: "${network.attention}"`;
      context.addIssue({ code: 'custom', path: ['ensemble', i, 'attention'], message });
    });
  });

/** Everything that tells one entailment model from another. */
export type EntailmentConfig = z.infer<typeof entailmentConfigSchema>;
export type NetworkConfig = EntailmentConfig['network'];
export type EmbeddingConfig = NetworkConfig['embedding'];

/** @param name where the configuration comes from, for the message @throws naming the field and what was expected */
export const parseEntailmentConfig = (json: unknown, name: string): EntailmentConfig =>
  parseConfig(entailmentConfigSchema, json, name);
