import { scoreKinds } from '@heed/attention-core';
import { count, decodingSchema, parseConfig, rate, tokenizerSchema, trainingFields } from '@heed/training';
import { z } from 'zod';

const inputSchema = z.strictObject({
  /** How many sentences of an article are read, from the first. Default: all. */
  sentences: count.exactOptional(),
  /** In tokens; what is beyond is not read. */
  maximumLength: count,
  /** Every digit as #, in articles and headlines (Rush et al. 2015, section 7.1). */
  maskDigits: z.boolean(),
});

/** ABS (Rush et al. 2015, section 3). */
const absSchema = z.strictObject({
  kind: z.literal('abs'),
  encoder: z.enum(['bag-of-words', 'convolutional', 'attention']),
  /** D, of the headline's words. */
  embedding: count,
  /** H, of the hidden layer, and of the article's words. */
  units: count,
  /** C, how many words of the headline the next one is predicted from. */
  window: count,
  /** Q, how many words on each side a convolution or the smoothing of the attention spans. */
  reach: count,
  /** L, of the convolutional encoder. */
  layers: count,
  /** ABS+: features of what is copied, weighed on the validation articles after the training (section 5). */
  extraction: z.boolean(),
  dropout: z.strictObject({ embedding: rate, hidden: rate }),
});

/** RAS (Chopra et al. 2016, section 3). */
const rasSchema = z.strictObject({
  kind: z.literal('ras'),
  cell: z.enum(['elman', 'lstm']),
  /** d, of embedded words and of the hidden layer. */
  units: count,
  /** q, how many words a filter of the encoder spans; an odd number. */
  width: count.refine((width) => width % 2 === 1, 'expected an odd number'),
  dropout: z.strictObject({ embedding: rate, readout: rate }),
});

/** An encoder and a decoder that are recurrent, with a pointer-generator (See et al. 2017) or without. */
const recurrentSchema = z.strictObject({
  kind: z.literal('recurrent'),
  /** How the decoder is wired; `sutskever` and `cho` do not attend. */
  decoder: z.enum(['bahdanau', 'luong', 'conditional', 'sutskever', 'cho']),
  cell: z.enum(['gru', 'lstm']),
  score: z.enum(scoreKinds).exclude(['location', 'multiHead']),
  embedding: count,
  /** Of each direction of the encoder. */
  encoderUnits: count,
  encoderLayers: count,
  bidirectional: z.boolean(),
  decoderUnits: count,
  decoderLayers: count,
  /** Width of the inner layer of scores that have one. */
  attention: count,
  /** One matrix embeds articles and headlines and scores the headline's words (Press and Wolf 2017). */
  sharedEmbedding: z.boolean(),
  /** Whether words of the article, also such as the vocabulary lacks, can be copied (See et al. 2017, section 2.2). */
  copy: z.boolean(),
  dropout: z.strictObject({ embedding: rate, encoder: rate, readout: rate }),
});

type Recurrent = z.infer<typeof recurrentSchema>;

/** Whether the decoder of a recurrent network says where it looked. */
export const decoderAttends = ({ decoder }: Pick<Recurrent, 'decoder'>): boolean =>
  decoder !== 'sutskever' && decoder !== 'cho';

/** The first part of the network that does not go with the others, and what to do. */
function misfit(network: z.infer<typeof anyNetwork>): { field: string; message: string } | undefined {
  if (network.kind === 'abs' && network.extraction && network.encoder !== 'attention')
    return { field: 'extraction', message: `belongs to the encoder attention, not to ${network.encoder}` };
  if (network.kind === 'abs' && network.extraction && network.window < 2)
    return {
      field: 'window',
      message: 'must be at least 2 with extraction, which sees two words before each',
    };
  if (network.kind !== 'recurrent') return undefined;
  const { decoder, score, copy, decoderUnits, encoderUnits, bidirectional } = network;
  const width = encoderUnits * (bidirectional ? 2 : 1);
  if (decoder === 'conditional' && network.decoderLayers !== 1)
    return {
      field: 'decoderLayers',
      message: 'must be 1: the decoder conditional has two cells of its own',
    };
  if (!decoderAttends(network))
    return copy
      ? { field: 'copy', message: `the decoder ${decoder} does not attend, and so cannot copy: give false` }
      : undefined;
  if ((score === 'dot' || score === 'scaledDot') && decoderUnits !== width)
    return {
      field: 'decoderUnits',
      message: `the score ${score} needs as many as the encoder's outputs are wide, ${width}`,
    };
  return undefined;
}

const anyNetwork = z.discriminatedUnion('kind', [absSchema, rasSchema, recurrentSchema]);
const networkSchema = anyNetwork.superRefine((network, context) => {
  const found = misfit(network);
  if (found) context.addIssue({ code: 'custom', path: [found.field], message: found.message });
});

const trainingSchema = z.strictObject({
  ...trainingFields,
  /** Of headlines, in tokens; articles with longer ones are left out. */
  maximumLength: count,
  /** Tokens of a batch, padding included, on the articles' side. */
  batchTokens: count,
  /** λ of the coverage loss (See et al. 2017, equation 13), and the step it begins with. Default: there is none. */
  coverage: z.strictObject({ weight: z.number().positive(), from: count }).exactOptional(),
  /** Articles of the validation split that are summarised at a validation. */
  validationArticles: count,
});

const summarizationDecodingSchema = z.strictObject({
  ...decodingSchema.shape,
  /** Of a headline, in tokens. Equal, they fix its length, as Rush et al. 2015 do (section 2). */
  minimumLength: z.int().nonnegative(),
  maximumLength: count,
});

const summarizationConfigSchema = z
  .strictObject({
    task: z.literal('summarization'),
    input: inputSchema,
    network: networkSchema,
    tokenizer: z.strictObject({ ...tokenizerSchema.shape, lowercase: z.boolean() }),
    training: trainingSchema,
    decoding: summarizationDecodingSchema,
  })
  .refine(({ network, training }) => !training.coverage || modelAttends(network), {
    path: ['training', 'coverage'],
    error: 'belongs to a recurrent network that attends',
  })
  .refine(({ network, training }) => !copies(network) || training.labelSmoothing === 0, {
    path: ['training', 'labelSmoothing'],
    error: 'must be 0 in a network that copies',
  })
  .refine(
    ({ network, decoding }) => !extracts(network) || decoding.minimumLength === decoding.maximumLength,
    {
      path: ['network', 'extraction'],
      error: 'needs headlines of one length: give decoding.minimumLength and maximumLength the same',
    },
  )
  .refine(({ decoding }) => decoding.minimumLength <= decoding.maximumLength, {
    path: ['decoding', 'minimumLength'],
    error: 'must be at most decoding.maximumLength',
  });

const modelAttends = (network: z.infer<typeof anyNetwork>) =>
  network.kind === 'recurrent' && decoderAttends(network);

/** Whether it is ABS+. */
export const extracts = (network: z.infer<typeof anyNetwork>): boolean =>
  network.kind === 'abs' && network.extraction;

/** Whether a network copies words of the article, and so reads those that the vocabulary lacks. */
export const copies = (network: z.infer<typeof anyNetwork>): boolean =>
  network.kind === 'recurrent' && network.copy;

/** Everything that tells one summarization model from another. */
export type SummarizationConfig = z.infer<typeof summarizationConfigSchema>;
export type InputConfig = SummarizationConfig['input'];
export type NetworkConfig = SummarizationConfig['network'];
export type AbsConfig = z.infer<typeof absSchema>;
export type RasConfig = z.infer<typeof rasSchema>;
export type RecurrentConfig = Recurrent;

/** @param name where the configuration comes from, for the message @throws naming the field and what was expected */
export const parseSummarizationConfig = (json: unknown, name: string): SummarizationConfig =>
  parseConfig(summarizationConfigSchema, json, name);
