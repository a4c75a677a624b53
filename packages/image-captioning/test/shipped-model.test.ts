import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { useBackend } from '@heed/backend';
import { corpusCider, referenceSets } from '@heed/evaluation';
import { beforeAll, describe, expect, test } from 'vitest';
import { ImageCaptioner } from '../src/index.js';
import { openCaptionedImages, readImage } from '../src/node/index.js';
import { graphNetwork } from './tiny-network.js';

beforeAll(async () => void (await useBackend()));

const photos = fileURLToPath(new URL('../../pretrained/image-captioning-flickr8k', import.meta.url));

test('the model of photos says whose features it reads, and refuses those of another network', async () => {
  await expect(ImageCaptioner.load(photos)).rejects.toThrow(
    /image-captioning-flickr8k captions the features of another network: MobileNet v2 1\.0 224/,
  );
  await expect(ImageCaptioner.load(photos, { features: graphNetwork() })).rejects.toThrow(
    /it is not the network whose features the model was trained on: that is MobileNet v2/,
  );
});

const data = process.env.HEED_DATA ?? fileURLToPath(new URL('../../../../shared/data', import.meta.url));
const flickr8k = `${data}/flickr8k`;

describe.skipIf(!existsSync(flickr8k))(
  `photos in ${flickr8k} (skipped where it is absent: HEED_DATA)`,
  () => {
    test('are captioned much as people do it, with a map of 49 places a word', async () => {
      const captioner = await ImageCaptioner.load(photos, { features: `${data}/mobilenet/v2_1.0_224` });
      const { images } = await (await openCaptionedImages(flickr8k)).read('held');
      const some = images.slice(0, 40);
      const pictures = await Promise.all(some.map(({ image }) => readImage(image as string, { size: 224 })));
      const found = await captioner.captionAll(pictures);
      const texts = found.map(([best]) => best?.text ?? '');
      const references = some.map(({ captions }) => captions);
      const others = [...references.slice(1), references[0] as readonly string[]];
      const [own, another] = [references, others].map((of) => corpusCider(texts, referenceSets(of)).score);
      expect(own as number).toBeGreaterThan(0.3);
      expect(another as number).toBeLessThan((own as number) / 3);
      for (const [best] of found) {
        expect(best?.attention?.weights).toHaveLength(best?.text.split(' ').length as number);
        for (const row of best?.attention?.weights ?? []) {
          expect(row).toHaveLength(49);
          expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 3);
        }
      }
      captioner.dispose();
    });
  },
);
