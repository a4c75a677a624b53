// Builds all packages. Turborepo needs a pnpm on its PATH, and there may be none.
import { spawnSync } from 'node:child_process';
import { findPnpm, onWindows } from './find-pnpm.mjs';

const [command, ...args] = [...findPnpm(), 'exec', 'turbo', 'run', 'build', ...process.argv.slice(2)];
const { error, status } = spawnSync(command, args, { stdio: 'inherit', shell: onWindows });
if (error) console.error(`heed: ${command} cannot be run: ${error.message}`);
process.exitCode = status ?? 1;
