import {
  type DemoOptions,
  demoCommand,
  draw,
  fromStart,
  keepTraces,
  modelFromStart,
  runDemo,
  startDemo,
} from '@heed/cli/demo';
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

interface CaptionOptions extends DemoOptions {
  readonly features?: string;
}

async function demo(
  files: readonly string[],
  { features, model = features === undefined ? SCENES_MODEL : PHOTO_MODEL, out }: CaptionOptions,
): Promise<void> {
  await startDemo();
  const captioner = await ImageCaptioner.load(model, features === undefined ? {} : { features });
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
  await keepTraces(out, traces, { picture: 'caption', page: 'captions' });
}

runDemo(
  demoCommand(
    'demo:captions',
    'image-captioning',
    'Describe images, and show where the model looked for each word.',
    ['photo.jpg --features mobilenet', 'photo.jpg --features mobilenet --model runs/captions'],
  )
    .argument('[image...]', 'JPEG, PNG or WebP files (default: scenes drawn by code)')
    .option(
      '--features <model>',
      'the TensorFlow.js model whose features are read, a folder or URL; photos need one',
      modelFromStart,
    )
    .action(demo),
);
