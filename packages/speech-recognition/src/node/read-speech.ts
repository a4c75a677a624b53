import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { basename, dirname, extname, isAbsolute, join } from 'node:path';
import { WHOLE } from '@heed/training';
import { kindOf, readLines, resolveSplit } from '@heed/training/node';
import { holdSpeakers } from '../data/held-speakers.js';
import { parseChapter } from '../data/librispeech.js';
import { type Pronunciations, parsePronunciations } from '../data/pronunciations.js';
import { parseSpeechTable } from '../data/speech-table.js';
import { parseFileIds, parseTranscription } from '../data/sphinx.js';
import { syntheticTones } from '../data/synthetic.js';
import { CORE_TEST, DEVELOPMENT, parsePhones } from '../data/timit.js';
import { spokenText, type Utterance } from '../data/utterance.js';

/** One split of a data set. */
export interface Speech {
  readonly utterances: readonly Utterance[];
  /** SHA-256 (hexadecimal) over the recordings' names and what was said, in order. */
  readonly digest: string;
}

/** A data set whose form has been recognised. */
export interface SpeechReader {
  readonly splits: readonly string[];
  /** The pronouncing dictionary that comes with it. */
  readonly pronunciations?: Pronunciations;
  /** @throws on an unknown split and on the first fault in a file (file and place are named) */
  read(split: string): Promise<Speech>;
}

/** What names the tones that are made by code. */
const SYNTHETIC = 'synthetic';
const SYNTHETIC_SPLITS: Readonly<Record<string, { count: number; seed: number }>> = {
  train: { count: 1200, seed: 1 },
  validation: { count: 100, seed: 2 },
  test: { count: 200, seed: 3 },
};
const AUDIO_ENDINGS = ['.wav', '.flac', '.sph', '.WAV', '.WAV.wav'];

/**
 * Recognises the form of recordings with what was said, by looking at `path`, and lists its splits:
 *
 * - `synthetic`: tones made by code, `train`, `validation` and `test`;
 * - a folder with CMU Sphinx's `etc/NAME_SPLIT.fileids` and `.transcription`, as AN4 has, recordings in `wav`, and a
 *   dictionary `etc/NAME.dic`;
 * - a folder with TIMIT's `TRAIN` and `TEST`: `validation` is the customary 50 speakers of the test set, `test` the 24
 *   speakers of the core test set, and the sentences that all speakers say are left out;
 * - a folder with LibriSpeech's `train-clean-100`, `dev-clean` and so on: `train` is all that begin with it, `dev` and
 *   `test` are the clean ones;
 * - a folder with a table `speech.csv` (or .tsv), with columns `audio`, `transcript` and perhaps `phonemes`, `speaker`
 *   and `split`, or with a table a split, `train.csv` and `validation.csv`; or such a table itself. Recordings are beside
 *   it or in `wav`, `clips` or `audio`.
 *
 * Where nothing tells a validation split, every tenth speaker of the training split is kept for it.
 */
export async function openSpeech(path: string): Promise<SpeechReader> {
  const kind = await kindOf(path);
  if (kind === 'missing' && path === SYNTHETIC) return openTones();
  if (kind === 'missing') throw new Error(`${path}: no such file or folder.`);
  if (kind === 'file') return openTables(dirname(path), [basename(path)]);
  const names = (await readdir(path)).sort();
  const lists = names.includes('etc') ? (await readdir(join(path, 'etc'))).sort() : [];
  if (lists.some((name) => name.endsWith('.fileids'))) return openSphinx(path, lists);
  const [train, test] = ['train', 'test'].map((split) => names.find((name) => name.toLowerCase() === split));
  if (train && test && (await isTimit(join(path, train))))
    return openTimit(join(path, train), join(path, test));
  const parts = names.filter((name) => /^(train|dev|test)-/u.test(name));
  if (parts.length > 0) return openLibriSpeech(path, parts);
  const whole = names.find((name) => /^speech\.[ct]sv$/u.test(name));
  const tables = whole
    ? [whole]
    : names.filter((name) => /^(train|dev|val|valid|validation|test)\.[ct]sv$/u.test(name));
  if (tables.length > 0) return openTables(path, tables);
  throw new Error(
    `${path}: no recordings. Looked for Sphinx's etc/*.fileids, TIMIT's TRAIN and TEST, LibriSpeech's train-*, ` +
      'speech.csv and train.csv.',
  );
}

/** Reads a pronouncing dictionary: a file, or the folder that holds CMU's. */
export async function readPronunciations(path: string): Promise<Pronunciations> {
  const kind = await kindOf(path);
  if (kind === 'missing') throw new Error(`${path}: no such dictionary.`);
  if (kind === 'file') return parsePronunciations(path, await readLines(path));
  const names = await readdir(path);
  const found = names.find((name) => /^(cmudict\.)?dict(\.txt)?$|\.dict?$|^cmudict/u.test(name));
  if (found === undefined)
    throw new Error(`${path}: no dictionary in it. Expected a file such as cmudict.dict.`);
  return parsePronunciations(join(path, found), await readLines(join(path, found)));
}

function readerOf(
  path: string,
  splits: readonly string[],
  read: (split: string) => Promise<readonly Utterance[]> | readonly Utterance[],
  pronunciations?: Pronunciations,
): SpeechReader {
  const held =
    !splits.some((split) => /^(val|valid|validation|dev)$/u.test(split)) && splits.includes('train');
  const all = held ? [...splits, 'validation'] : splits;
  return {
    splits: all,
    ...(pronunciations && { pronunciations }),
    async read(requested) {
      const split = resolveSplit(requested, all, path);
      const parted = held && (split === 'train' || split === 'validation');
      const utterances = parted ? holdSpeakers(await read('train'), path)[split] : await read(split);
      if (utterances.length === 0) throw new Error(`${path}: no recordings in the split "${requested}".`);
      return { utterances, digest: digestOf(utterances) };
    },
  };
}

function digestOf(utterances: readonly Utterance[]): string {
  const hash = createHash('sha256');
  for (const { audio, text, phonemes } of utterances) {
    if (typeof audio === 'string') hash.update(basename(audio));
    else
      hash.update(new Uint8Array(audio.samples.buffer, audio.samples.byteOffset, audio.samples.byteLength));
    hash.update(`\0${text ?? ''}\0${phonemes ?? ''}\0\0`);
  }
  return hash.digest('hex');
}

function openTones(): SpeechReader {
  return readerOf(SYNTHETIC, Object.keys(SYNTHETIC_SPLITS), (split) =>
    syntheticTones(SYNTHETIC_SPLITS[split] as { count: number; seed: number }),
  );
}

async function openSphinx(path: string, names: readonly string[]): Promise<SpeechReader> {
  const etc = (name: string) => join(path, 'etc', name);
  const splits = new Map<string, string>();
  for (const name of names) {
    const [, stem, split] = /^(.*_(\w+))\.fileids$/u.exec(name) ?? [];
    if (stem !== undefined && split !== undefined) splits.set(split, stem);
  }
  if (splits.size === 0) throw new Error(`${etc('')}: no list NAME_SPLIT.fileids in it.`);
  const dictionary = names.find((name) => name.endsWith('.dic'));
  const pronunciations =
    dictionary === undefined
      ? undefined
      : parsePronunciations(etc(dictionary), await readLines(etc(dictionary)));
  const read = async (split: string): Promise<Utterance[]> => {
    const stem = splits.get(split) as string;
    const [list, transcription] = [etc(`${stem}.fileids`), etc(`${stem}.transcription`)];
    const ids = parseFileIds(list, await readLines(list));
    const texts = parseTranscription(transcription, await readLines(transcription));
    const folder = (await kindOf(join(path, 'wav'))) === 'folder' ? join(path, 'wav') : path;
    const ending = await endingOf(join(folder, ids[0] ?? ''));
    return ids.map((id, index) => {
      const text = texts.get(id) ?? texts.get(basename(id));
      if (text === undefined) {
        throw new Error(`${list}, line ${index + 1}: ${basename(id)} has no line in ${transcription}.`);
      }
      return { audio: join(folder, `${id}${ending}`), text, speaker: basename(dirname(id)) };
    });
  };
  return readerOf(path, [...splits.keys()], read, pronunciations);
}

/** What recordings end with, told by the first of them. @throws if it is not there */
async function endingOf(recording: string): Promise<string> {
  for (const ending of AUDIO_ENDINGS) {
    if ((await kindOf(`${recording}${ending}`)) === 'file') return ending;
  }
  throw new Error(`${recording}: no such recording: looked for ${AUDIO_ENDINGS.slice(0, 3).join(', ')}.`);
}

const isRegion = (name: string) => /^dr\d$/iu.test(name);

const isTimit = async (folder: string): Promise<boolean> =>
  (await kindOf(folder)) === 'folder' && (await readdir(folder)).some(isRegion);

function openTimit(train: string, test: string): SpeechReader {
  const speakers: Readonly<Record<string, readonly string[]>> = { validation: DEVELOPMENT, test: CORE_TEST };
  return readerOf(dirname(train), ['train', 'validation', 'test'], async (split) => {
    const utterances: Utterance[] = [];
    const root = split === 'train' ? train : test;
    for (const region of (await readdir(root)).filter(isRegion).sort()) {
      for (const speaker of (await readdir(join(root, region))).sort()) {
        const wanted = speakers[split];
        if (wanted && !wanted.includes(speaker.toLowerCase())) continue;
        utterances.push(...(await readTimitSpeaker(join(root, region, speaker), speaker)));
      }
    }
    return utterances;
  });
}

/** What all speakers say. */
const isCommon = (name: string) => /^sa\d/iu.test(name);

async function readTimitSpeaker(folder: string, speaker: string): Promise<Utterance[]> {
  const names = (await readdir(folder)).sort();
  const phones = names.filter((name) => /\.phn$/iu.test(name) && !isCommon(name));
  return Promise.all(
    phones.map(async (name) => {
      const stem = name.slice(0, -4);
      const isAudio = (other: string) => other.startsWith(`${stem}.`) && /\.(wav|sph|flac)$/iu.test(other);
      const audio =
        names.find((other) => isAudio(other) && /\.wav\.wav$/iu.test(other)) ?? names.find(isAudio);
      if (audio === undefined) throw new Error(`${join(folder, name)}: there is no recording of it.`);
      const words = names.find((other) => other.toLowerCase() === `${stem}.txt`.toLowerCase());
      const spoken = words && (await readLines(join(folder, words)))[0]?.replace(/^\d+\s+\d+\s+/u, '');
      return {
        audio: join(folder, audio),
        ...(spoken && { text: spokenText(spoken) }),
        phonemes: parsePhones(join(folder, name), await readLines(join(folder, name))),
        speaker,
      };
    }),
  );
}

function openLibriSpeech(path: string, parts: readonly string[]): SpeechReader {
  const groups = new Map(parts.map((part) => [part, [part]]));
  for (const [split, prefix] of [
    ['train', 'train-'],
    ['dev', 'dev-clean'],
    ['test', 'test-clean'],
  ] as const) {
    const of = parts.filter((part) => part.startsWith(prefix));
    if (of.length > 0) groups.set(split, of);
  }
  return readerOf(path, [...groups.keys()], async (split) => {
    const utterances: Utterance[] = [];
    for (const part of groups.get(split) as string[]) {
      for (const speaker of (await readdir(join(path, part))).sort()) {
        for (const chapter of (await readdir(join(path, part, speaker))).sort()) {
          const file = join(path, part, speaker, chapter, `${speaker}-${chapter}.trans.txt`);
          for (const [recording, text] of parseChapter(file, await readLines(file))) {
            utterances.push({ audio: join(dirname(file), `${recording}.flac`), text, speaker });
          }
        }
      }
    }
    return utterances;
  });
}

/** What a table is called that is one split; alone under another name, it is the training's. */
const SPLIT_NAME = /^(train|dev|val|valid|validation|test)$/;

async function openTables(folder: string, names: readonly string[]): Promise<SpeechReader> {
  const splits = new Map<string, Utterance[]>();
  for (const name of names) {
    const file = join(folder, name);
    for (const [split, utterances] of parseSpeechTable(file, (await readLines(file)).join('\n'))) {
      const stem = name.slice(0, -extname(name).length);
      const ofFile = names.length > 1 || SPLIT_NAME.test(stem) ? stem : 'train';
      const into = split === WHOLE ? ofFile : split;
      splits.set(into, [...(splits.get(into) ?? []), ...utterances]);
    }
  }
  return readerOf(
    join(folder, names.length === 1 ? (names[0] as string) : ''),
    [...splits.keys()],
    async (split) => {
      const utterances = splits.get(split) as Utterance[];
      const paths = utterances.map(({ audio }) => audio as string);
      const relative = paths.find((path) => !isAbsolute(path));
      const root = relative === undefined ? folder : await audioFolder(folder, relative);
      return utterances.map((utterance) => ({
        ...utterance,
        audio: located(root, utterance.audio as string),
      }));
    },
  );
}

const located = (folder: string, audio: string) => (isAbsolute(audio) ? audio : join(folder, audio));

/** Where the recordings are: beside the table, or in a folder of a known name. */
async function audioFolder(folder: string, first: string): Promise<string> {
  const known = ['wav', 'clips', 'audio'].map((name) => join(folder, name));
  for (const candidate of [folder, ...known]) {
    if ((await kindOf(join(candidate, first))) === 'file') return candidate;
  }
  // The first recording may be the one that is missing: a folder by its name will do.
  for (const candidate of known) {
    if ((await kindOf(candidate)) === 'folder') return candidate;
  }
  throw new Error(
    `${folder}: no recordings. Looked for ${first} beside the table and in wav, clips and audio.`,
  );
}
