import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { FLACDecoder } from '@wasm-audio-decoders/flac';
import { framesOf } from '../features/log-mel.js';
import { checkRecording, type Recording, SAMPLE_RATE } from '../recording.js';
import { decodeSphere } from './decode-sphere.js';
import { decodeWav } from './decode-wav.js';
import { resample } from './resample.js';

/** An audio file that is missing, damaged or of a kind that is not read. */
export class AudioFileError extends Error {
  override readonly name = 'AudioFileError';

  constructor(
    file: string,
    /** What is wrong with it, without its name. */
    readonly problem: string,
    options?: ErrorOptions,
  ) {
    super(`${file}: ${problem}`, options);
  }
}

/** Sound as it is stored: the samples of each channel, -1 to 1. */
export interface Sound {
  readonly channels: readonly Float32Array[];
  readonly sampleRate: number;
}

/** In seconds; what is longer is refused rather than read into memory. */
const LONGEST = 2 * 60 * 60;
const LEAST_RATE = 4000;
const HIGHEST_RATE = 192_000;

/**
 * Reads a WAV file (PCM of 8 to 32 bits, float, A-law, μ-law), a FLAC file or NIST's SPHERE as TIMIT has it: channels mixed to
 * one, 16,000 samples a second whatever they were.
 *
 * @throws AudioFileError naming the file if it cannot be read or is damaged
 */
export async function readAudio(file: string): Promise<Recording> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    const reasons: Record<string, string> = {
      ENOENT: 'there is no such file',
      EISDIR: 'it is a folder, and an audio file is expected',
      EACCES: 'it may not be read',
    };
    throw new AudioFileError(file, reasons[error.code ?? ''] ?? error.message, { cause: error });
  });
  return decodeAudio(bytes, file);
}

/** The same of a file's content. @param file its name, for messages */
export async function decodeAudio(bytes: Uint8Array, file: string): Promise<Recording> {
  try {
    const { channels, sampleRate } = await decode(bytes);
    if (!(sampleRate >= LEAST_RATE && sampleRate <= HIGHEST_RATE)) {
      throw new Error(
        `${sampleRate} samples a second: expected ${LEAST_RATE} to ${HIGHEST_RATE.toLocaleString('en-US')}`,
      );
    }
    const mono = mix(channels);
    if (mono.length === 0) throw new Error('there is no sound in it');
    if (mono.length > LONGEST * sampleRate) throw new Error(`it is longer than ${LONGEST / 3600} hours`);
    checkRecording({ samples: mono, name: 'the sound' });
    const samples = await resample(mono, sampleRate, SAMPLE_RATE);
    framesOf({ samples, name: 'the sound' });
    return { samples, name: basename(file) };
  } catch (error) {
    const reason = (error as Error).message.split('\n', 1)[0] as string;
    throw new AudioFileError(file, `it is not sound that can be read: ${reason}`, { cause: error });
  }
}

async function decode(bytes: Uint8Array): Promise<Sound> {
  const magic = new TextDecoder('latin1').decode(bytes.subarray(0, 7));
  if (magic.startsWith('fLaC')) return decodeFlac(bytes);
  if (magic === 'NIST_1A') return decodeSphere(bytes);
  if (/^RIF[FX]|^RF64/.test(magic)) return decodeWav(bytes);
  throw new Error('it is of no known format: WAV, FLAC or NIST SPHERE is expected');
}

async function decodeFlac(bytes: Uint8Array): Promise<Sound> {
  const decoder = new FLACDecoder();
  await decoder.ready;
  try {
    const { channelData, sampleRate, errors } = await decoder.decodeFile(bytes);
    const [first] = errors;
    if (first) throw new Error(`damaged FLAC data (${first.message})`);
    const [{ length } = []] = channelData as readonly { readonly length?: number }[];
    if (!length) throw new Error('damaged FLAC data (no frame in it)');
    const announced = samplesInFlac(bytes);
    if (announced > 0 && length !== announced) {
      throw new Error(`damaged FLAC data (${length} samples, and ${announced} are announced)`);
    }
    return { channels: channelData, sampleRate };
  } finally {
    decoder.free();
  }
}

/** How many samples a channel has, as the first of FLAC's metadata says (RFC 9639, section 8.2); 0 where it is not known. */
function samplesInFlac(bytes: Uint8Array): number {
  const head = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return (head.getUint8(21) % 16) * 2 ** 32 + head.getUint32(22);
}

function mix(channels: readonly Float32Array[]): Float32Array {
  const [first = new Float32Array(0)] = channels;
  if (channels.length <= 1) return first;
  return first.map(
    (_, i) => channels.reduce((sum, channel) => sum + (channel[i] as number), 0) / channels.length,
  );
}
