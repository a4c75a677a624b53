import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../training/test/temporary-folder.js';
import { parsePronunciations } from '../src/data/pronunciations.js';
import { scoredSymbols } from '../src/data/symbols.js';
import { toTimit39, toTimit48 } from '../src/data/timit.js';
import { isTones, spokenText, symbolsOf, type Utterance } from '../src/index.js';
import { openSpeech, readPronunciations } from '../src/node/index.js';

const { at, keep } = temporaryFolder();

/** What is read, its paths from the folder on. */
const read = async (split: string, path = at()): Promise<Utterance[]> =>
  (await (await openSpeech(path)).read(split)).utterances.map((utterance) => ({
    ...utterance,
    audio: relative(at(), utterance.audio as string),
  }));

const speakers = Array.from({ length: 10 }, (_, i) => `s${i}`);
const sphinx = {
  'etc/some_train.fileids': speakers.map((speaker) => `clean/${speaker}/${speaker}-a`).join('\n'),
  'etc/some_train.transcription': speakers
    .map((speaker) => `<s> YES  THE(2) <sil> B ++UM++ </s> (${speaker}-a)`)
    .join('\n'),
  'etc/some_test.fileids': 'clean/t/t-a\n',
  'etc/some_test.transcription': 'NO (t-a)\n',
  'etc/some.dic': 'YES  Y EH S\nTHE  DH AH\nTHE(2)  DH IY\nB  B IY\n',
  'wav/clean/s0/s0-a.wav': '',
  'wav/clean/t/t-a.wav': '',
};

describe('CMU Sphinx', () => {
  test('lists, transcriptions and dictionary; every tenth speaker is kept for validation', async () => {
    await keep(sphinx);
    const reader = await openSpeech(at());
    expect(reader.splits).toEqual(['test', 'train', 'validation']);
    const of = (speaker: string): Utterance => ({
      audio: `wav/clean/${speaker}/${speaker}-a.wav`,
      text: 'YES THE B',
      speaker,
    });
    expect(await read('train')).toEqual(speakers.slice(0, 9).map(of));
    expect(await read('dev')).toEqual([of('s9')]);
    expect(await read('test')).toEqual([{ audio: 'wav/clean/t/t-a.wav', text: 'NO', speaker: 't' }]);
    expect(symbolsOf(of('s1'), 'phonemes', reader.pronunciations)).toBe('Y EH S DH AH B IY');
    expect(() => symbolsOf({ ...of('s1'), text: 'YES NO' }, 'phonemes', reader.pronunciations)).toThrow(
      /some\.dic: "NO" is not in it/,
    );
  });

  test('recordings of one name in several folders are told apart by their paths', async () => {
    await keep({
      'etc/some_test.fileids': 'a/u1\nb/u1\n',
      'etc/some_test.transcription': 'YES (a/u1)\nNO (b/u1)\n',
      'wav/a/u1.wav': '',
    });
    expect((await read('test')).map(({ text }) => text)).toEqual(['YES', 'NO']);
  });

  test.each<[what: string, file: string, content: string, message: RegExp]>([
    ['a recording without a line', 'etc/some_train.fileids', 'a/b', /fileids, line 1: b has no line in/],
    [
      'a line without a recording',
      'etc/some_train.transcription',
      'YES',
      /transcription, line 1: expected words/,
    ],
    [
      'two lines of one recording',
      'etc/some_train.transcription',
      'YES (s0-a)\nNO (s0-a)',
      /transcription, line 2: a second transcription of s0-a/,
    ],
    ['a path that leaves the folder', 'etc/some_train.fileids', '../x', /line 1: \.\.\/x is outside/],
    ['a word without phonemes', 'etc/some.dic', 'YES  Y EH S\nNO', /some\.dic, line 2: "NO" has no phonemes/],
  ])('%s is an error', async (_, file, content, message) => {
    await keep({ ...sphinx, 'wav/a/b.wav': '', [file]: content });
    await expect(read('train')).rejects.toThrow(message);
  });
});

describe('TIMIT', () => {
  const phones = '0 10 h#\n10 20 q\n20 30 ax-h\n30 40 dcl\n40 50 ux\n';
  const spoken = (folder: string, sentence: string) => ({
    [`${folder}/${sentence}.WAV`]: '',
    [`${folder}/${sentence}.PHN`]: phones,
    [`${folder}/${sentence}.TXT`]: '0 50 She had your suit.\n',
  });
  beforeEach(() =>
    keep({
      ...spoken('TRAIN/DR1/FCJF0', 'SI648'),
      ...spoken('TRAIN/DR1/FCJF0', 'SA1'),
      ...spoken('TEST/DR1/FAKS0', 'SI943'),
      ...spoken('TEST/DR1/MDAB0', 'SX49'),
      ...spoken('TEST/DR1/FDAW0', 'SX16'),
    }),
  );

  test('the customary speakers, the sentences of each by itself, words and phones', async () => {
    expect(await read('train')).toEqual([
      {
        audio: 'TRAIN/DR1/FCJF0/SI648.WAV',
        text: 'SHE HAD YOUR SUIT',
        phonemes: 'h# q ax-h dcl ux',
        speaker: 'FCJF0',
      },
    ]);
    expect((await read('validation')).map(({ speaker }) => speaker)).toEqual(['FAKS0']);
    expect((await read('test')).map(({ speaker }) => speaker)).toEqual(['MDAB0']);
  });

  test('61 phones become 48 and 39, as they are trained and as they are scored', async () => {
    const [utterance] = (await read('train')) as [Utterance];
    expect(symbolsOf(utterance, 'timit-48')).toBe('sil ax vcl uw');
    expect(scoredSymbols('sil ax vcl uw', 'timit-48')).toBe('sil ah sil uw');
    const written = symbolsOf(utterance, 'timit-61');
    expect(written).toBe('h q axh dcl ux');
    expect(scoredSymbols(written, 'timit-61')).toBe('sil ah sil uw');
    const all =
      'iy ih eh ey ae aa aw ay ah ao oy ow uh uw ux er ax ix axr ax-h b d g p t k dx q jh ch s sh z zh f th v dh m n ng em en eng nx l r w y hh hv el bcl dcl gcl pcl tcl kcl pau epi h#';
    expect(all.split(' ')).toHaveLength(61);
    expect(new Set(toTimit48(all).split(' ')).size).toBe(48);
    expect(new Set(toTimit39(all).split(' ')).size).toBe(39);
    expect(toTimit39(toTimit48(all))).toBe(toTimit39(all));
  });

  test('what is no phone is an error', async () => {
    await keep({ 'TRAIN/DR1/FCJF0/SI648.PHN': '0 10 h#\n10 20 what\n' });
    await expect(read('train')).rejects.toThrow(/SI648\.PHN, line 2: expected two places and one of TIMIT/);
  });
});

test("LibriSpeech: a split's chapters, and the clean ones to choose and to report by", async () => {
  const chapter = (part: string) => ({
    [`${part}/19/198/19-198.trans.txt`]: `19-198-0000 A ${part.toUpperCase()}\n19-198-0001 IT'S\n`,
  });
  await keep({
    ...chapter('train-clean-100'),
    ...chapter('train-other-500'),
    ...chapter('dev-clean'),
    ...chapter('dev-other'),
  });
  expect((await read('train')).map(({ text }) => text)).toEqual([
    'A TRAIN CLEAN 100',
    "IT'S",
    'A TRAIN OTHER 500',
    "IT'S",
  ]);
  expect(await read('validation')).toEqual([
    { audio: 'dev-clean/19/198/19-198-0000.flac', text: 'A DEV CLEAN', speaker: '19' },
    { audio: 'dev-clean/19/198/19-198-0001.flac', text: "IT'S", speaker: '19' },
  ]);
  expect((await read('dev-other'))[0]?.text).toBe('A DEV OTHER');
  await keep({ 'dev-clean/19/198/19-198.trans.txt': 'oh' });
  await expect(read('dev')).rejects.toThrow(/19-198\.trans\.txt, line 1: expected SPEAKER-CHAPTER-NUMBER/);
});

describe('a table', () => {
  test('with splits, speakers and phonemes, and recordings in a folder', async () => {
    await keep({
      'speech.csv':
        '\ufeffaudio,transcript,phonemes,speaker,split\na.wav,"Well, yes.",W EH L,ann,train\nb.wav,,N  OW,bob,dev\n',
      'wav/a.wav': '',
      'wav/b.wav': '',
    });
    expect(await read('train')).toEqual([
      { audio: 'wav/a.wav', text: 'WELL YES', phonemes: 'W EH L', speaker: 'ann' },
    ]);
    expect(await read('validation')).toEqual([{ audio: 'wav/b.wav', phonemes: 'N OW', speaker: 'bob' }]);
  });

  test('a row without a split is trained on, beside those that are for it', async () => {
    const rows = ['a.wav,Yes,train', 'b.wav,No,', 'c.wav,Oh,dev'].join('\n');
    await keep({ 'speech.csv': `audio,text,split\n${rows}\n`, 'a.wav': '' });
    expect((await read('train')).map(({ text }) => text)).toEqual(['YES', 'NO']);
  });

  test('a table that is called as a split is that one, also alone', async () => {
    await keep({ 'test.csv': 'audio,text\na.wav,Yes\n', 'a.wav': '' });
    expect(await read('test')).toEqual([{ audio: 'a.wav', text: 'YES', speaker: 'a.wav' }]);
  });

  test('a split, each, and a table by its name, of which every tenth recording is kept', async () => {
    const rows = ['path\tsentence', ...speakers.map((name) => `${name}.wav\tYes`)].join('\n');
    await keep({
      'train.tsv': rows,
      'test.tsv': 'path\tsentence\nt.wav\tNo',
      's0.wav': '',
      's9.wav': '',
      't.wav': '',
    });
    expect(await read('train')).toHaveLength(9);
    expect(await read('validation')).toEqual([{ audio: 's9.wav', text: 'YES', speaker: 's9.wav' }]);
    expect(await read('test')).toEqual([{ audio: 't.wav', text: 'NO', speaker: 't.wav' }]);
    expect(await read('train', at('train.tsv'))).toHaveLength(9);
  });

  test('with paths that are whole and others that are not, the first of which is missing', async () => {
    const rows = [`${at('b.wav')},Yes,test`, 'none.wav,No,test', 'c.wav,Oh,test'];
    await keep({ 'speech.csv': ['audio,text,split', ...rows].join('\n'), 'b.wav': '', 'clips/c.wav': '' });
    expect((await read('test')).map(({ audio }) => audio)).toEqual([
      'b.wav',
      'clips/none.wav',
      'clips/c.wav',
    ]);
  });

  test('of one speaker keeps every tenth utterance', async () => {
    const rows = Array.from({ length: 20 }, (_, i) => `${i}.wav,Number,ann`);
    await keep({ 'speech.csv': ['audio,text,speaker', ...rows].join('\n'), '0.wav': '', '9.wav': '' });
    expect(await read('train')).toHaveLength(18);
    expect((await read('validation')).map(({ audio }) => audio)).toEqual(['9.wav', '19.wav']);
  });

  test.each<[what: string, table: string, message: RegExp]>([
    ['without a header', 'a.wav,Yes', /speech\.csv: no recordings.*names the columns/],
    ['with an empty cell', 'audio,text\na.wav,Yes\na.wav,...\n', /speech\.csv, line 3: no text/],
    [
      'with too few utterances',
      'audio,text\na.wav,Yes\n',
      /speech\.csv: 1 utterances, and one of 10 is kept/,
    ],
    [
      'of recordings that are not there',
      'audio,text,split\nx.wav,Yes,dev\n',
      /no recordings\. Looked for x\.wav/,
    ],
  ])('%s is an error', async (_, table, message) => {
    await keep({ 'speech.csv': table, 'a.wav': '' });
    await expect(read(table.includes('split') ? 'dev' : 'train')).rejects.toThrow(message);
  });
});

test('tones are made where a data set is called synthetic, others for each split', async () => {
  const reader = await openSpeech('synthetic');
  const [validation, other] = [await reader.read('validation'), await reader.read('test')];
  expect(validation.utterances.every(isTones)).toBe(true);
  expect(validation.digest).not.toBe(other.digest);
});

test('what is no data set is an error with what was looked for', async () => {
  await expect(openSpeech(at())).rejects.toThrow(/no recordings\. Looked for Sphinx's etc/);
  await expect(openSpeech(at('none'))).rejects.toThrow(/none: no such file or folder/);
});

test.each([
  ['“Well — it’s 4 o’clock!”', "WELL IT'S 4 O'CLOCK"],
  ["l'élève, ' '' ", "L'ÉLÈVE"],
  [' ... ', ''],
])('of %j the words are %j', (text, words) => {
  expect(spokenText(text)).toBe(words);
  expect(spokenText(words)).toBe(words);
});

test('of a dictionary, stress, comments and further pronunciations are left out; its texts are read back', () => {
  const entries = fc.uniqueArray(
    fc.tuple(fc.stringMatching(/^[A-Z']{1,6}$/), fc.stringMatching(/^[A-Z]{1,2}( [A-Z]{1,2}){0,4}$/)),
    {
      minLength: 1,
      maxLength: 8,
      selector: ([word]) => word,
    },
  );
  fc.assert(
    fc.property(entries, (words) => {
      const lines = words.flatMap(([word, phonemes]) => [
        ';;; a comment',
        `${word.toLowerCase()}  ${phonemes.replace(/([A-Z]) /g, '$11 ')} # another`,
        `${word}(2)  X`,
      ]);
      const dictionary = parsePronunciations('some.dict', lines);
      expect(dictionary.phonemesOf(words.map(([word]) => word).join(' '))).toBe(
        words.map(([, phonemes]) => phonemes).join(' '),
      );
    }),
  );
});

const data = resolve(process.env.HEED_DATA ?? '../shared/data');

test.skipIf(!existsSync(join(data, 'an4')) || !existsSync(join(data, 'cmudict')))(
  'AN4 and the CMU dictionary as published (skipped unless HEED_DATA holds an4 and cmudict)',
  async () => {
    const reader = await openSpeech(join(data, 'an4'));
    const [train, validation, held] = await Promise.all(
      ['train', 'validation', 'test'].map(async (split) => (await reader.read(split)).utterances),
    );
    expect((train?.length ?? 0) + (validation?.length ?? 0)).toBe(948);
    expect([train, validation, held].map((of) => new Set(of?.map(({ speaker }) => speaker)).size)).toEqual([
      67, 7, 10,
    ]);
    expect(held).toHaveLength(130);
    const texts = (held ?? []).map(({ text }) => text as string);
    expect(texts.join(' ').split(' ')).toHaveLength(773);
    const cmu = await readPronunciations(join(data, 'cmudict'));
    expect(cmu.phonemesOf('ERASE C THREE')).toBe('IH R EY S S IY TH R IY');
    for (const utterance of held ?? []) symbolsOf(utterance, 'phonemes', reader.pronunciations);
  },
);
