import libsamplerate from '@alexanderolsen/libsamplerate-js';

const { create, ConverterType } = libsamplerate;
type Converter = Awaited<ReturnType<typeof create>>;

/** What the library converts at once, in samples; more go through piece by piece. */
const PIECE = 2 ** 18;
/** Silence that brings out what a converter holds back at the end, in samples. */
const TAIL = 4096;
/** How many converters are kept: data sets have recordings of one rate, or a few. */
const KEPT = 8;

const converters = new Map<string, Converter>();

/**
 * Samples at another rate, without what it has no room for (libsamplerate, a band-limited sinc).
 *
 * @param from samples a second that there are
 * @param to samples a second that are wanted
 */
export async function resample(samples: Float32Array, from: number, to: number): Promise<Float32Array> {
  if (from === to) return samples;
  const length = Math.round((samples.length * to) / from);
  if (Math.max(samples.length, length) <= PIECE) {
    return fitted([(await kept(from, to)).simple(samples)], length);
  }
  const converter = await open(from, to);
  try {
    const pieces: Float32Array[] = [];
    for (let first = 0; first < samples.length; first += PIECE) {
      pieces.push(converter.full(samples.subarray(first, first + PIECE)).slice());
    }
    return fitted([...pieces, converter.full(new Float32Array(TAIL))], length);
  } finally {
    converter.destroy();
  }
}

/**
 * The same spoken faster or slower, and higher or deeper with it (Ko et al. 2015, section 2, speed perturbation).
 *
 * @param speed 1.1: a tenth faster
 */
export async function changeSpeed(samples: Float32Array, speed: number): Promise<Float32Array> {
  // Converters take whole numbers of samples a second.
  const rate = 10_000;
  return resample(samples, Math.round(rate * speed), rate);
}

const open = (from: number, to: number): Promise<Converter> =>
  create(1, from, to, { converterType: ConverterType.SRC_SINC_MEDIUM_QUALITY });

async function kept(from: number, to: number): Promise<Converter> {
  const key = `${from} ${to}`;
  const found = converters.get(key);
  if (found) return found;
  const made = await open(from, to);
  const [oldest] = converters;
  if (oldest && converters.size >= KEPT) {
    oldest[1].destroy();
    converters.delete(oldest[0]);
  }
  converters.set(key, made);
  return made;
}

/** Pieces in a row, cut or filled with silence. */
function fitted(pieces: readonly Float32Array[], length: number): Float32Array {
  const whole = new Float32Array(length);
  let filled = 0;
  for (const piece of pieces) {
    if (filled >= length) break;
    whole.set(piece.subarray(0, length - filled), filled);
    filled += piece.length;
  }
  return whole;
}
