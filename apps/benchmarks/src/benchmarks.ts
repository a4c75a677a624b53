import type { AttentionOptions } from '@heed/attention-core';
import type { DecodingSizes, SpeechSizes, TranslationSizes, Work } from './worker/protocol.js';

/** Work that is measured on both sides. */
export interface Benchmark {
  readonly name: string;
  /** For people. */
  readonly work: string;
  readonly task: Work;
  /** Rounds if none are asked for. */
  readonly rounds: number;
  /** Products in bfloat16 on both sides. */
  readonly bf16?: boolean;
  /** What is read is cut off sharply, so that by rounding alone a place may be in on one side and out on the other. */
  readonly cuts?: boolean;
  /** Also the first run on a batch of another length. */
  readonly unseen?: true;
  /** Only from the start of the process to the end of its first run, in new processes each time. */
  readonly startUp?: true;
}

const translation: TranslationSizes = {
  vocabulary: 8000,
  embedding: 256,
  encoderUnits: 256,
  decoderUnits: 256,
  attention: 256,
  batch: 64,
  source: 14,
  target: 14,
};
const decoding: DecodingSizes = { ...translation, steps: 20, beam: 1 };
const speech: SpeechSizes = {
  features: 120,
  frames: 200,
  unseenFrames: 230,
  units: 512,
  layers: 2,
  vocabulary: 40,
  embedding: 128,
  attention: 128,
  filters: 32,
  filterWidth: 31,
  batch: 32,
  target: 40,
};
const translationStep = 'training step: GRU-256, additive attention, 64 pairs of 14 tokens, vocabulary 8,000';

const attentionWidths = { queryWidth: 256, valueWidth: 256, units: 256 };
const reach = 10;
/** Each score with a softmax, then windows and normalizers with the cheapest score. */
const mechanisms: readonly (Omit<AttentionOptions, keyof typeof attentionWidths> & {
  name: string;
  decoding?: true;
  cuts?: true;
  comparedAfter?: number;
})[] = [
  { name: 'additive', score: 'additive' },
  { name: 'normalized-additive', score: 'normalizedAdditive' },
  { name: 'concat', score: 'concat' },
  { name: 'dot', score: 'dot' },
  { name: 'scaled-dot', score: 'scaledDot' },
  { name: 'general', score: 'general' },
  { name: 'location', score: 'location', location: { filters: 32, width: 31 } },
  { name: 'coverage', score: 'coverage' },
  { name: 'multi-head', score: 'multiHead', heads: 8 },
  { name: 'window-median', score: 'dot', window: { kind: 'previous', center: 'median', reach } },
  { name: 'window-expected', score: 'dot', window: { kind: 'previous', center: 'expected', reach } },
  { name: 'local-m', score: 'dot', window: { kind: 'local-m', reach } },
  // A chain of its steps is chaotic: over 1,024 places and more, PyTorch's own float32 and float64 are far apart after three.
  { name: 'local-p', score: 'dot', window: { kind: 'local-p', reach }, cuts: true, comparedAfter: 1 },
  { name: 'smoothing', score: 'dot', normalizer: 'smoothing' },
  { name: 'sparsemax', score: 'dot', normalizer: 'sparsemax' },
  { name: 'monotonic', score: 'dot', normalizer: 'monotonic' },
  { name: 'monotonic-hard', score: 'dot', normalizer: 'monotonic', decoding: true },
];
const steps = 8;
const attention = mechanisms.map(
  ({ name, decoding = false, cuts = false, comparedAfter = steps, ...options }): Benchmark => ({
    name: `attention/${name}`,
    work: 'one step of attention, of eight in a call, 32 rows, width 256',
    cuts,
    task: {
      work: 'attention',
      options: { ...options, ...attentionWidths },
      decoding,
      batch: 32,
      steps,
      comparedAfter,
      places: [16, 64, 256, 1024, 4096],
    },
    rounds: 10,
  }),
);

export const benchmarks: readonly Benchmark[] = [
  {
    name: 'training-step',
    work: translationStep,
    task: { work: 'translation', sizes: translation },
    rounds: 30,
  },
  {
    name: 'training-step-bf16',
    work: `${translationStep}; products in bfloat16`,
    task: { work: 'translation', sizes: translation },
    rounds: 30,
    bf16: true,
  },
  {
    name: 'speech-step',
    work: 'training step: 2 layers of LSTM-512 over 200 frames, location-aware LSTM-512 decoder over 40 tokens, batch 32',
    task: { work: 'speech', sizes: speech },
    rounds: 10,
    unseen: true,
  },
  {
    name: 'greedy',
    work: 'greedy search: 64 sentences of 14 tokens, 20 steps',
    task: { work: 'decoding', sizes: decoding },
    rounds: 30,
  },
  {
    name: 'beam',
    work: 'beam search: beam 5, 64 sentences of 14 tokens, 20 steps',
    task: { work: 'decoding', sizes: { ...decoding, beam: 5 } },
    rounds: 30,
  },
  {
    name: 'start-up',
    work: 'from the start of the process to the end of its first training step',
    task: { work: 'translation', sizes: translation },
    rounds: 3,
    startUp: true,
  },
  ...attention,
];
