import { count, decodingSchema, parseConfig, rate, tokenizerSchema, trainingFields } from '@heed/training';
import { z } from 'zod';
import { MOST_VIEWS } from './views.js';

/** Features of a network that is not part of the model: any TensorFlow.js model. */
const featuresSchema = z.strictObject({
  kind: z.literal('features'),
  /** What the network is called, and where it comes from: for whoever has to find it. */
  network: z.string().min(1),
  /** The node of a graph model, or the layer of a layers model, whose [N, H, W, C] output is attended to. */
  node: z.string().min(1),
  /** Side of the images that the network reads. */
  imageSize: count,
  /** What black and white are in the network's input. */
  pixelRange: z.tuple([z.number(), z.number()]),
  rows: count,
  columns: count,
  channels: count,
  /** Of the network's files, filled in by the training; another network is refused then. */
  digest: z.string().optional(),
});

/** A small network, trained with the decoder. */
const convolutionalSchema = z.strictObject({
  kind: z.literal('convolutional'),
  imageSize: count.max(1024),
  layers: z
    .array(z.strictObject({ filters: count, width: z.int().min(1).max(15), stride: z.int().min(1).max(8) }))
    .min(1)
    .max(32),
});

const networkSchema = z.strictObject({
  /**
   * `soft`: the expectation of the places; `hard`: one place, drawn in training (Xu et al. 2015, sections 4.2 and 4.1);
   * `none`: at every step the mean of all places, which is what attention is measured against.
   */
  attention: z.enum(['soft', 'hard', 'none']),
  /** Width of what is attended to, learnt from the features; 0: the features themselves. */
  values: z.int().nonnegative(),
  embedding: count,
  units: count,
  /** Width of the inner layer of the additive score. */
  score: count,
  /** Whether each step decides how much of the context it takes: the gate β (section 4.2.1). */
  gate: z.boolean(),
  dropout: z.strictObject({ features: rate, embedding: rate, readout: rate }),
});

const trainingSchema = z.strictObject({
  ...trainingFields,
  /** Captions. */
  batchSize: count,
  /** λ of equation 14: how much it counts that every place is looked at. */
  doublyStochastic: z.number().min(0),
  /** Of hard attention (section 4.1). */
  reinforce: z.strictObject({
    /** λᵣ */
    weight: z.number().min(0),
    /** λₑ */
    entropy: z.number().min(0),
    /** How many of the captions are trained with the expectation in place of a draw. */
    softShare: z.number().min(0).max(1),
  }),
  /**
   * Learns from captions that the model draws itself and metrics judge, not from people's (Rennie et al. 2017): for a
   * model that has learnt from people's before. Absent: it learns from people's.
   */
  selfCritical: z
    .strictObject({
      /** Captions that are drawn of an image, to be compared with each other. */
      samples: z.int().min(2).max(100),
      /** How much the mean of a caption's BLEU-1 to BLEU-4, 0 to 1, counts beside its CIDEr-D. Default 0. */
      bleu: z.number().min(0).exactOptional(),
    })
    .exactOptional(),
  /** Views of each image that training sees, one of them an epoch: mirrored, crops. Default 1, the image. */
  views: z.int().min(1).max(MOST_VIEWS).exactOptional(),
  /** Images of the validation split that are captioned at a validation. */
  validationImages: count,
  /** What decides which model is the best. */
  metric: z.enum(['cider', 'bleu4']),
});

const captioningConfigSchema = z
  .strictObject({
    task: z.literal('image-captioning'),
    encoder: z.discriminatedUnion('kind', [featuresSchema, convolutionalSchema]),
    network: networkSchema,
    /** Networks beside `network`, each trained by itself: in search, the mean of all their probabilities counts. */
    ensemble: z.array(networkSchema).min(1).exactOptional(),
    tokenizer: tokenizerSchema,
    training: trainingSchema,
    decoding: decodingSchema,
  })
  .superRefine(({ network, ensemble = [] }, context) => {
    ensemble.forEach((other, i) => {
      if (attends(other) === attends(network) && other.gate === network.gate) return;
      const message = 'must attend, and have a gate, if `network` does';
      context.addIssue({ code: 'custom', path: ['ensemble', i], message });
    });
  })
  .superRefine(({ network, training }, context) => {
    if (!training.selfCritical) return;
    const fault = (message: string) =>
      context.addIssue({ code: 'custom', path: ['training', 'selfCritical'], message });
    if (network.attention === 'hard') {
      fault(
        'hard attention learns from how probable the words of people are: leave it out, or use soft attention',
      );
    }
    if (Object.values(network.dropout).some((rate) => rate > 0)) {
      fault('captions are drawn without dropout, and must be learnt from without it: network.dropout of 0');
    }
  });

/** Everything that tells one captioning model from another. */
export type CaptioningConfig = z.infer<typeof captioningConfigSchema>;
export type EncoderConfig = CaptioningConfig['encoder'];
export type FeaturesConfig = Extract<EncoderConfig, { kind: 'features' }>;
export type NetworkConfig = CaptioningConfig['network'];

/** Whether a network's captions say where it looked. */
export const attends = ({ attention }: Pick<NetworkConfig, 'attention'>): boolean => attention !== 'none';

/** @param name where the configuration comes from, for the message @throws naming the field and what was expected */
export const parseCaptioningConfig = (json: unknown, name: string): CaptioningConfig =>
  parseConfig(captioningConfigSchema, json, name);
