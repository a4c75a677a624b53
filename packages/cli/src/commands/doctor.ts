import { doctor, formatDoctor } from '@heed/backend/node';
import type { Command } from 'commander';

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('tell what is installed, what runs, and what to do about what does not')
    .addHelpText('after', '\nExample:\n  $ heed doctor')
    .action(async () => console.log(formatDoctor(await doctor())));
}
