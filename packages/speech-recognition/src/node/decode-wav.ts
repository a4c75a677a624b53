import wavefile from 'wavefile';
import type { Sound } from './read-audio.js';

/** What the library gives of a file. */
type Wav = InstanceType<typeof wavefile.WaveFile>;
type Data = { readonly chunkSize: number; samples: Uint8Array };
type Format = {
  audioFormat: number;
  readonly numChannels: number;
  readonly sampleRate: number;
  readonly blockAlign: number;
  readonly bitsPerSample: number;
  /** Of an extensible file: its first half is the number of the format that counts. */
  readonly subformat: readonly number[];
};
type Sizes = { readonly dataSizeHigh: number; readonly dataSizeLow: number };

/** PCM, float, A-law, μ-law. */
const FORMATS: readonly number[] = [1, 3, 6, 7];
const PCM = 1;
/** Instead of the number of a format. */
const EXTENSIBLE = 0xfffe;
/** Instead of a size that has no room: that stands in a chunk `ds64`. */
const ELSEWHERE = 0xffffffff;
/** What writes into a pipe knows no size, and says this one, or a larger one. */
const UNKNOWN_SIZE = 0x7ffff000;

const FULL_SCALE: Readonly<Record<string, number>> = { '8': 2 ** 7, '32f': 1, '64': 1 };

/**
 * WAV: RIFF, RIFX, which is big-endian, and RF64, which may be larger than 4 GiB. Sound of which no size is known goes to
 * the end of the file.
 *
 * @throws if it is damaged, or its samples are of another form
 */
export function decodeWav(bytes: Uint8Array): Sound {
  const wav = new wavefile.WaveFile();
  read(wav, bytes);
  const { numChannels, sampleRate, blockAlign, bitsPerSample, subformat } = wav.fmt as Format;
  const isExtensible = (wav.fmt as Format).audioFormat === EXTENSIBLE;
  const format = isExtensible ? (subformat[0] ?? EXTENSIBLE) & 0xffff : (wav.fmt as Format).audioFormat;
  if (!FORMATS.includes(format)) {
    throw new Error(
      `its samples are of format 0x${format.toString(16)}: PCM, float, A-law or μ-law is expected`,
    );
  }
  const size = sizeOf(wav, blockAlign);
  if (numChannels < 1 || blockAlign < 1 || size % blockAlign !== 0) {
    throw new Error(`damaged WAV data (${numChannels} channels, ${size} bytes of ${blockAlign} each)`);
  }
  const isWhole = blockAlign === numChannels * Math.ceil(bitsPerSample / 8);
  if (bitsPerSample < 8 || !isWhole || (format === PCM && bitsPerSample > 32)) {
    throw new Error(
      `its samples have ${bitsPerSample} bits in ${blockAlign / numChannels} bytes, which heed does not read`,
    );
  }
  if (isExtensible) {
    // The library goes by the first number alone, and when it reads.
    (wav.fmt as Format).audioFormat = format;
    read(wav, wav.toBuffer());
  }
  const data = wav.data as Data;
  // The byte behind a chunk of odd size is with its samples, and what follows sound of unknown size.
  data.samples = data.samples.subarray(0, size);
  if (wav.bitDepth === '8a') wav.fromALaw();
  if (wav.bitDepth === '8m') wav.fromMuLaw();
  const depth = wav.bitDepth;
  const decoded = wav.getSamples(false, Float64Array) as Float64Array | Float64Array[];
  const channels = decoded instanceof Float64Array ? [decoded] : decoded;
  const scale = FULL_SCALE[depth] ?? 2 ** ((depth === '16' ? 16 : (8 * blockAlign) / numChannels) - 1);
  const middle = depth === '8' ? scale : 0;
  return { channels: channels.map((channel) => toFloat(channel, middle, scale)), sampleRate };
}

function read(wav: Wav, bytes: Uint8Array): void {
  try {
    wav.fromBuffer(bytes);
  } catch (error) {
    throw new Error(`damaged WAV data (${(error as Error).message})`);
  }
}

/** How many bytes of the samples are sound. */
function sizeOf(wav: Wav, blockAlign: number): number {
  const { chunkSize, samples } = wav.data as Data;
  const { dataSizeHigh, dataSizeLow } = wav.ds64 as Sizes;
  const isElsewhere = chunkSize === ELSEWHERE && wav.container === 'RF64';
  // The library's names for the halves are the wrong way round.
  const size = isElsewhere ? dataSizeLow * 2 ** 32 + dataSizeHigh : chunkSize;
  if (size <= samples.length) return size;
  if (size >= UNKNOWN_SIZE) return samples.length - (samples.length % blockAlign);
  throw new Error(`it ends early: ${samples.length} bytes of sound, and ${size} are announced`);
}

const toFloat = (samples: ArrayLike<number>, middle: number, scale: number): Float32Array =>
  Float32Array.from(samples, (sample) => (sample - middle) / scale);
