// Runs an app from its sources: node scripts/run.mjs NAME [ARGUMENT...] starts apps/NAME/src/main.ts,
// NAME/PROGRAM apps/NAME/src/PROGRAM.ts.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runSource } from '../packages/cli/bin/run-source.js';

const [name, program = 'main'] = process.argv[2]?.split('/') ?? [];
const main = new URL(`../apps/${name}/src/${program}.ts`, import.meta.url);
if (!name || !existsSync(main)) {
  console.error(`there is no app "${process.argv[2] ?? ''}": expected the name of a folder in apps`);
  process.exit(1);
}
process.env.TF_CPP_MIN_LOG_LEVEL ??= '3';
process.argv.splice(1, 2, fileURLToPath(main));
await runSource(main);
