export { folderCheckpoints } from './folder-checkpoints.js';
