import { writeFile } from 'node:fs/promises';
import wavefile from 'wavefile';
import { type Recording, SAMPLE_RATE } from '../recording.js';

/** Writes a recording as a WAV file of 16 bits, which every program plays. */
export async function writeWav(file: string, { samples }: Recording): Promise<void> {
  const wav = new wavefile.WaveFile();
  const clipped = Int16Array.from(samples, (sample) =>
    Math.max(-(2 ** 15), Math.min(2 ** 15 - 1, Math.round(sample * 2 ** 15))),
  );
  wav.fromScratch(1, SAMPLE_RATE, '16', clipped);
  await writeFile(file, wav.toBuffer());
}
