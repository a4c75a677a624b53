import { mkdir } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { replaceFile } from '@heed/attention-core/node';
import { type BackendChoice, useBackend } from '@heed/backend';
import { doctor } from '@heed/backend/node';
import { type AttentionTrace, renderHtml, renderSvg, renderTerminal } from '@heed/visualization';
import { messageOf } from './errors.js';
import { report } from './report.js';

/** What the demos have in common. */

const START = process.env.INIT_CWD ?? process.cwd();

const names: Record<BackendChoice['name'], string> = {
  node: 'real TensorFlow',
  wasm: 'WebAssembly, which is slower than real TensorFlow',
  cpu: 'plain JavaScript, which is far slower than real TensorFlow',
};

/** The model that is asked for, if not the one that a demo comes with. @param named what `--model` says */
export function chosenModel(named: string | undefined): string | undefined {
  const model = named ?? process.env.HEED_MODEL;
  return model === undefined ? undefined : modelFromStart(model);
}

/** What a demo of text is given: its inputs, and a model, see `chosenModel`. */
export function demoArguments(): { readonly inputs: readonly string[]; readonly model: string | undefined } {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { model: { type: 'string' } },
  });
  return { inputs: positionals, model: chosenModel(values.model) };
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

/** Writes a picture of each trace and a page of all into `out/<demo>`, and says where. */
export async function keepTraces(
  demo: string,
  traces: readonly AttentionTrace[],
  { picture, page }: { readonly picture: string; readonly page: string },
): Promise<void> {
  if (traces.length === 0) return;
  const out = fromStart(join('out', demo));
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

/** Runs a demo; an error is one line. */
export function runDemo(demo: () => Promise<void>): void {
  // Whoever reads our output may stop doing so, as `head` does.
  process.stdout.on('error', () => process.exit());
  demo().catch((error: unknown) => {
    report(messageOf(error));
    process.exitCode = 1;
  });
}
