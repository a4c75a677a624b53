import { readFile } from 'node:fs/promises';
import { useBackend } from '@heed/backend';
import { appCommand, fromStart, runDemo, UsageError, wholeNumber } from '@heed/cli/demo';
import { type EntailmentConfig, entailmentPresets, parseEntailmentConfig } from '@heed/entailment';
import { progressBar } from '@heed/training/node';
import type { TestSet } from './cells.js';
import { formatTable } from './format-table.js';
import { runTable } from './run-table.js';
import { type Variant, variants } from './variants.js';

interface TableOptions {
  readonly data: string;
  readonly test: readonly TestSet[];
  readonly embeddings?: string;
  readonly config?: string;
  readonly preset: string;
  readonly variants?: string;
  readonly seeds: number;
  readonly out: string;
}

/** Data as the user means them: paths from where the command was started, and what is made by code. */
const located = (data: string) =>
  data
    .split(',')
    .map((part) => (part === 'synthetic' ? part : fromStart(part)))
    .join(',');

function testSetOf(text: string): TestSet {
  const colon = text.lastIndexOf(':');
  if (colon < 1) throw new UsageError(`--test ${text}: expected DATA:SPLIT`);
  return { data: located(text.slice(0, colon)), split: text.slice(colon + 1) };
}

function chosenVariants(names: string | undefined): readonly Variant[] {
  const wanted = names?.split(',') ?? variants;
  const unknown = wanted.find((name) => !variants.some((variant) => variant === name));
  if (unknown === undefined) return variants.filter((variant) => wanted.includes(variant));
  throw new UsageError(`there is no variant "${unknown}". Variants: ${variants.join(', ')}.`);
}

async function chosenBase(config: string | undefined, preset: string): Promise<EntailmentConfig> {
  if (config !== undefined)
    return parseEntailmentConfig(JSON.parse(await readFile(fromStart(config), 'utf8')), config);
  const found = Object.entries(entailmentPresets).find(([name]) => name === preset);
  if (found) return found[1];
  throw new UsageError(
    `there is no preset "${preset}". Presets: ${Object.keys(entailmentPresets).join(', ')}.`,
  );
}

async function table({ data, test, embeddings, seeds, out, ...options }: TableOptions): Promise<void> {
  const base = await chosenBase(options.config, options.preset);
  await useBackend();
  const cells = await runTable({
    variants: chosenVariants(options.variants),
    seeds,
    data: located(data),
    ...(embeddings !== undefined && { embeddings: fromStart(embeddings) }),
    tests: test,
    base,
    out: fromStart(out),
    observers: [progressBar()],
    report: (line) => console.error(line),
  });
  console.log(formatTable(cells));
}

runDemo(
  appCommand(
    'table:entailment',
    'Train every variant of the papers over several seeds, and print the table of their accuracies.',
    [
      '--data sick --test sick:test --test cad-nli:test',
      '--data lingnli/train.tsv.gz --test lingnli:dev --variants attention,word-by-word --seeds 3',
    ],
  )
    .requiredOption('--data <data>', 'what is trained on')
    .requiredOption(
      '--test <data:split>',
      'what is tested on; may be given more than once',
      (text: string, before: readonly TestSet[] = []) => [...before, testSetOf(text)],
    )
    .option('--config <file>', 'a configuration as a model’s config.json')
    .option('--preset <name>', `one of ${Object.keys(entailmentPresets).join(', ')}`, 'rocktaschel2016-lstms')
    .option('--embeddings <file>', 'word vectors of GloVe or word2vec')
    .option('--variants <names>', `of ${variants.join(',')} (default: all)`)
    .option('--seeds <n>', 'how many', wholeNumber(1), 5)
    .option('--out <dir>', 'where the models and cells.jsonl are', 'out/entailment/table')
    .action(table),
);
