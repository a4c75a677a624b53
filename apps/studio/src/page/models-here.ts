import { modelName, type StudioModel, studioModels, type TaskName } from '../models.js';

const isHere = (model: StudioModel) => MODELS_HERE.includes(modelName(model));

/** The models that a task's tab can run, of those that are there. */
export const modelsOf = (task: TaskName): StudioModel[] =>
  studioModels.filter((model) => model.task === task && !model.fixedVector && isHere(model));

/** Its twin that does not attend, if it is there. */
export const fixedVectorModelOf = (task: TaskName): StudioModel | undefined =>
  studioModels.find((model) => model.task === task && model.fixedVector && isHere(model));

/** What would have to be there for a task. */
export const wantedModelOf = (task: TaskName): StudioModel =>
  studioModels.find((model) => model.task === task) as StudioModel;
