import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Recording } from '@heed/speech-recognition';
import { writeWav } from '@heed/speech-recognition/node';
import type { Page } from 'playwright-core';

export interface DroppedFile {
  readonly name: string;
  readonly type: string;
  readonly content: Buffer;
}

/** Drops a file on the page, as from a desktop. */
export async function drop(page: Page, { name, type, content }: DroppedFile): Promise<void> {
  const dataTransfer = await page.evaluateHandle(
    ({ name, type, bytes }) => {
      const transfer = new DataTransfer();
      transfer.items.add(
        new File([Uint8Array.from(atob(bytes), (sign) => sign.charCodeAt(0))], name, { type }),
      );
      return transfer;
    },
    { name, type, bytes: content.toString('base64') },
  );
  await page.dispatchEvent('body', 'drop', { dataTransfer });
}

/** A picture of a red circle, as this browser writes it. */
export async function pngFile(page: Page): Promise<DroppedFile> {
  const url = await page.evaluate(() => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 96, height: 64 });
    const context = canvas.getContext('2d') as CanvasRenderingContext2D;
    context.fillStyle = '#eee';
    context.fillRect(0, 0, 96, 64);
    context.fillStyle = '#d62c28';
    context.arc(40, 30, 14, 0, 7);
    context.fill();
    return canvas.toDataURL('image/png');
  });
  const content = Buffer.from(url.split(',')[1] as string, 'base64');
  return { name: 'drawn.png', type: 'image/png', content };
}

/** A recording as a WAV file. @param folder where it may be written */
export async function wavFile(recording: Recording, folder: string): Promise<DroppedFile> {
  const file = join(folder, 'tones.wav');
  await writeWav(file, recording);
  return { name: 'tones.wav', type: 'audio/wav', content: await readFile(file) };
}
