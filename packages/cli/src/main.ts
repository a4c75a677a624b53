import { createRequire } from 'node:module';
import { CommanderError } from 'commander';
import { addBench } from './commands/bench.js';
import { addDoctor } from './commands/doctor.js';
import { addEvaluate } from './commands/evaluate.js';
import { addFigures } from './commands/figures.js';
import { addInspect } from './commands/inspect.js';
import { addPack } from './commands/pack.js';
import { addPlot } from './commands/plot.js';
import { addPredict } from './commands/predict.js';
import { addSetup } from './commands/setup.js';
import { addTrain } from './commands/train.js';
import { createProgram, reportFailure } from './program.js';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };
const program = createProgram(
  'heed',
  'Attention in recurrent networks: train it, use it, see where it looked.',
  ['echo "Un chien court sur la plage." | heed predict translation'],
)
  .version(version)
  .option('--debug', 'show where an error came from (or HEED_DEBUG=1)');
// Commands import what loads TensorFlow.js only when they run: help and usage errors should not wait for it.
for (const add of [
  addTrain,
  addEvaluate,
  addPredict,
  addPlot,
  addPack,
  addInspect,
  addDoctor,
  addBench,
  addFigures,
  addSetup,
])
  add(program);

function fail(error: unknown): void {
  reportFailure(error);
  const debug = program.opts().debug || (process.env.HEED_DEBUG ?? '0') !== '0';
  if (debug && error instanceof Error && !(error instanceof CommanderError)) console.error(error);
}

// Whoever reads our output may stop doing so, as `head` does: what else a command writes is written all the same.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') return;
  fail(error);
  process.exit();
});
// A terminal that was closed takes no more progress: the training that runs in it stops with a checkpoint all the same.
process.stderr.on('error', () => {});
process.on('uncaughtException', (error) => {
  fail(error);
  process.exit();
});

await program.parseAsync().catch(fail);
