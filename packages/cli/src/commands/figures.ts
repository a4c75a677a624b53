import { type Command, InvalidArgumentError } from 'commander';
import { UsageError } from '../errors.js';
import { fromRepository } from '../from-repository.js';
import { progressLine, report } from '../report.js';
import { startBackend } from '../start-backend.js';

type Named = Readonly<Record<string, string>>;

interface FiguresOptions {
  readonly model?: Named;
  readonly data?: Named;
  readonly out: string;
}

/** Reads NAME=FOLDER, for commander, once for each. */
function named(text: string, earlier: Named = {}): Named {
  const [name, ...folder] = text.split('=');
  const path = folder.join('=');
  if (name && path) return { ...earlier, [name]: path };
  throw new InvalidArgumentError('Expected NAME=FOLDER.');
}

function requireKnown(what: string, asked: readonly string[], known: readonly string[]): void {
  for (const name of asked) {
    if (known.includes(name)) continue;
    throw new UsageError(`there is no ${what} "${name}": expected one of ${known.join(', ')}`);
  }
}

async function drawFigures(
  name: string | undefined,
  { model = {}, data = {}, out }: FiguresOptions,
): Promise<void> {
  const figures = await fromRepository(import('@heed/app-figures'));
  requireKnown('figure', name === undefined ? [] : [name], figures.figureNames);
  requireKnown('model', Object.keys(model), figures.figureModelNames);
  requireKnown('data', Object.keys(data), figures.figureDataNames);
  const { expectFolder } = await import('@heed/training/node');
  await expectFolder(out);
  await startBackend();
  const line = progressLine();
  await figures
    .drawFigures({
      ...(name !== undefined && { name }),
      materials: new figures.Materials({ models: model, data }),
      out,
      written(path) {
        line.end();
        console.log(path);
      },
      report(text) {
        line.end();
        report(text);
      },
      progress: (text) => line.update(text),
    })
    .finally(() => line.end());
}

export function addFigures(program: Command): void {
  program
    .command('figures')
    .description('draw the figures of the story: SVG, the data as CSV, and a caption')
    .argument('[name]', 'one figure (default: all whose models and data are here)')
    .option('--model <name=folder>', 'a model that figures are of, once for each', named)
    .option('--data <name=folder>', 'data that figures are of, once for each', named)
    .option('--out <dir>', 'the folder that they are written into', 'figures')
    .addHelpText(
      'after',
      '\nExample:\n  $ heed figures alignments\n' +
        '  $ heed figures length --model fixed-vector=runs/fixed --data multi30k=multi30k',
    )
    .action(drawFigures);
}
