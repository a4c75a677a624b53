import { scoreKinds } from '@heed/attention-core';
import { count, decodingSchema, parseConfig, rate, tokenizerSchema, trainingFields } from '@heed/training';
import { z } from 'zod';

const reach = z.number().positive();

const networkFields = z.strictObject({
  /** How the decoder is wired; `sutskever` and `cho` do not attend. */
  decoder: z.enum(['bahdanau', 'luong', 'conditional', 'sutskever', 'cho']),
  cell: z.enum(['gru', 'lstm']),
  score: z.enum(scoreKinds),
  /** Filters of the score `location`, which needs them: how many, and how many places each spans. */
  location: z
    .strictObject({
      filters: count,
      width: count.refine((width) => width % 2 === 1, 'expected an odd number'),
    })
    .exactOptional(),
  /** Of the score `multiHead`, which needs it. */
  heads: count.exactOptional(),
  /** Where a step may look. Default: anywhere. */
  window: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('previous'), reach, center: z.enum(['median', 'expected']) }),
      z.strictObject({ kind: z.enum(['local-m', 'local-p']), reach }),
    ])
    .exactOptional(),
  /** What makes weights of scores. Default: softmax. `hard` is not here: only REINFORCE can train it. */
  normalizer: z.enum(['softmax', 'smoothing', 'sparsemax', 'monotonic']).exactOptional(),
  /** Of the softmax. Default: 1. */
  temperature: z.number().positive().exactOptional(),
  embedding: count,
  /** Of each direction of the encoder. */
  encoderUnits: count,
  encoderLayers: count,
  bidirectional: z.boolean(),
  decoderUnits: count,
  decoderLayers: count,
  /** Width of the inner layer of scores that have one, and of a local-p window's; of all heads together. */
  attention: count,
  /** One matrix embeds source and target and scores the target (Press and Wolf 2017). */
  sharedEmbedding: z.boolean(),
  /** The encoder reads from the last word to the first (Sutskever et al. 2014, section 3.3). */
  reverseSource: z.boolean(),
  dropout: z.strictObject({ embedding: rate, encoder: rate, readout: rate }),
});

/** Whether a network's decoder says where it looked. */
export const attends = ({ decoder }: Pick<z.infer<typeof networkFields>, 'decoder'>) =>
  decoder !== 'sutskever' && decoder !== 'cho';

/** The first part of the attention that does not go with the others, and what to do. */
function misfit(network: z.infer<typeof networkFields>): { field: string; message: string } | undefined {
  const { decoder, score, location, heads, normalizer, temperature, attention } = network;
  const parts = { location, heads, window: network.window, normalizer, temperature };
  const given = Object.entries(parts).flatMap(([field, value]) => (value === undefined ? [] : [field]));
  const width = network.encoderUnits * (network.bidirectional ? 2 : 1);
  const rules: [field: string | undefined, broken: boolean, message: string][] = [
    [given[0], !attends(network) && given.length > 0, `the decoder ${decoder} does not attend: leave it out`],
    ['location', (score === 'location') !== !!location, 'belongs to the score location, which needs it'],
    ['heads', (score === 'multiHead') !== !!heads, 'belongs to the score multiHead, which needs it'],
    ['heads', attention % (heads ?? 1) !== 0, `must divide network.attention, which is ${attention}`],
    [
      given.find((field) => field !== 'heads'),
      score === 'multiHead' && given.length > 1,
      'the score multiHead has a softmax of its own and no window: leave it out',
    ],
    [
      'temperature',
      temperature !== undefined && (normalizer ?? 'softmax') !== 'softmax',
      `belongs to the normalizer softmax, not to ${normalizer}`,
    ],
    [
      'decoderLayers',
      decoder === 'conditional' && network.decoderLayers !== 1,
      'must be 1: the decoder conditional has two cells of its own',
    ],
    [
      'decoderUnits',
      (score === 'dot' || score === 'scaledDot') && network.decoderUnits !== width,
      `the score ${score} needs as many as the encoder's outputs are wide, ${width}`,
    ],
  ];
  // What a decoder that does not attend has for a score is of no account.
  const broken = (attends(network) ? rules : rules.slice(0, 1)).find(([, isBroken]) => isBroken);
  return broken && { field: broken[0] as string, message: broken[2] };
}

const networkSchema = networkFields.superRefine((network, context) => {
  const found = misfit(network);
  if (found) context.addIssue({ code: 'custom', path: [found.field], message: found.message });
});

const scheduledSamplingSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('linear'),
    start: z.number().min(0).max(1),
    slope: z.number().positive(),
    minimum: z.number().min(0).max(1),
  }),
  z.strictObject({ kind: z.literal('exponential'), k: z.number().positive().max(1) }),
  z.strictObject({ kind: z.literal('inverse-sigmoid'), k: z.number().min(1) }),
]);

const trainingSchema = z.strictObject({
  ...trainingFields,
  /** Tokens of a batch, padding included, on its longer side. */
  batchTokens: count,
  /** Probability with which a merge of a source's byte pairs is left out (Provilkov et al. 2020). Default: 0. */
  bpeDropout: rate.exactOptional(),
  /** How the decoder comes to be fed its own words (Bengio et al. 2015, section 2.4). Default: it never is. */
  scheduledSampling: scheduledSamplingSchema.exactOptional(),
  /** Sentences of the validation split that are translated at a validation. */
  validationSentences: count,
});

export const translationConfigSchema = z
  .strictObject({
    task: z.literal('translation'),
    languages: z.strictObject({ source: z.string().min(1), target: z.string().min(1) }),
    network: networkSchema,
    /** Networks beside `network`, each trained by itself: in search, the mean of all their probabilities counts. */
    ensemble: z.array(networkSchema).min(1).exactOptional(),
    tokenizer: tokenizerSchema,
    training: trainingSchema,
    decoding: decodingSchema,
  })
  .refine(({ tokenizer, training }) => tokenizer.kind === 'bpe' || !training.bpeDropout, {
    path: ['training', 'bpeDropout'],
    error: 'belongs to the tokenizer bpe',
  })
  .superRefine(({ network, ensemble = [] }, context) => {
    ensemble.forEach((other, i) => {
      if (other.reverseSource === network.reverseSource && attends(other) === attends(network)) return;
      const message = 'must read its source in the order that `network` does, and attend if that does';
      context.addIssue({ code: 'custom', path: ['ensemble', i], message });
    });
  });

/** Everything that tells one translation model from another. */
export type TranslationConfig = z.infer<typeof translationConfigSchema>;
export type NetworkConfig = TranslationConfig['network'];

/** @param name where the configuration comes from, for the message @throws naming the field and what was expected */
export const parseTranslationConfig = (json: unknown, name: string): TranslationConfig =>
  parseConfig(translationConfigSchema, json, name);
