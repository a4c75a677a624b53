import { meteor } from '@heed/evaluation';
import {
  type Caption,
  type CaptionedImage,
  captionInputs,
  captionWords,
  ImageCaptioner,
} from '@heed/image-captioning';
import { openCaptionedImages, openImages, readImage, withPreview } from '@heed/image-captioning/node';
import { renderPanels } from '@heed/visualization';
import { attentionOf } from '../attention-of.js';
import { describeModel } from '../describe-model.js';
import type { DrawnFigure, Figure } from '../figure.js';
import type { Materials } from '../materials.js';
import { type Panel, traceRows } from '../trace-rows.js';

/** How many pictures are shown. */
const SHOWN = 2;
/** How many are looked through for wrong captions. */
const LOOKED_THROUGH = 1000;

/** Held-out images of the data, and a sentence that says so. */
async function openHeldOut(
  materials: Materials,
): Promise<{ images: readonly CaptionedImage[]; data: string }> {
  const path = materials.data('images');
  const reader = await openCaptionedImages(path);
  const split = ['held', 'test'].find((name) => reader.splits.includes(name)) ?? 'validation';
  const { images } = await reader.read(split);
  return { images, data: `${path === 'synthetic' ? 'scenes drawn by code' : path}, split ${split}` };
}

async function openCaptioner(materials: Materials, location: string): Promise<ImageCaptioner> {
  const features = materials.modelIfAny('features');
  return ImageCaptioner.load(location, features === undefined ? {} : { features });
}

/** The best caption of an image, with the picture in its trace. */
async function captionOf(captioner: ImageCaptioner, { image }: CaptionedImage): Promise<Caption> {
  const picture =
    typeof image === 'string'
      ? await readImage(image, { size: captioner.imageSize, preview: true })
      : await withPreview(image);
  return captioner.caption(picture);
}

/** Captions with a map a word, by soft and by hard attention (Xu et al. 2015, figures 2 and 3). */
export const captions: Figure = {
  name: 'captions',
  async draw(materials) {
    const locations = { soft: materials.model('captions'), hard: materials.modelIfAny('hard-captions') };
    const { images, data } = await openHeldOut(materials);
    const panels: Panel[] = [];
    const models: string[] = [];
    for (const [kind, location] of Object.entries(locations)) {
      if (location === undefined) continue;
      const captioner = await openCaptioner(materials, location);
      try {
        for (const image of images.slice(0, SHOWN)) {
          const caption = await captionOf(captioner, image);
          panels.push({
            heading: `${kind} attention: ${caption.text}`,
            trace: attentionOf(caption, location),
          });
        }
        models.push(`${kind} attention, ${await describeModel(location, captioner.name)}`);
      } finally {
        captioner.dispose();
      }
    }
    return {
      svg: renderPanels({ title: 'Where in a picture each word of its caption looked', columns: 1, panels }),
      rows: traceRows(panels),
      caption:
        'Each picture, and then once for each word of its caption, lit where the word looked; below is β, how far the ' +
        `picture counted. Data: the first ${SHOWN} of ${data}. Models: ${models.join('; ')}.`,
    };
  },
};

/** The captions that are furthest from those that come with the picture, and where they looked (Xu et al. 2015, figure 5). */
export const wrongCaptions: Figure = {
  name: 'wrong-captions',
  async draw(materials, progress): Promise<DrawnFigure> {
    const location = materials.model('captions');
    const { images: all, data } = await openHeldOut(materials);
    const captioner = await openCaptioner(materials, location);
    try {
      const images = all.slice(0, LOOKED_THROUGH);
      const inputs = await openImages(images, captioner.config.encoder, captioner.extractor);
      const found = await captionInputs(captioner, inputs, {}, undefined, (done) =>
        progress(`${done} of ${images.length} images`),
      );
      const { count, score } = meteor();
      const wrong = images
        .flatMap((image, i) => {
          const { text } = found[i] as Caption;
          const said = image.captions.map(captionWords);
          return said.includes(text) ? [] : [{ image, said, agreement: score(count(text, said)) }];
        })
        .sort((a, b) => a.agreement - b.agreement);
      if (wrong.length === 0) {
        throw new Error(`none of the captions of ${images.length} images is wrong: there is nothing to draw`);
      }
      const panels: Panel[] = [];
      for (const { image, said } of wrong.slice(0, SHOWN)) {
        const caption = await captionOf(captioner, image);
        panels.push({
          heading: `${caption.text} (instead of: ${said[0]})`,
          trace: attentionOf(caption, location),
        });
      }
      return {
        svg: renderPanels({ title: 'Where captions looked that are wrong', columns: 1, panels }),
        rows: traceRows(panels),
        caption:
          `Wrong captions, ${wrong.length} of ${images.length}: they are none of those that come with their picture. Shown are ` +
          `${panels.length}, the furthest from these by METEOR, lit where the words looked. ` +
          `Data: ${data}. Model: ${await describeModel(location, captioner.name)}.`,
      };
    } finally {
      captioner.dispose();
    }
  },
};
