import { ImageCaptioner } from '@heed/image-captioning';
import type { Inputs, OpenModel } from './answer.js';

export async function openCaptioning(url: string): Promise<OpenModel<Inputs['image-captioning']>> {
  const captioner = await ImageCaptioner.load(url);
  return {
    imageSize: captioner.imageSize,
    async answer({ picture }) {
      const { text, score, attention } = await captioner.caption(picture);
      return { text, parts: text.split(' '), score, ...(attention && { trace: attention }) };
    },
  };
}
