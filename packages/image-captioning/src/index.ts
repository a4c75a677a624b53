export {
  captionBatches,
  type EncodedCaption,
  encodeCaptions,
  type ImageInputs,
  toCaptionBatch,
} from './batches.js';
export type { CaptionState } from './caption-decoder.js';
export {
  type CaptioningConfig,
  type EncoderConfig,
  type FeaturesConfig,
  parseCaptioningConfig,
} from './config.js';
export { type CaptionedImage, captionWords } from './data/captioned-image.js';
export {
  type Box,
  isScene,
  type Scene,
  type SceneObject,
  sceneWords,
  syntheticScenes,
} from './data/synthetic.js';
export { eraseCells } from './erase-cells.js';
export { type CaptioningEvaluation, captionInputs, evaluateImageCaptioner } from './evaluate.js';
export { FeatureExtractor } from './feature-extractor.js';
export {
  type Caption,
  type CaptionOptions,
  ImageCaptioner,
  type LoadCaptionerOptions,
} from './image-captioner.js';
export { pictureInputs } from './image-tensors.js';
export { type CaptionBatch, CaptionModel, captionBatchSizes, type ImageTensor } from './model.js';
export type { Picture, Preview } from './picture.js';
export { type SceneScores, scoreScenes } from './pointing-game.js';
export { type CaptioningPreset, captioningPresets } from './presets.js';
export {
  type CaptioningData,
  type TrainImageCaptionerOptions,
  trainCaptionTokenizer,
  trainImageCaptioner,
} from './train.js';
export { viewOf } from './views.js';
