export { cachedFeatures, type FeatureCacheOptions } from './feature-cache.js';
export { type OpenImagesOptions, openImages } from './open-images.js';
export {
  type CaptionedImages,
  type CaptionedImagesReader,
  openCaptionedImages,
} from './read-captions.js';
export { ImageFileError, type ReadImageOptions, readImage, withPreview } from './read-image.js';
export { type TrainCaptionerInFolderOptions, trainImageCaptionerInFolder } from './train-in-folder.js';
