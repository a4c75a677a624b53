import type { Command } from 'commander';

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('tell what is installed, what runs, and what to do about what does not')
    .addHelpText('after', '\nExample:\n  $ heed doctor')
    .action(async () => {
      const { doctor, formatDoctor } = await import('@heed/backend/node');
      console.log(formatDoctor(await doctor()));
    });
}
