import { mkdir } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { replaceFile } from '@heed/attention-core/node';
import { type BackendChoice, useBackend } from '@heed/backend';
import { doctor } from '@heed/backend/node';
import { Translator } from '@heed/translation';
import { type AttentionTrace, renderHtml, renderSvg, renderTerminal } from '@heed/visualization';

const SENTENCES = [
  'Un chien brun court sur la plage.',
  'Une petite fille en robe rouge joue avec un ballon bleu.',
  'Où est la gare la plus proche ?',
  "Je n'ai pas le temps de t'aider aujourd'hui.",
  'Un vieil homme aux cheveux gris, assis sur un banc, lit un journal pendant que des enfants jouent derrière lui.',
];
const MODEL = process.env.HEED_MODEL ?? '@heed/translation-fr-en';
const START = process.env.INIT_CWD ?? process.cwd();
const OUT = resolve(START, 'out', 'translation');

const names: Record<BackendChoice['name'], string> = {
  node: 'real TensorFlow',
  wasm: 'WebAssembly, which is slower than real TensorFlow',
  cpu: 'plain JavaScript, which is far slower than real TensorFlow',
};

/** Says what runs and, where it is not real TensorFlow, what is missing and how to get it. */
async function tellBackend({ name, passedOver }: BackendChoice): Promise<void> {
  console.log(`Running on ${names[name]}.`);
  if (passedOver.length === 0) return;
  const { problems } = await doctor();
  for (const { message, remedy } of problems) console.log(`Missing: ${message}. To do: ${remedy}.`);
  if (problems.length === 0) console.log(`It did not start: ${passedOver[0]?.reason}.`);
  console.log('Then: npm run setup. More: npx pnpm heed doctor.');
}

function draw(trace: AttentionTrace): string {
  return renderTerminal(trace, {
    columns: process.stdout.columns ?? 80,
    colors: process.stdout.isTTY === true && !process.env.NO_COLOR,
  });
}

async function write(name: string, content: string): Promise<string> {
  const path = join(OUT, name);
  await replaceFile(path, content);
  return relative(START, path);
}

async function demo(sentences: readonly string[]): Promise<void> {
  await tellBackend(await useBackend());
  const translator = await Translator.load(MODEL);
  await mkdir(OUT, { recursive: true });
  const traces: AttentionTrace[] = [];
  const written: string[] = [];
  for (const sentence of sentences) {
    const translation = (await translator.translate([sentence]))[0]?.[0];
    if (!translation?.attention) {
      console.log(`\n${JSON.stringify(sentence)} has no word to translate.`);
      continue;
    }
    const { attention } = translation;
    console.log(`\n${sentence}\n→ ${translation.text}\n\n${draw(attention)}`);
    traces.push(attention);
    written.push(await write(`alignment-${traces.length}.svg`, renderSvg(attention)));
  }
  if (traces.length === 0) return;
  written.push(await write('alignments.html', renderHtml(traces)));
  console.log(`\nWhere the model looked, to keep:\n${written.map((path) => `  ${path}`).join('\n')}`);
}

// Whoever reads our output may stop doing so, as `head` does.
process.stdout.on('error', () => process.exit());
const given = process.argv.slice(2);
demo(given.length > 0 ? given : SENTENCES).catch((error: Error) => {
  console.error(`heed: ${error.message.replaceAll('\n', ' ')}`);
  process.exitCode = 1;
});
