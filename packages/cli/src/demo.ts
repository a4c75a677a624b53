import { mkdir } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { replaceFile } from '@heed/attention-core/node';
import { type BackendChoice, useBackend } from '@heed/backend';
import { doctor } from '@heed/backend/node';
import { type AttentionTrace, renderHtml, renderSvg, renderTerminal } from '@heed/visualization';
import { type Command, Option } from 'commander';
import { createProgram, reportFailure } from './program.js';

export { nonNegative, wholeNumber } from './arguments.js';
export { UsageError } from './errors.js';

/** What the demos have in common. */

const START = process.env.INIT_CWD ?? process.cwd();

const names: Record<BackendChoice['name'], string> = {
  node: 'real TensorFlow',
  wasm: 'WebAssembly, which is slower than real TensorFlow',
  cpu: 'plain JavaScript, which is far slower than real TensorFlow',
};

/** What every demo can be told. */
export interface DemoOptions {
  /** See `modelFromStart`. The demo's own if absent. */
  readonly model?: string;
  /** Folder that the pictures are written to. */
  readonly out: string;
}

/**
 * The command line of a program of the apps.
 *
 * @param script what `npm run` calls it
 * @param examples what may follow `npm run <script> --`
 */
export function appCommand(script: string, description: string, examples: readonly string[]): Command {
  const name = `npm run ${script} --`;
  return createProgram(
    name,
    description,
    examples.map((example) => `${name} ${example}`),
  );
}

/** The same of a demo, which has `DemoOptions`. @param name its folder in `out` */
export function demoCommand(
  script: string,
  name: string,
  description: string,
  examples: readonly string[],
): Command {
  return appCommand(script, description, examples)
    .addOption(
      new Option('--model <dir>', 'a folder, a URL or a package (default: one that comes with heed)')
        .env('HEED_MODEL')
        .argParser(modelFromStart),
    )
    .option('--out <dir>', 'where the pictures are written', join('out', name));
}

/** Starts TensorFlow.js and says what runs and, where it is not real TensorFlow, what is missing and how to get it. */
export async function startDemo(): Promise<void> {
  const { name, passedOver } = await useBackend();
  console.log(`Running on ${names[name]}.`);
  if (passedOver.length === 0) return;
  const { problems } = await doctor();
  for (const { message, remedy } of problems) console.log(`Missing: ${message}. To do: ${remedy}.`);
  if (problems.length === 0) console.log(`It did not start: ${passedOver[0]?.reason}.`);
  console.log('Then: npm run setup. More: npx heed doctor.');
}

/** A path as the user means it: relative to where the demo was started from. */
export const fromStart = (path: string): string => resolve(START, path);

/** A model as the user means it: a package, a URL, or a folder as `fromStart` has it. */
export const modelFromStart = (model: string): string =>
  /^(?:@|https?:|file:)/i.test(model) ? model : fromStart(model);

/** The trace for this terminal. */
export function draw(trace: AttentionTrace): string {
  return renderTerminal(trace, {
    columns: process.stdout.columns ?? 80,
    colors: process.stdout.isTTY === true && !process.env.NO_COLOR,
  });
}

/** Writes a picture of each trace and a page of all into a folder, and says where. @param folder as `fromStart` has it */
export async function keepTraces(
  folder: string,
  traces: readonly AttentionTrace[],
  { picture, page }: { readonly picture: string; readonly page: string },
): Promise<void> {
  if (traces.length === 0) return;
  const out = fromStart(folder);
  await mkdir(out, { recursive: true });
  const files = [
    ...traces.map((trace, i) => [`${picture}-${i + 1}.svg`, renderSvg(trace)] as const),
    [`${page}.html`, renderHtml(traces)] as const,
  ];
  console.log('\nWhere the model looked, to keep:');
  for (const [name, content] of files) {
    const path = join(out, name);
    await replaceFile(path, content);
    console.log(`  ${relative(START, path)}`);
  }
}

/** Runs a demo, or a program beside one. */
export function runDemo(command: Command): void {
  // Whoever reads our output may stop doing so, as `head` does.
  process.stdout.on('error', () => process.exit());
  command.parseAsync().catch(reportFailure);
}
