import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Recording, SAMPLE_RATE } from '../src/index.js';
import { AudioFileError, decodeAudio, readAudio, writeWav } from '../src/node/index.js';
import { changeSpeed, resample } from '../src/node/resample.js';

const file = (name: string) => new URL(`golden/audio/${name}`, import.meta.url).pathname;
const tone = (hertz: number, rate: number, samples: number) =>
  Float32Array.from({ length: samples }, (_, i) => 0.5 * Math.sin((2 * Math.PI * hertz * i) / rate));

/** The greatest difference from the tone, leaving out what filters do to the edges. */
function farthest({ samples }: Recording, edge: number, hertz = 440): number {
  const wanted = tone(hertz, SAMPLE_RATE, samples.length);
  return samples
    .map((sample, i) => Math.abs(sample - (wanted[i] as number)))
    .slice(edge, samples.length - edge)
    .reduce((most, difference) => Math.max(most, difference), 0);
}

/** A copy, with something else in its place. */
function changed(bytes: Uint8Array, change: (view: DataView) => void): Uint8Array {
  const copy = Uint8Array.from(bytes);
  change(new DataView(copy.buffer));
  return copy;
}

type WavChunk = readonly [name: string, content: Uint8Array, said?: number];

/** A WAV file of such chunks, each as large as its content, or as is said. */
function wav(chunks: readonly WavChunk[], form = 'RIFF'): Uint8Array {
  const parts = chunks.flatMap(([name, content, said = content.length]) => [
    Buffer.from(name),
    new Uint8Array(Uint32Array.of(said).buffer),
    content,
    new Uint8Array(content.length % 2),
  ]);
  return Buffer.concat([Buffer.from(form), new Uint8Array(4), Buffer.from('WAVE'), ...parts]);
}

/** How one channel is stored; with a sub-format, which is then what counts. */
function format(tag: number, bits: number, subFormat?: number): WavChunk {
  const content = new Uint8Array(subFormat === undefined ? 16 : 40);
  const view = new DataView(content.buffer);
  [tag, 1].forEach((value, i) => void view.setUint16(2 * i, value, true));
  [SAMPLE_RATE, (SAMPLE_RATE * bits) / 8].forEach((value, i) => void view.setUint32(4 + 4 * i, value, true));
  [bits / 8, bits].forEach((value, i) => void view.setUint16(12 + 2 * i, value, true));
  if (subFormat !== undefined) view.setUint16(24, subFormat, true);
  return ['fmt ', content];
}

/** The sound of a file of the tone, as it is stored. */
async function soundOf(name: string): Promise<Uint8Array> {
  const bytes = await readFile(file(name));
  return Uint8Array.from(bytes.subarray(bytes.indexOf('data') + 8));
}

const tail: WavChunk = ['LIST', new TextEncoder().encode('INFOISFT....heed')];

describe('the same tone, as other programs wrote it', () => {
  test.each<[name: string, tolerance: number]>([
    ['pcm_u8.wav', 0.008],
    ['pcm_16.wav', 3.1e-5],
    ['pcm_24.wav', 2e-7],
    ['extensible_24.wav', 2e-7],
    ['pcm_32.wav', 1e-7],
    ['float.wav', 1e-7],
    ['double.wav', 1e-7],
    ['ulaw.wav', 0.02],
    ['alaw.wav', 0.02],
    ['pcm_16.flac', 3.1e-5],
    ['tone.sph', 3.1e-5],
  ])('%s', async (name, tolerance) => {
    const recording = await readAudio(file(name));
    expect(recording.name).toBe(name);
    expect(recording.samples.length).toBe(1600);
    expect(farthest(recording, 0)).toBeLessThan(tolerance);
  });

  test.each(['stereo_44100.wav', 'stereo_48000.wav', 'stereo_8000.wav', 'stereo_44100.flac'])(
    '%s: both channels, at 16,000 samples a second',
    async (name) => {
      const recording = await readAudio(file(name));
      expect(recording.samples.length).toBe(1600);
      expect(farthest(recording, 100)).toBeLessThan(2e-3);
    },
  );
});

test('a WAV of 12 bits in 16', async () => {
  const original = await readFile(file('pcm_16.wav'));
  const coarse = changed(original, (view) => view.setUint16(34, 12, true));
  expect(farthest(await decodeAudio(coarse, 'x.wav'), 0)).toBeLessThan(5e-4);
});

test.each([0xffffffff, 0x80000000, 0x7ffff000])(
  'a WAV that was written before its size was known and says %i',
  async (size) => {
    const bytes = wav([format(1, 16), ['data', await soundOf('pcm_16.wav'), size]]);
    for (const missing of [0, 1]) {
      const { samples } = await decodeAudio(bytes.subarray(0, bytes.length - missing), 'x.wav');
      expect(samples.length).toBe(1600 - missing);
      expect(farthest({ samples }, 0)).toBeLessThan(3.1e-5);
    }
  },
);

test('where a WAV says that it has no sound, another chunk is none', async () => {
  const empty = wav([format(1, 16), ['data', new Uint8Array(0)], ['LIST', new Uint8Array(2000)]]);
  await expect(decodeAudio(empty, 'x.wav')).rejects.toThrow(/there is no sound in it/);
});

test.each<[name: string, tag: number, bits: number, tolerance: number]>([
  ['pcm_24.wav', 1, 24, 2e-7],
  ['pcm_u8.wav', 1, 8, 0.008],
  ['alaw.wav', 6, 8, 0.02],
  ['ulaw.wav', 7, 8, 0.02],
])('the byte behind a chunk of odd size is no sound: %s', async (name, tag, bits, tolerance) => {
  const odd = (await soundOf(name)).slice(0, (1599 * bits) / 8);
  for (const behind of [[], [tail]]) {
    const recording = await decodeAudio(wav([format(tag, bits), ['data', odd], ...behind]), 'x.wav');
    expect(recording.samples.length).toBe(1599);
    expect(farthest(recording, 0)).toBeLessThan(tolerance);
  }
});

test.each<[name: string, subFormat: number, bits: number, tolerance: number]>([
  ['pcm_16.wav', 1, 16, 3.1e-5],
  ['float.wav', 3, 32, 1e-7],
  ['double.wav', 3, 64, 1e-7],
  ['alaw.wav', 6, 8, 0.02],
  ['ulaw.wav', 7, 8, 0.02],
])('of an extensible WAV the sub-format is read: %s', async (name, subFormat, bits, tolerance) => {
  const bytes = wav([format(0xfffe, bits, subFormat), ['data', await soundOf(name)]]);
  const recording = await decodeAudio(bytes, 'x.wav');
  expect(recording.samples.length).toBe(1600);
  expect(farthest(recording, 0)).toBeLessThan(tolerance);
});

test('RF64 has its size elsewhere, RIFX its bytes the other way round', async () => {
  const sound = await soundOf('pcm_16.wav');
  const sizes = new Uint8Array(28);
  new DataView(sizes.buffer).setBigUint64(8, BigInt(sound.length), true);
  const large = wav([['ds64', sizes], format(1, 16), ['data', sound, 0xffffffff], tail], 'RF64');
  const big = await decodeAudio(large, 'x.wav');
  expect(big.samples.length).toBe(1600);
  expect(farthest(big, 0)).toBeLessThan(3.1e-5);
  for (const [tag, bits, name, tolerance] of [
    [1, 24, 'pcm_24.wav', 2e-7],
    [3, 32, 'float.wav', 1e-7],
  ] as const) {
    const turned = turnedRound(wav([format(tag, bits), ['data', await soundOf(name)]]), bits / 8);
    expect(farthest(await decodeAudio(turned, 'x.wav'), 0)).toBeLessThan(tolerance);
  }
});

/** A plain WAV file with the bytes of every number the other way round. */
function turnedRound(bytes: Uint8Array, sampleBytes: number): Uint8Array {
  const numbers = [4, 16, 24, 28, 40].map((at) => [at, 4] as const);
  const halves = [20, 22, 32, 34].map((at) => [at, 2] as const);
  const copy = Uint8Array.from(bytes);
  copy.set(Buffer.from('RIFX'));
  for (const [at, size] of [...numbers, ...halves]) copy.subarray(at, at + size).reverse();
  for (let at = 44; at < copy.length; at += sampleBytes) copy.subarray(at, at + sampleBytes).reverse();
  return copy;
}

test('what is too high for a rate is gone and not folded down, in long recordings as in short ones', async () => {
  for (const seconds of [1, 20]) {
    const high = await resample(tone(10_000, 44_100, 44_100 * seconds), 44_100, 16_000);
    expect(high.length).toBe(16_000 * seconds);
    const loudest = high.slice(500, -500).reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    expect(loudest).toBeLessThan(1e-3);
    const low = await resample(tone(440, 44_100, 44_100 * seconds), 44_100, 16_000);
    expect(farthest({ samples: low }, 500)).toBeLessThan(1e-3);
  }
});

test('faster speech is shorter and higher', async () => {
  const faster = await changeSpeed(tone(440, SAMPLE_RATE, 16_000), 1.1);
  expect(faster.length).toBe(Math.round(16_000 / 1.1));
  expect(farthest({ samples: faster }, 500, 484)).toBeLessThan(1e-3);
  const same = tone(440, SAMPLE_RATE, 100);
  expect(await changeSpeed(same, 1)).toBe(same);
});

describe('what is no sound', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'heed-audio-'));
  });
  afterEach(() => rm(root, { recursive: true }));

  test.each<[what: string, spoil: (bytes: Uint8Array) => Uint8Array, of: string, message: RegExp]>([
    ['an empty file', () => new Uint8Array(0), 'pcm_16.wav', /of no known format: WAV, FLAC/],
    ['a text', () => new TextEncoder().encode('hello, world'), 'pcm_16.wav', /of no known format/],
    [
      'a WAV that ends early',
      (bytes) => bytes.slice(0, 1000),
      'pcm_16.wav',
      /it ends early: 956 bytes of sound, and 3200 are/,
    ],
    ['only its header', (bytes) => bytes.slice(0, 20), 'pcm_16.wav', /damaged WAV data/],
    ['a FLAC that ends early', (bytes) => bytes.slice(0, 60), 'pcm_16.flac', /damaged FLAC data/],
    [
      'a FLAC without its last frames',
      (bytes) => bytes.slice(0, bytes.length - 300),
      'stereo_44100.flac',
      /damaged FLAC data/,
    ],
    [
      'ADPCM',
      (bytes) => changed(bytes, (view) => view.setUint16(20, 0x11, true)),
      'pcm_16.wav',
      /of format 0x11: PCM, float/,
    ],
    [
      'ADPCM in an extensible WAV',
      () => wav([format(0xfffe, 16, 2), ['data', new Uint8Array(3200)]]),
      'pcm_16.wav',
      /of format 0x2: PCM, float/,
    ],
    [
      'an extensible WAV without a sub-format',
      (bytes) => changed(bytes, (view) => view.setUint16(20, 0xfffe, true)),
      'pcm_16.wav',
      /of format 0xfffe: PCM, float/,
    ],
    [
      'half a sample at its end',
      () => wav([format(1, 16), ['data', new Uint8Array(3201)]]),
      'pcm_16.wav',
      /damaged WAV data \(1 channels, 3201 bytes of 2 each\)/,
    ],
    [
      'samples with room beside them',
      (bytes) =>
        changed(bytes, (view) => {
          view.setUint16(32, 4, true);
          view.setUint16(34, 24, true);
        }),
      'pcm_16.wav',
      /its samples have 24 bits in 4 bytes/,
    ],
    [
      'four bits',
      (bytes) => changed(bytes, (view) => view.setUint16(34, 4, true)),
      'pcm_16.wav',
      /4 bits in 2 bytes/,
    ],
    [
      'less than a frame',
      (bytes) => changed(bytes.slice(0, 44 + 600), (view) => view.setUint32(40, 600, true)),
      'pcm_16.wav',
      /18\.75 ms of sound, and 25 ms are the least/,
    ],
    ['a SPHERE that ends early', (bytes) => bytes.slice(0, 2000), 'tone.sph', /it ends early: 2000 bytes/],
  ])('%s is one error with the name of the file', async (_, spoil, of, message) => {
    const bytes = spoil(await readFile(file(of)));
    const error = await decodeAudio(bytes, 'some.wav').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AudioFileError);
    expect((error as Error).message).toMatch(/^some\.wav: it is not sound that can be read: /);
    expect((error as AudioFileError).problem).toMatch(message);
  });

  test('a file that is not there, and a folder', async () => {
    await expect(readAudio(join(root, 'none.wav'))).rejects.toThrow(/none\.wav: there is no such file/);
    await expect(readAudio(root)).rejects.toThrow(`${basename(root)}: it is a folder`);
  });

  test('a NaN among the samples, and a rate that no recording has', async () => {
    const bytes = new Uint8Array(await readFile(file('float.wav')));
    const at = new TextDecoder('latin1').decode(bytes).indexOf('data') + 8;
    const view = new DataView(bytes.buffer);
    view.setFloat32(at + 40, Number.NaN, true);
    await expect(decodeAudio(bytes, 'x.wav')).rejects.toThrow(/the sound: sample 11 is NaN/);
    view.setUint32(24, 7, true);
    await expect(decodeAudio(bytes, 'x.wav')).rejects.toThrow(/7 samples a second: expected 4000 to 192,000/);
  });

  test('bytes that are changed anywhere give sound or an error of the one kind', async () => {
    const originals = await Promise.all(
      ['pcm_16.wav', 'pcm_16.flac', 'tone.sph'].map((name) => readFile(file(name))),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.nat(2),
        fc.nat(1200),
        fc.uint8Array({ minLength: 1, maxLength: 8 }),
        async (which, at, change) => {
          const bytes = Uint8Array.from(originals[which] as Buffer);
          bytes.set(change.slice(0, Math.max(0, bytes.length - at)), Math.min(at, bytes.length));
          const found = await decodeAudio(bytes, 'x').catch((thrown: unknown) => thrown);
          if (found instanceof Error) expect(found).toBeInstanceOf(AudioFileError);
          else expect((found as Recording).samples.every(Number.isFinite)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('what is written can be read again, and is clipped where it is too loud', async () => {
    const samples = Float32Array.of(0, 0.5, -0.25, 3, -3, ...new Float32Array(400));
    await writeWav(join(root, 'out.wav'), { samples });
    const read = await readAudio(join(root, 'out.wav'));
    expect([...read.samples.slice(0, 5)]).toEqual([0, 0.5, -0.25, 1 - 2 ** -15, -1]);
  });
});
