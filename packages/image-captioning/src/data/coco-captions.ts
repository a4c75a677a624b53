import { z } from 'zod';
import { addCaption, type CaptionsByImage } from './captioned-image.js';

const schema = z.object({
  images: z.array(z.object({ id: z.union([z.int(), z.string()]), file_name: z.string().min(1) })),
  annotations: z.array(
    z.object({ image_id: z.union([z.int(), z.string()]), caption: z.string().trim().min(1) }),
  ),
});

/**
 * COCO's captions (`captions_train2017.json`): a list of images and a list of annotations that name them by their
 * number.
 *
 * @throws if the JSON has another form, or an annotation names an image that is not there (its place is named)
 */
export function parseCocoCaptions(file: string, json: unknown): CaptionsByImage {
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(
      `${file}: ${issue?.path.join('.') || 'the file'}: ${issue?.message}. Expected COCO's captions: ` +
        '{"images": [{"id", "file_name"}, …], "annotations": [{"image_id", "caption"}, …]}.',
    );
  }
  const { images, annotations } = parsed.data;
  const names = new Map(images.map(({ id, file_name }) => [id, file_name]));
  const captions: CaptionsByImage = new Map();
  for (const [index, { image_id, caption }] of annotations.entries()) {
    const name = names.get(image_id);
    if (name === undefined) {
      throw new Error(`${file}: annotations.${index}: there is no image ${image_id}`);
    }
    addCaption(captions, name, caption);
  }
  if (captions.size === 0) throw new Error(`${file}: there are no captions in it`);
  return captions;
}
