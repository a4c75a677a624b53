// Loaded before the command: sends it HEED_TEST_SIGNAL when it logs the step HEED_TEST_STEP.
const fs = require('node:fs');
const { syncBuiltinESMExports } = require('node:module');

const append = fs.appendFileSync;
fs.appendFileSync = (path, text) => {
  append(path, text);
  const { step, loss } = JSON.parse(text);
  if (loss !== undefined && step === Number(process.env.HEED_TEST_STEP)) {
    process.kill(process.pid, process.env.HEED_TEST_SIGNAL);
  }
};
syncBuiltinESMExports();
