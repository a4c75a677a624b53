import { parseArgs } from 'node:util';
import { chosenModel, draw, fromStart, keepTraces, modelFromStart, runDemo, startDemo } from '@heed/cli/demo';
import { ImageCaptioner, type Picture, syntheticScenes } from '@heed/image-captioning';
import { readImage, withPreview } from '@heed/image-captioning/node';
import type { AttentionTrace } from '@heed/visualization';

const SCENES_MODEL = '@heed/image-captioning-scenes';
const PHOTO_MODEL = '@heed/image-captioning-flickr8k';
const SCENES = { count: 4, seed: 2015 };

async function readPictures(files: readonly string[], size: number): Promise<Picture[]> {
  const pictures: Picture[] = [];
  for (const file of files) pictures.push(await readImage(fromStart(file), { size, preview: true }));
  for (const { image } of files.length === 0 ? syntheticScenes(SCENES) : []) {
    pictures.push(await withPreview(image));
  }
  return pictures;
}

async function demo(): Promise<void> {
  const { positionals: files, values } = parseArgs({
    allowPositionals: true,
    options: { model: { type: 'string' }, features: { type: 'string' } },
  });
  const { features } = values;
  const model = chosenModel(values.model) ?? (features ? PHOTO_MODEL : SCENES_MODEL);
  await startDemo();
  const captioner = await ImageCaptioner.load(model, features ? { features: modelFromStart(features) } : {});
  if (files.length > 0 && model === SCENES_MODEL) {
    console.log(
      'This model knows coloured shapes alone. For photos: --features FOLDER, where MobileNet v2 is (model.json).',
    );
  }
  const traces: AttentionTrace[] = [];
  for (const picture of await readPictures(files, captioner.imageSize)) {
    const { text, attention } = await captioner.caption(picture);
    console.log(`\n${picture.name}\n→ ${text}${attention ? `\n\n${draw(attention)}` : ''}`);
    if (attention) traces.push(attention);
  }
  captioner.dispose();
  await keepTraces('image-captioning', traces, { picture: 'caption', page: 'captions' });
}

runDemo(demo);
