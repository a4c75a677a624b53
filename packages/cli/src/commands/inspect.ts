import type { StoredTensor } from '@heed/attention-core';
import type { Command } from 'commander';
import { printable } from '../errors.js';

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const count = (value: number) => value.toLocaleString('en-US');

/** Lines of `name  value`; what is nested is named by its path. */
function describe(json: unknown, path = ''): [name: string, value: string][] {
  if (!isObject(json)) return [[path, typeof json === 'string' ? json : JSON.stringify(json)]];
  return Object.entries(json).flatMap(([name, value]) =>
    describe(value, path === '' ? name : `${path}.${name}`),
  );
}

function describeParameters(tensors: ReadonlyMap<string, StoredTensor>): [string, string][] {
  const parts = new Map<string, [string, string][]>();
  const totals = new Map<string, number>();
  for (const [name, { dtype, shape, values }] of [...tensors].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const part = name.split('.', 1)[0] as string;
    parts.set(part, [
      ...(parts.get(part) ?? []),
      [`  ${name}`, `${dtype} [${shape.join(', ')}]  ${count(values.length)}`],
    ]);
    totals.set(part, (totals.get(part) ?? 0) + values.length);
  }
  return [...parts].flatMap(([part, rows]) => [[part, count(totals.get(part) as number)], ...rows]);
}

function section(title: string, rows: readonly [string, string][]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return [title, ...rows.map(([name, value]) => printable(`  ${name.padEnd(width)}  ${value}`))].join('\n');
}

async function inspect(model: string): Promise<void> {
  const { decodeSafetensors, openModelSource, readJson } = await import('@heed/attention-core');
  const { tokenizerFromJson } = await import('@heed/text');
  const source = await openModelSource(model);
  const place = (file: string) => `${source.location}/${file}`;
  const config = await readJson(source, 'config.json');
  const tokenizer = tokenizerFromJson(await readJson(source, 'tokenizer.json'), place('tokenizer.json'));
  const { tensors } = decodeSafetensors(await source.read('model.safetensors'), place('model.safetensors'));
  const hasTraining = await source.has('training.json');
  const files = [
    'config.json',
    'tokenizer.json',
    'model.safetensors',
    ...(hasTraining ? ['training.json'] : []),
  ];
  const sizes = await Promise.all(
    files.map(
      async (file): Promise<[string, string]> => [file, `${count((await source.read(file)).length)} bytes`],
    ),
  );
  const parameters = [...tensors.values()].reduce((sum, { values }) => sum + values.length, 0);
  const sections = [
    section(printable(source.location), sizes),
    section('configuration', describe(config)),
    section('vocabulary', [['size', count(tokenizer.vocabulary.size)]]),
    section(`${count(parameters)} parameters`, describeParameters(tensors)),
    ...(hasTraining ? [section('training', describe(await readJson(source, 'training.json')))] : []),
  ];
  console.log(sections.join('\n\n'));
}

export function addInspect(program: Command): void {
  program
    .command('inspect')
    .description('show what a model is made of and how it was trained')
    .argument('<model>', 'a folder, a URL or a package')
    .addHelpText('after', '\nExample:\n  $ heed inspect runs/mine')
    .action(inspect);
}
