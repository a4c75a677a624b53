export { folderSource, readFolder } from './folder-source.js';
export { localSource, packageSource } from './local-source.js';
export { replaceFile } from './replace-file.js';
export { writeFolder } from './write-folder.js';
