import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isJsonLines, restIsTraining, WHOLE } from '@heed/training';
import {
  fileOfEachSplit,
  findSplit,
  joinedPaths,
  kindOf,
  readLines,
  resolveSplit,
} from '@heed/training/node';
import { parsePairJsonLines } from '../data/pair-json-lines.js';
import { parsePairTable } from '../data/pair-table.js';
import {
  type LabelledPair,
  type PairsBySplit,
  type ParsedPairs,
  pairKey,
  reversedPairs,
} from '../data/sentence-pair.js';
import { syntheticPairs } from '../data/synthetic.js';

/** One split of a data set. */
export interface SentencePairs {
  readonly pairs: readonly LabelledPair[];
  /** How many were left out, by reason. */
  readonly skipped: ReadonlyMap<string, number>;
  /** SHA-256 (hexadecimal) over the pairs and their labels, in order. */
  readonly digest: string;
}

/** A data set whose form has been recognised. */
export interface SentencePairsReader {
  readonly splits: readonly string[];
  /** @throws on an unknown split and on the first fault in a file (file and line are named) */
  read(split: string): Promise<SentencePairs>;
}

/** What names the pairs that are made by code. */
const SYNTHETIC = 'synthetic';
const SYNTHETIC_SPLITS: Readonly<Record<string, { count: number; seed: number }>> = {
  train: { count: 20_000, seed: 1 },
  validation: { count: 1000, seed: 2 },
  test: { count: 1000, seed: 3 },
};
const FILE = /\.(?:jsonl|ndjson|tsv|csv|txt)(?:\.gz)?$/i;
/** In the name of a file: `snli_1.0_dev.jsonl`, `multinli_1.0_dev_matched.jsonl`, `train.tsv.gz`. */
const SPLIT_IN_NAME = /(?:^|[_.-])(train|dev|val|valid|validation|trial|test)((?:_(?:mis)?matched)?)[_.]/i;
/** Of a file without splits, the pairs of one premise in so many are kept for validation. */
const KEPT = 20;
const HELD_OUT = 'also in a validation or test split';

type Part = { readonly splits: readonly string[]; read(split: string): Promise<ParsedPairs> };

/**
 * Recognises the form of labelled sentence pairs, by looking at `path`, and lists their splits:
 *
 * - `synthetic`: pairs made by code, `train`, `validation` and `test`;
 * - a folder with a file for each split, JSON Lines or a table, `snli_1.0_train.jsonl`, `dev.tsv.gz`, …; MultiNLI's
 *   matched pairs are `dev`, the others `dev_mismatched`. Beside JSON Lines, a table `.txt` of the same name is passed over, as
 *   SNLI and MultiNLI have both;
 * - a folder with one file of pairs, or that file: a column of splits tells them (SICK's `SemEval_set`, whose `TRIAL`
 *   is the validation); where none does, `validation` is the pairs of one premise in twenty, `all` are all;
 * - several of these, `path,path`: a split is then the parts' one after the other. Parts that lack it are passed over.
 *
 * Every file may be gzip. Pairs without a gold label and pairs with an empty side are left out, and counted.
 */
export async function openSentencePairs(path: string): Promise<SentencePairsReader> {
  return readerOf(await openParts(path), path);
}

/**
 * What a training reads: the split `train` of all parts without the pairs that any other split of any of them has, and
 * the split `validation` of the first part that has one, which is what the model is for.
 *
 * @param reversed whether training pairs come the other way round as well, where the data say what label that has
 */
export async function readTrainingPairs(
  path: string,
  reversed: boolean,
): Promise<{ train: SentencePairs; validation: SentencePairs }> {
  const parts = await openParts(path);
  const all = readerOf(parts, path);
  const judge = parts.find(({ splits }) => findSplit('validation', splits) !== undefined);
  const [train, validation] = [
    await all.read('train'),
    await (judge ? readerOf([judge], path) : all).read('validation'),
  ];
  const heldOut = new Set<string>();
  for (const part of parts) {
    for (const split of part.splits) {
      if (split === 'train' || split === WHOLE) continue;
      for (const pair of (await part.read(split)).pairs) heldOut.add(pairKey(pair));
    }
  }
  const given = reversed ? train.pairs.flatMap((pair) => [pair, ...reversedPairs(pair)]) : train.pairs;
  const pairs = given.filter((pair) => !heldOut.has(pairKey(pair)));
  if (pairs.length === 0)
    throw new Error(`${path}: every training pair is also in a validation or test split.`);
  const dropped = given.length - pairs.length;
  const skipped = new Map([...train.skipped, ...(dropped > 0 ? [[HELD_OUT, dropped] as const] : [])]);
  return { train: { pairs, skipped, digest: digestOf(pairs) }, validation };
}

function readerOf(parts: readonly Part[], path: string): SentencePairsReader {
  const splits = [...new Set(parts.flatMap((part) => part.splits))];
  return {
    splits,
    async read(requested) {
      const found: ParsedPairs[] = [];
      for (const part of parts) {
        const split = findSplit(requested, part.splits);
        if (split !== undefined) found.push(await part.read(split));
      }
      if (found.length === 0) resolveSplit(requested, splits, path);
      const { pairs, skipped } = joined(found);
      if (pairs.length === 0) {
        const why = [...skipped].map(([reason, count]) => `${count}: ${reason}`).join('; ');
        throw new Error(
          `${path}: no pairs in the split "${requested}"${why && ` (left out: ${why})`}. ` +
            'Name the splits in a column "split", or give a file for each.',
        );
      }
      return { pairs, skipped, digest: digestOf(pairs) };
    },
  };
}

function joined(parts: readonly ParsedPairs[]): ParsedPairs {
  const skipped = new Map<string, number>();
  for (const [reason, count] of parts.flatMap((part) => [...part.skipped])) {
    skipped.set(reason, (skipped.get(reason) ?? 0) + count);
  }
  return { pairs: parts.flatMap(({ pairs }) => pairs), skipped };
}

async function openParts(path: string): Promise<Part[]> {
  return Promise.all((await joinedPaths(path)).map(openPart));
}

function digestOf(pairs: readonly LabelledPair[]): string {
  const hash = createHash('sha256');
  for (const { premise, hypothesis, label } of pairs) hash.update(`${premise}\0${hypothesis}\0${label}\0`);
  return hash.digest('hex');
}

async function openPart(path: string): Promise<Part> {
  const kind = await kindOf(path);
  if (kind === 'missing' && path === SYNTHETIC) return openSynthetic();
  if (kind === 'missing') throw new Error(`${path}: no such file or folder.`);
  if (kind === 'file') return openFile(path);
  const names = (await readdir(path)).filter((name) => FILE.test(name)).sort();
  const bySplit = fileOfEachSplit(
    path,
    names
      .filter((name) => !isTwin(name, names))
      .flatMap((name) => {
        const [, split, which] = SPLIT_IN_NAME.exec(name) ?? [];
        return split ? [[`${split}${which === '_matched' ? '' : which}`.toLowerCase(), name] as const] : [];
      }),
  );
  if (bySplit.size > 0) return openFiles(path, bySplit);
  const [single, ...others] = names.filter((name) => !/readme|licen[sc]e/i.test(name));
  if (single !== undefined && others.length === 0) return openFile(join(path, single));
  throw new Error(
    `${path}: no sentence pairs. Looked for a file for each split, such as train.tsv and dev.jsonl, or for one file; ` +
      `found: ${names.join(', ') || 'none'}.`,
  );
}

function openSynthetic(): Part {
  return {
    splits: Object.keys(SYNTHETIC_SPLITS),
    read: async (split) => ({
      pairs: syntheticPairs(SYNTHETIC_SPLITS[split] as { count: number; seed: number }),
      skipped: new Map(),
    }),
  };
}

/** Whether it is a table that SNLI or MultiNLI has beside the same pairs as JSON Lines. */
const isTwin = (name: string, names: readonly string[]) =>
  /\.txt(?:\.gz)?$/i.test(name) &&
  names.some((other) => other.replace(/\.gz$/i, '') === name.replace(/\.txt(?:\.gz)?$/i, '.jsonl'));

async function parseFile(file: string): Promise<PairsBySplit> {
  const lines = await readLines(file);
  const splits = isJsonLines(file, lines)
    ? parsePairJsonLines(file, lines)
    : parsePairTable(file, lines.join('\n'));
  return restIsTraining(splits, (train, rest) => joined([train, rest]));
}

function openFiles(folder: string, bySplit: ReadonlyMap<string, string>): Part {
  return {
    splits: [...bySplit.keys()],
    read: async (split) =>
      joined([...(await parseFile(join(folder, bySplit.get(split) as string))).values()]),
  };
}

async function openFile(file: string): Promise<Part> {
  const splits = await parseFile(file);
  const whole = splits.get(WHOLE);
  if (whole && splits.size === 1) {
    const premises = [...new Set(whole.pairs.map(({ premise }) => premise))];
    const kept = new Set(premises.filter((_, i) => i % KEPT === KEPT - 1));
    const side = (isKept: boolean) => whole.pairs.filter(({ premise }) => kept.has(premise) === isKept);
    splits.set('train', { ...whole, pairs: side(false) });
    splits.set('validation', { pairs: side(true), skipped: new Map() });
  }
  return { splits: [...splits.keys()], read: async (split) => splits.get(split) as ParsedPairs };
}
