import { ImageCaptioner } from '@heed/image-captioning';
import type { Inputs, OpenModel } from './answer.js';

/** @param features where the network is whose features it captions, if it has no encoder of its own */
export async function openCaptioning(
  url: string,
  features: string | undefined,
): Promise<OpenModel<Inputs['image-captioning']>> {
  const captioner = await ImageCaptioner.load(url, features === undefined ? {} : { features });
  return {
    imageSize: captioner.imageSize,
    async answer({ picture }) {
      const { text, score, attention } = await captioner.caption(picture);
      return { text, parts: text.split(' '), score, ...(attention && { trace: attention }) };
    },
  };
}
