import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { isJsonLines, restIsTraining, WHOLE } from '@heed/training';
import {
  fileOfEachSplit,
  findSplit,
  joinedPaths,
  kindOf,
  once,
  readLines,
  resolveSplit,
} from '@heed/training/node';
import { z } from 'zod';
import { parseParallelCsv } from '../data/parallel-csv.js';
import { parseParallelJsonLines } from '../data/parallel-json-lines.js';
import { parseParallelLines } from '../data/parallel-lines.js';
import { withoutOverlap } from '../data/parallel-overlap.js';
import { splitByTarget } from '../data/parallel-split.js';
import { parseTatoeba } from '../data/parallel-tatoeba.js';
import { parseParallelTsv } from '../data/parallel-tsv.js';
import type { PairsBySplit, ParsedPairs, SentencePair } from '../data/sentence-pair.js';

/** Language codes, as file names, headers and JSON fields spell them. */
export interface CorpusLanguages {
  source: string;
  target: string;
}

/** One split of a corpus. */
export interface ParallelCorpus {
  pairs: SentencePair[];
  /** Pairs that were left out, by reason. */
  skipped: { reason: string; count: number }[];
  /** The files that were read. */
  files: string[];
  /** SHA-256 (hexadecimal) over the pairs, in order. */
  digest: string;
}

/** A corpus whose form has been recognised. */
export interface ParallelCorpusReader {
  /** The file or folder name without its endings; parts of a joined corpus are addressed by it. */
  name: string;
  /** Names that {@link read} takes. */
  splits: string[];
  /** @throws on an unknown split and on the first fault in a file (file and line are named) */
  read(split: string): Promise<ParallelCorpus>;
}

interface Part extends ParallelCorpusReader {
  /** The splits, and those that lack a side, which {@link read} refuses. */
  readonly named: readonly string[];
}

type SplitContent = Omit<ParallelCorpus, 'digest'>;

const FRENCH_ENGLISH: CorpusLanguages = { source: 'fr', target: 'en' };
const EMPTY_SIDE = 'empty source or target';
const HELD_OUT = 'sentence also in a validation or test split';

/** What a file ends with that holds both sides of a split. */
const SPLIT_ENDINGS = ['.tsv', '.csv', '.jsonl'];

/** Pairs kept out of training where the publisher defines no split: shares with upper bounds. */
const TATOEBA_KEPT = { share: 0.05, most: 2500 };
const SINGLE_FILE_KEPT = { share: 0.02, most: 2000 };

/**
 * Reads one split of a parallel corpus. The form is found by looking at `path`:
 *
 * - a folder with `<split>.<language>` files, one sentence a line (Multi30k), or with `<split>.tsv`,
 *   `<split>.csv` or `<split>.jsonl` files;
 * - a folder with `fra.txt`, or that file (Tatoeba by manythings.org): 2,500 pairs are kept for `validation`
 *   and 2,500 for `test`, by English sentence (5 % each of a file with fewer than 50,000 pairs);
 * - one TSV, CSV or JSON Lines file: the splits that its rows name in `split`, those that name none being for training; where
 *   none do, 2 % of the pairs, at most 2,000, are kept for `validation`, by target sentence, and the split `all` is the
 *   whole file;
 * - several of these: `path,path` or a folder with `corpus.json`, `{ "corpora": [path, …] }`, relative to
 *   that folder. A split is then the parts' splits one after the other, and parts that lack it are passed over; `name/split`
 *   is that of one part.
 *
 * Every file may be gzip. `validation`, `val`, `dev` and `valid` mean the same; `test` also means a single
 * split whose name begins with `test`.
 *
 * Blank lines of TSV, CSV and JSON Lines are passed over. Lines with an empty side are skipped and counted in `train` and in
 * single files that are cut here, and are an error in published evaluation splits.
 *
 * @throws one error that names file and line, what was expected and what to do
 */
export async function readParallelCorpus(
  path: string,
  split: string,
  languages: CorpusLanguages = FRENCH_ENGLISH,
): Promise<ParallelCorpus> {
  return (await openParallelCorpus(path, languages)).read(split);
}

/**
 * The split `train` without the pairs that share a sentence with any other split of the corpus (of any of
 * its parts): see {@link withoutOverlap}. What was dropped is counted in `skipped`.
 */
export async function readTrainingCorpus(
  path: string,
  languages: CorpusLanguages = FRENCH_ENGLISH,
): Promise<ParallelCorpus> {
  const corpus = await openParallelCorpus(path, languages);
  const train = await corpus.read('train');
  const heldOut: SentencePair[] = [];
  for (const split of corpus.splits) {
    if (!/(^|\/)(train|all)$/.test(split)) heldOut.push(...(await corpus.read(split)).pairs);
  }
  const { pairs, dropped } = withoutOverlap(train.pairs, heldOut);
  if (pairs.length === 0) {
    throw new Error(`${path}: every training pair shares a sentence with a validation or test split.`);
  }
  const skipped = dropped > 0 ? [...train.skipped, { reason: HELD_OUT, count: dropped }] : train.skipped;
  return withDigest({ ...train, pairs, skipped });
}

/**
 * Recognises the form of a corpus, see {@link readParallelCorpus}, and lists its splits.
 */
export async function openParallelCorpus(
  path: string,
  languages: CorpusLanguages = FRENCH_ENGLISH,
): Promise<ParallelCorpusReader> {
  const [first, ...others] = (await listedPaths(path)) ?? (await joinedPaths(path));
  const part = await openSingle(first, languages);
  if (others.length === 0) return part;
  const parts = [part];
  for (const member of others) parts.push(await openSingle(member, languages));
  return joinCorpora(parts, path);
}

/** The paths in a folder's list of corpora, if it has one. */
async function listedPaths(path: string): Promise<readonly [string, ...string[]] | undefined> {
  const list = join(path, 'corpus.json');
  if ((await kindOf(list)) !== 'file') return undefined;
  const schema = z.object({ corpora: z.tuple([z.string()], z.string()) });
  try {
    const { corpora } = schema.parse(JSON.parse(await readFile(list, 'utf8')));
    const [first, ...others] = corpora;
    return [resolve(path, first), ...others.map((member) => resolve(path, member))];
  } catch {
    throw new Error(`${list}: not a list of corpora. Expected {"corpora": ["path", …]}.`);
  }
}

function joinCorpora(parts: readonly Part[], path: string): ParallelCorpusReader {
  const named = new Map<string, Part>();
  for (const part of parts) {
    let unique = part.name;
    for (let number = 2; named.has(unique); number++) unique = `${part.name}-${number}`;
    named.set(unique, part);
  }
  const splits = [...named].flatMap(([partName, part]) => part.splits.map((split) => `${partName}/${split}`));
  return {
    name: [...named.keys()].join('+'),
    splits,
    async read(split) {
      const [partName, partSplit] = split.split('/', 2);
      if (partSplit !== undefined) {
        const part = named.get(partName!);
        if (!part) throw new Error(`No split "${split}" here. There are: ${splits.join(', ')}.`);
        return part.read(partSplit);
      }
      const content: SplitContent = { pairs: [], skipped: [], files: [] };
      const having = parts.filter((part) => findSplit(split, part.named) !== undefined);
      if (having.length === 0) resolveSplit(split, splits, path);
      for (const part of having) {
        const { pairs, skipped, files } = await part.read(split);
        content.pairs = content.pairs.concat(pairs);
        content.files.push(...files);
        for (const { reason, count } of skipped) {
          const known = content.skipped.find((entry) => entry.reason === reason);
          if (known) known.count += count;
          else content.skipped.push({ reason, count });
        }
      }
      return withDigest(content);
    },
  };
}

async function openSingle(path: string, languages: CorpusLanguages): Promise<Part> {
  const kind = await kindOf(path);
  if (kind === 'missing') throw new Error(`${path}: no such file or folder.`);
  if (kind === 'file')
    return isTatoeba(path) ? openTatoeba(path, languages) : openSingleFile(path, languages);
  const names = await readdir(path);
  const tatoeba = names.filter(isTatoeba).sort()[0];
  return tatoeba ? openTatoeba(join(path, tatoeba), languages) : openSplitFolder(path, names, languages);
}

function isTatoeba(path: string): boolean {
  return /^fra\.txt(\.gz)?$/.test(basename(path));
}

function openTatoeba(file: string, languages: CorpusLanguages): Part {
  if (languages.source !== 'fr' || languages.target !== 'en') {
    throw new Error(
      `${file}: holds French to English (fr to en), not ${languages.source} to ${languages.target}.`,
    );
  }
  const splits = ['train', 'validation', 'test'];
  const cut = once(async () => {
    const { pairs, emptyLines } = parseTatoeba(file, await readLines(file));
    const kept = keptPairs(pairs.length, TATOEBA_KEPT);
    return { emptyLines, sides: splitByTarget(pairs, { validation: kept, test: kept }) };
  });
  return {
    name: basename(dirname(resolve(file))),
    splits,
    named: splits,
    async read(split) {
      const side = resolveSplit(split, splits, file) as 'train' | 'validation' | 'test';
      const { sides, emptyLines } = await cut();
      return finish(file, split, sides[side], emptyLines, [file]);
    },
  };
}

async function openSingleFile(file: string, languages: CorpusLanguages): Promise<Part> {
  const named = restIsTraining(await parseFile(file, languages), (train, rest) => joined([train, rest]));
  const whole = named.get(WHOLE) ?? { pairs: [], emptyLines: [] };
  const parts = named.size > 0 && !named.has(WHOLE) ? named : cutWhole(whole);
  const splits = [...parts.keys()];
  return {
    name: basename(file).replace(/(\.(tsv|csv|txt|jsonl|ndjson|json))?(\.gz)?$/, ''),
    splits,
    named: splits,
    async read(requested) {
      const split = resolveSplit(requested, splits, file);
      const { pairs, emptyLines } = parts.get(split) as ParsedPairs;
      if (pairs.length === 0 && whole.pairs.length > 0) {
        throw new Error(
          `${file}: too few pairs of different targets (${whole.pairs.length} in all) to keep some for validation. ` +
            'Name the splits in a column "split", or give a folder with train.tsv and val.tsv.',
        );
      }
      const skipped = parts === named ? refuseEmptyLines(file, split, emptyLines) : emptyLines;
      return finish(file, requested, pairs, skipped, [file]);
    },
  };
}

function cutWhole(whole: ParsedPairs): PairsBySplit {
  const kept = { validation: keptPairs(whole.pairs.length, SINGLE_FILE_KEPT), test: 0 };
  const { train, validation } = splitByTarget(whole.pairs, kept);
  return new Map([
    ['train', { ...whole, pairs: train }],
    ['validation', { pairs: validation, emptyLines: [] }],
    [WHOLE, whole],
  ]);
}

const joined = (parts: readonly ParsedPairs[]): ParsedPairs => ({
  pairs: parts.flatMap(({ pairs }) => pairs),
  emptyLines: parts.flatMap(({ emptyLines }) => emptyLines),
});

function openSplitFolder(folder: string, names: readonly string[], languages: CorpusLanguages): Part {
  const { source, target } = languages;
  const filesEndingIn = (...endings: readonly string[]) =>
    fileOfEachSplit(
      folder,
      names.flatMap((name) => {
        const plain = name.replace(/\.gz$/, '');
        const ending = endings.find((candidate) => plain.endsWith(candidate));
        return ending && plain.length > ending.length
          ? [[plain.slice(0, -ending.length), name] as const]
          : [];
      }),
    );
  const [sources, targets, singles] = [
    filesEndingIn(`.${source}`),
    filesEndingIn(`.${target}`),
    filesEndingIn(...SPLIT_ENDINGS),
  ];
  // Nor may a split be there in both forms.
  for (const sides of [sources, targets]) fileOfEachSplit(folder, [...singles, ...sides]);
  const named = [...new Set([...sources, ...targets, ...singles].map(([split]) => split))].sort();
  if (named.length === 0) {
    throw new Error(
      `${folder}: no parallel corpus. Looked for train.${source} with train.${target}, train.tsv, ` +
        'train.csv or train.jsonl (each may end in .gz), fra.txt and corpus.json.',
    );
  }
  return {
    name: basename(resolve(folder)),
    splits: named.filter((split) => singles.has(split) || (sources.has(split) && targets.has(split))),
    named,
    async read(requested) {
      const split = resolveSplit(requested, named, folder);
      const single = singles.get(split);
      if (single !== undefined) {
        const file = join(folder, single);
        const { pairs, emptyLines } = joined([...(await parseFile(file, languages)).values()]);
        return finish(file, split, pairs, refuseEmptyLines(file, split, emptyLines), [file]);
      }
      const fileOf = (sides: ReadonlyMap<string, string>, language: string) => {
        const name = sides.get(split);
        if (name !== undefined) return join(folder, name);
        throw new Error(
          `${folder}: the split "${split}" lacks its ${language} side: no ${split}.${language} and no ` +
            `${split}.${language}.gz.`,
        );
      };
      const [sourceFile, targetFile] = [fileOf(sources, source), fileOf(targets, target)];
      const { pairs, emptyLines } = parseParallelLines(
        { file: sourceFile, lines: await readLines(sourceFile) },
        { file: targetFile, lines: await readLines(targetFile) },
      );
      const place = `${sourceFile} and ${targetFile}`;
      const skipped = refuseEmptyLines(place, split, emptyLines);
      return finish(place, split, pairs, skipped, [sourceFile, targetFile]);
    },
  };
}

async function parseFile(file: string, languages: CorpusLanguages): Promise<PairsBySplit> {
  const lines = await readLines(file);
  if (isJsonLines(file, lines)) return parseParallelJsonLines(file, lines, languages);
  const isCsv = /\.csv(\.gz)?$/i.test(file);
  return isCsv ? parseParallelCsv(file, lines, languages) : parseParallelTsv(file, lines, languages);
}

/** Evaluation must score every line that was published: a missing sentence there is a fault of the files. */
function refuseEmptyLines(place: string, split: string, emptyLines: number[]): number[] {
  if (split !== 'train' && emptyLines.length > 0) {
    throw new Error(
      `${place}, line ${emptyLines[0]}: ${EMPTY_SIDE} (${emptyLines.length} such lines). ` +
        `Every line of the evaluation split "${split}" must hold a sentence in both languages.`,
    );
  }
  return emptyLines;
}

function finish(
  place: string,
  split: string,
  pairs: SentencePair[],
  emptyLines: number[],
  files: string[],
): ParallelCorpus {
  if (pairs.length === 0) {
    throw new Error(
      `${place}: no sentence pairs in the split "${split}" (${emptyLines.length} empty lines).`,
    );
  }
  const skipped = emptyLines.length > 0 ? [{ reason: EMPTY_SIDE, count: emptyLines.length }] : [];
  return withDigest({ pairs, skipped, files });
}

function withDigest(content: SplitContent): ParallelCorpus {
  const hash = createHash('sha256');
  for (const { source, target } of content.pairs) hash.update(`${source}\0${target}\0`);
  return { ...content, digest: hash.digest('hex') };
}

function keptPairs(count: number, { share, most }: { share: number; most: number }): number {
  return Math.min(most, Math.ceil(count * share));
}
