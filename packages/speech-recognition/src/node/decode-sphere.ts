import type { Sound } from './read-audio.js';

const BYTES = 2;

/**
 * NIST's SPHERE: lines of text, `name -type value`, then samples of 16 bits. What TIMIT's CD-ROM calls .WAV.
 *
 * @throws if a field is missing, or the samples are of another form
 */
export function decodeSphere(bytes: Uint8Array): Sound {
  const text = new TextDecoder('latin1').decode(bytes.subarray(0, 65_536));
  const size = Number(text.split('\n', 2)[1]);
  const fields = new Map(
    [...text.slice(0, size).matchAll(/^(\w+) -\w+ (.*?)\s*$/gm)].map(([, name, value]) => [name, value]),
  );
  const numberOf = (name: string): number => {
    const value = Number(fields.get(name));
    if (Number.isInteger(value) && value > 0) return value;
    throw new Error(`its SPHERE header has no ${name}`);
  };
  const coding = fields.get('sample_coding') ?? 'pcm';
  if (coding !== 'pcm' || numberOf('sample_n_bytes') !== BYTES) {
    throw new Error(`its samples are ${coding}: expected pcm of 16 bits`);
  }
  const [channels, count, sampleRate] = [
    fields.has('channel_count') ? numberOf('channel_count') : 1,
    numberOf('sample_count'),
    numberOf('sample_rate'),
  ];
  const needed = size + count * channels * BYTES;
  if (bytes.length < needed)
    throw new Error(`it ends early: ${bytes.length} bytes, and ${needed} are announced`);
  const littleEndian = fields.get('sample_byte_format') !== '10';
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = (place: number) => view.getInt16(size + place * BYTES, littleEndian) / 2 ** 15;
  return {
    channels: Array.from({ length: channels }, (_, channel) =>
      Float32Array.from({ length: count }, (_, i) => at(i * channels + channel)),
    ),
    sampleRate,
  };
}
