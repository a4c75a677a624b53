export { type AdditiveOptions, AdditiveScore } from './attention/additive-score.js';
export {
  type Attended,
  type AttendOptions,
  Attention,
  AttentionMechanism,
  type AttentionParts,
} from './attention/attention.js';
export { AttentionOverSeveral } from './attention/attention-over-several.js';
export type { AttentionState } from './attention/attention-state.js';
export { CoverageScore } from './attention/coverage-score.js';
export {
  type AttentionOptions,
  createAttention,
  type NormalizerKind,
  normalizerKinds,
  type ScoreKind,
  scoreKinds,
  type WindowOptions,
} from './attention/create-attention.js';
export { type DotOptions, DotScore } from './attention/dot-score.js';
export { GeneralScore } from './attention/general-score.js';
export { HardNormalizer } from './attention/hard-normalizer.js';
export { LocalMonotonicWindow, LocalPredictiveWindow } from './attention/local-window.js';
export { LocationAwareScore, type LocationOptions } from './attention/location-aware-score.js';
export { createMemory, type Memory } from './attention/memory.js';
export { MonotonicNormalizer } from './attention/monotonic-normalizer.js';
export { MultiHeadAttention, type MultiHeadOptions } from './attention/multi-head-attention.js';
export { type Normalized, Normalizer, type StepContext } from './attention/normalizer.js';
export { PreviousWindow } from './attention/previous-window.js';
export { Score } from './attention/score.js';
export { SmoothingNormalizer } from './attention/smoothing-normalizer.js';
export { SoftmaxNormalizer } from './attention/softmax-normalizer.js';
export { SparsemaxNormalizer } from './attention/sparsemax-normalizer.js';
export { Window, type WindowOutput } from './attention/window.js';
export { type CellKind, type CellOptions, createCell } from './cells/create-cell.js';
export { ElmanCell } from './cells/elman-cell.js';
export { GruCell, type GruOptions } from './cells/gru-cell.js';
export { LayerNormGruCell } from './cells/layer-norm-gru-cell.js';
export { LayerNormLstmCell } from './cells/layer-norm-lstm-cell.js';
export { LstmCell } from './cells/lstm-cell.js';
export { RecurrentCell, type RecurrentState } from './cells/recurrent-cell.js';
export { StackedCell } from './cells/stacked-cell.js';
export { concatenateSteps } from './concatenate-steps.js';
export {
  ConvolutionalSubsampling,
  type ConvolutionalSubsamplingOptions,
} from './convolutional-subsampling.js';
export { AttentionDecoder } from './decoders/attention-decoder.js';
export { BahdanauDecoder } from './decoders/bahdanau-decoder.js';
export type { BridgeKind } from './decoders/bridge.js';
export { ConditionalDecoder } from './decoders/conditional-decoder.js';
export { CopyMechanism, type CopyOptions, type CopySource } from './decoders/copy-mechanism.js';
export { createDecoder, type DecoderKind, decoderKinds } from './decoders/create-decoder.js';
export {
  Decoder,
  type DecoderOptions,
  type DecoderOutput,
  type DecoderState,
  type StepOptions,
} from './decoders/decoder.js';
export { FixedVectorDecoder } from './decoders/fixed-vector-decoder.js';
export { LuongDecoder } from './decoders/luong-decoder.js';
export type { ReadoutKind } from './decoders/readout.js';
export {
  type SamplingSchedule,
  type ScheduledSampling,
  samplingProbability,
  scheduledInputs,
} from './decoders/scheduled-sampling.js';
export { Embedding } from './embedding.js';
export { constant, glorotUniform, type Initializer, normal, uniform, zeros } from './initializers.js';
export { LayerNorm } from './layer-norm.js';
export { Linear, type LinearBeginning } from './linear.js';
export { coverageLoss } from './losses/coverage-loss.js';
export { type CtcInputs, ctcLoss } from './losses/ctc-loss.js';
export { doublyStochasticLoss } from './losses/doubly-stochastic-loss.js';
export { guidedAlignmentLoss } from './losses/guided-alignment-loss.js';
export { MovingBaseline } from './losses/moving-baseline.js';
export { type ReinforceInputs, reinforceLoss } from './losses/reinforce-loss.js';
export { sequenceCrossEntropy } from './losses/sequence-cross-entropy.js';
export { buildEmpty, Module } from './module.js';
export { fileDigest } from './persistence/digest.js';
export { ModelFileError } from './persistence/model-file-error.js';
export { type ModelSource, memorySource, readJson, urlSource } from './persistence/model-source.js';
export { openModelSource } from './persistence/open-model-source.js';
export { decodeSafetensors, encodeSafetensors, type StoredTensor } from './persistence/safetensors.js';
export { collectWeights, loadWeights } from './persistence/weights.js';
export { PyramidalEncoder } from './pyramidal-encoder.js';
export { type Encoded, RecurrentEncoder, type RecurrentEncoderOptions } from './recurrent-encoder.js';
export {
  RecurrentLayer,
  type RecurrentLayerOptions,
  type RecurrentNoise,
  type VariationalDropout,
  type Zoneout,
} from './recurrent-layer.js';
export { repeatRows } from './repeat-rows.js';
export {
  type BeamSearch,
  type BeamSearchOptions,
  beamSearch,
  createBeamSearch,
} from './search/beam-search.js';
export type { BeamCandidate, BeamStep } from './search/beam-step.js';
export { gnmtCoveragePenalty } from './search/coverage-penalty.js';
export {
  type CtcFrames,
  type CtcPrefixState,
  ctcPrefixScorer,
  ctcPrefixStart,
} from './search/ctc-prefix-scorer.js';
export type { DiversityOptions } from './search/diverse-beams.js';
export { ensembleStep } from './search/ensemble-step.js';
export { createGreedySearch, type GreedySearch, greedySearch } from './search/greedy-search.js';
export { gnmtLengthPenalty, type Hypothesis } from './search/hypothesis.js';
export { replaceUnknown } from './search/replace-unknown.js';
export {
  createSampling,
  type Sampling,
  type SamplingInputs,
  type SamplingOptions,
} from './search/sampling.js';
export type { BeamSearchInputs, SearchInputs, SearchOptions } from './search/search-options.js';
export type { SearchStep, StepOutput } from './search/search-step.js';
export { topK } from './search/top-k.js';
export { type Scorer, withScorer } from './search/with-scorer.js';
export { type Subsampled, stepsOfGroups, subsampleMask } from './subsampling.js';
export { neighbours, TimeConvolution, type TimeConvolutionOptions } from './time-convolution.js';
export { dropTokens, dropWords } from './word-dropout.js';
