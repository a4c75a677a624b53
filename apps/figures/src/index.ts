export { type DrawFiguresOptions, drawFigures, figureNames } from './draw-figures.js';
export {
  type DataName,
  figureDataNames,
  figureModelNames,
  Materials,
  MissingMaterialError,
  type ModelName,
} from './materials.js';
