import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { useBackend } from '@heed/backend';
import { fromStart, runDemo } from '@heed/cli/demo';
import { type EntailmentConfig, entailmentPresets, parseEntailmentConfig } from '@heed/entailment';
import { progressBar } from '@heed/training/node';
import type { TestSet } from './cells.js';
import { formatTable } from './format-table.js';
import { runTable } from './run-table.js';
import { type Variant, variants } from './variants.js';

const USAGE =
  'expected --data DATA and --test DATA:SPLIT, see apps/entailment/README.md for the other options';

/** Data as the user means them: paths from where the command was started, and what is made by code. */
const located = (data: string) =>
  data
    .split(',')
    .map((part) => (part === 'synthetic' ? part : fromStart(part)))
    .join(',');

function testSetOf(text: string): TestSet {
  const colon = text.lastIndexOf(':');
  if (colon < 1) throw new Error(`--test ${text}: ${USAGE}`);
  return { data: located(text.slice(0, colon)), split: text.slice(colon + 1) };
}

function chosenVariants(names: string | undefined): readonly Variant[] {
  const wanted = names?.split(',') ?? variants;
  const unknown = wanted.find((name) => !variants.some((variant) => variant === name));
  if (unknown === undefined) return variants.filter((variant) => wanted.includes(variant));
  throw new Error(`there is no variant "${unknown}". Variants: ${variants.join(', ')}.`);
}

async function chosenBase(config: string | undefined, preset: string): Promise<EntailmentConfig> {
  if (config !== undefined)
    return parseEntailmentConfig(JSON.parse(await readFile(fromStart(config), 'utf8')), config);
  const found = Object.entries(entailmentPresets).find(([name]) => name === preset);
  if (found) return found[1];
  throw new Error(`there is no preset "${preset}". Presets: ${Object.keys(entailmentPresets).join(', ')}.`);
}

async function table(): Promise<void> {
  const { values } = parseArgs({
    options: {
      data: { type: 'string' },
      test: { type: 'string', multiple: true },
      embeddings: { type: 'string' },
      config: { type: 'string' },
      preset: { type: 'string', default: 'rocktaschel2016-lstms' },
      variants: { type: 'string' },
      seeds: { type: 'string', default: '5' },
      out: { type: 'string', default: 'out/entailment/table' },
    },
  });
  const { data, test, embeddings } = values;
  const seeds = Number(values.seeds);
  if (data === undefined || !test) throw new Error(USAGE);
  if (!Number.isInteger(seeds) || seeds < 1) throw new Error(`--seeds ${values.seeds}: expected 1, 2, …`);
  const base = await chosenBase(values.config, values.preset);
  await useBackend();
  const cells = await runTable({
    variants: chosenVariants(values.variants),
    seeds,
    data: located(data),
    ...(embeddings !== undefined && { embeddings: fromStart(embeddings) }),
    tests: test.map(testSetOf),
    base,
    out: fromStart(values.out),
    observers: [progressBar()],
    report: (line) => console.error(line),
  });
  console.log(formatTable(cells));
}

runDemo(table);
