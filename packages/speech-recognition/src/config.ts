import { scoreKinds } from '@heed/attention-core';
import { count, decodingSchema, parseConfig, rate, tokenizerSchema, trainingFields } from '@heed/training';
import { z } from 'zod';

const deltas = z.int().min(0).max(2);

const featuresSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('log-mel'),
    filters: count.max(128),
    energy: z.boolean(),
    /** 1: how features change beside them; 2: how these change as well. */
    deltas,
    normalization: z.enum(['utterance', 'speaker']),
  }),
  z.strictObject({
    kind: z.literal('mfcc'),
    filters: count.max(128),
    coefficients: count.max(128),
    energy: z.boolean(),
    deltas,
    normalization: z.enum(['utterance', 'speaker']),
  }),
]);

const convolutionSchema = z
  .strictObject({ filters: count, width: z.int().min(1).max(63), stride: z.int().min(1).max(8) })
  .refine(({ width, stride }) => width >= stride, 'expected filters at least as wide as the stride');

/** How many frames become one place of the memory, and where. */
const subsamplingSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  /** Convolutions over time before the recurrent layers. */
  z.strictObject({ kind: z.literal('convolutional'), layers: z.array(convolutionSchema).min(1).max(8) }),
  /** Each recurrent layer above the first reads two steps as one (Chan et al. 2016). */
  z.strictObject({ kind: z.literal('pyramidal') }),
]);

const encoderSchema = z.strictObject({
  subsampling: subsamplingSchema,
  cell: z.enum(['gru', 'lstm']),
  /** Of each direction. */
  units: count,
  layers: count.max(16),
  dropout: rate,
});

const windowSchema = z.strictObject({
  kind: z.literal('previous'),
  /** Places of the memory on either side. */
  reach: z.number().positive(),
  center: z.enum(['median', 'expected']),
});

const decoderSchema = z.strictObject({
  cell: z.enum(['gru', 'lstm']),
  score: z.enum(scoreKinds).extract(['additive', 'location']),
  /** Filters of the score `location`, which needs them: how many, and how many places each spans. */
  location: z
    .strictObject({
      filters: count,
      width: count.refine((width) => width % 2 === 1, 'expected an odd number'),
    })
    .exactOptional(),
  /** Where a step may look. Default: anywhere. */
  window: windowSchema.exactOptional(),
  normalizer: z.enum(['softmax', 'smoothing']),
  embedding: count,
  units: count,
  /** Width of the inner layer of the score. */
  attention: count,
  dropout: z.strictObject({ embedding: rate, readout: rate }),
});

const networkSchema = z
  .strictObject({ encoder: encoderSchema, decoder: decoderSchema })
  .superRefine(({ decoder: { score, location } }, context) => {
    if ((score === 'location') === !!location) return;
    const message = 'belongs to the score location, which needs it';
    context.addIssue({ code: 'custom', path: ['decoder', 'location'], message });
  });

/** Masks over what is heard (Park et al. 2019, section 2). */
const specAugmentSchema = z.strictObject({
  /** How many, and how many filters each covers at most: F. */
  frequencyMasks: z.int().min(0).max(10),
  frequencyWidth: z.int().min(0),
  /** How many, and how large a share of a recording each covers at most: p. */
  timeMasks: z.int().min(0).max(10),
  timeShare: z.number().min(0).max(1),
});

const trainingSchema = z.strictObject({
  ...trainingFields,
  /** Frames of a batch, padding included. */
  batchFrames: count,
  /** Longer recordings are left out. */
  maximumSeconds: z.number().positive(),
  /** At which each recording is heard, as a share of how fast it was spoken (Ko et al. 2015). */
  speeds: z.array(z.number().min(0.5).max(2)).min(1).max(9),
  /** The most utterances of a speaker that are heard as one, others in every epoch. Default: each is heard alone. */
  joined: z.int().min(2).max(20).exactOptional(),
  specAugment: specAugmentSchema,
  /** λ of Watanabe et al. 2017, in training: how much the loss of the encoder's CTC counts. */
  ctcWeight: z.number().min(0).max(1),
  /** Utterances of the validation split that are recognised at a validation. */
  validationUtterances: count,
});

const speechConfigSchema = z
  .strictObject({
    task: z.literal('speech-recognition'),
    /**
     * What is written: what was said, as `text`, or its `phonemes`; of TIMIT, its 61 phones or the 48 that they are often
     * trained as, and then they are scored as 39.
     */
    symbols: z.enum(['text', 'phonemes', 'timit-61', 'timit-48']),
    features: featuresSchema,
    network: networkSchema,
    tokenizer: tokenizerSchema,
    training: trainingSchema,
    decoding: z.strictObject({
      ...decodingSchema.shape,
      /** λ of Watanabe et al. 2017, in joint decoding: how much CTC's prefix score counts. */
      ctcWeight: z.number().min(0).max(0.95),
    }),
  })
  .superRefine(({ symbols, tokenizer }, context) => {
    if (symbols === 'text' || tokenizer.kind === 'word') return;
    const message = `expected "word", so that each of the ${symbols} is a token`;
    context.addIssue({ code: 'custom', path: ['tokenizer', 'kind'], message });
  })
  .superRefine(({ training, decoding }, context) => {
    if (training.ctcWeight > 0 || decoding.ctcWeight === 0) return;
    const message = 'expected 0, since the training leaves CTC out';
    context.addIssue({ code: 'custom', path: ['decoding', 'ctcWeight'], message });
  });

/** Everything that tells one recogniser from another. */
export type SpeechConfig = z.infer<typeof speechConfigSchema>;
export type FeaturesConfig = SpeechConfig['features'];
export type NetworkConfig = SpeechConfig['network'];
export type EncoderConfig = NetworkConfig['encoder'];
export type WindowConfig = z.infer<typeof windowSchema>;

/** @param name where the configuration comes from, for the message @throws naming the field and what was expected */
export const parseSpeechConfig = (json: unknown, name: string): SpeechConfig =>
  parseConfig(speechConfigSchema, json, name);
