import { addCaption, type CaptionsByImage } from './captioned-image.js';

/**
 * The captions of Flickr8k (`Flickr8k.token.txt`) and Flickr30k (`results_20130124.token`): on each line the image's
 * name, `#`, the caption's number, a tab and the caption.
 *
 * @throws if a line has another form (file and line are named)
 */
export function parseFlickrCaptions(file: string, lines: readonly string[]): CaptionsByImage {
  const captions: CaptionsByImage = new Map();
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const found = /^(?<image>[^\t]+)#\d+\t(?<caption>.*)$/.exec(line)?.groups as
      | { image: string; caption: string }
      | undefined;
    if (!found) {
      throw new Error(
        `${file}, line ${index + 1}: no caption. Expected IMAGE.jpg#NUMBER<TAB>CAPTION on every line.`,
      );
    }
    addCaption(captions, found.image.trim(), found.caption.trim());
  }
  return captions;
}
