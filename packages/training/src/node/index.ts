export { folderCheckpoints } from './folder-checkpoints.js';
export { jsonLinesLog } from './json-lines-log.js';
export { progressBar } from './progress-bar.js';
export { tensorBoardLog } from './tensor-board-log.js';
