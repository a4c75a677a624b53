import { extname } from 'node:path';
import { replaceFile } from '@heed/attention-core/node';
import { type AttentionTrace, parseTrace, renderHtml, renderSvg } from '@heed/visualization';
import type { Command } from 'commander';
import { UsageError } from '../errors.js';
import { expectWritable, readJsonFile } from '../files.js';

async function readTraces(file: string): Promise<AttentionTrace[]> {
  const json = await readJsonFile(file);
  if (!Array.isArray(json)) return [parseTrace(json, file)];
  if (json.length === 0) throw new Error(`${file}: it holds no trace`);
  return json.map((trace, i) => parseTrace(trace, `${file}, trace ${i + 1},`));
}

async function plot(file: string, { out }: { readonly out: string }): Promise<void> {
  const ending = extname(out).toLowerCase();
  if (ending !== '.svg' && ending !== '.html') {
    throw new UsageError(`--out ${out}: expected a name that ends in .svg or .html`);
  }
  await expectWritable(out);
  const traces = await readTraces(file);
  if (ending === '.svg' && traces.length > 1) {
    throw new Error(
      `${file} holds ${traces.length} traces, and an SVG shows one: draw a page with --out NAME.html`,
    );
  }
  await replaceFile(out, ending === '.svg' ? renderSvg(traces[0] as AttentionTrace) : renderHtml(traces));
}

export function addPlot(program: Command): void {
  program
    .command('plot')
    .description('draw where a model looked')
    .argument('<trace>', 'a file that `heed predict --trace` wrote')
    .requiredOption('--out <file>', 'a matrix (.svg) or a page of all traces (.html)')
    .addHelpText('after', '\nExample:\n  $ heed plot trace.json --out attention.html')
    .action(plot);
}
