export { type Articles, type ArticlesReader, openArticles, readTrainingArticles } from './read-articles.js';
export { type TrainSummarizerInFolderOptions, trainSummarizerInFolder } from './train-in-folder.js';
