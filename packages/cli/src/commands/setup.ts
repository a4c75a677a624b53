import type { Command } from 'commander';
import { report } from '../report.js';

async function setup(): Promise<void> {
  const { stageTensorflow } = await import('@heed/backend/node');
  const result = await stageTensorflow({ report });
  if (result.ok) {
    report(`ready, with TensorFlow ${result.tensorflow}`);
    return;
  }
  const problems = result.problems.map(({ message, remedy }) => `${message}; to do: ${remedy}`);
  throw new Error(`real TensorFlow is not set up, and WebAssembly runs until it is: ${problems.join('; ')}`);
}

export function addSetup(program: Command): void {
  program
    .command('setup')
    .description('stage libtensorflow and build the addon that calls it')
    .addHelpText(
      'after',
      '\nExample:\n  $ npm install --ignore-scripts @tensorflow/tfjs-node\n  $ heed setup',
    )
    .action(setup);
}
