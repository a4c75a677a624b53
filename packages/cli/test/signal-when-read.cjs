// Loaded before the command: sends it SIGINT when it reads the file HEED_TEST_FILE.
const promises = require('node:fs/promises');
const { syncBuiltinESMExports } = require('node:module');

const read = promises.readFile;
promises.readFile = (path, ...options) => {
  if (path === process.env.HEED_TEST_FILE) process.kill(process.pid, 'SIGINT');
  return read(path, ...options);
};
syncBuiltinESMExports();
