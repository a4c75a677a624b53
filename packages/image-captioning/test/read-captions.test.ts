import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../training/test/temporary-folder.js';
import { captionWords, isScene } from '../src/index.js';
import { openCaptionedImages } from '../src/node/index.js';

const { at, keep } = temporaryFolder();

async function read(split: string) {
  const { images, digest } = await (await openCaptionedImages(at())).read(split);
  expect(digest).toMatch(/^[0-9a-f]{64}$/);
  return images.map(({ image, captions }) => [(image as string).slice(at().length + 1), ...captions]);
}

const tokens = (names: readonly string[]) =>
  names.flatMap((name) => [`${name}#0\tA ${name} .\n`, `${name}#1\tOne more, of ${name}\n`]).join('');
const both = (name: string, folder: string) => [`${folder}/${name}`, `A ${name} .`, `One more, of ${name}`];

describe('Flickr', () => {
  const names = ['t.jpg', 'd1.jpg', 'd2.jpg', 'd3.jpg'];

  test('8k: lists of images by split; without test images the development images are halved', async () => {
    await keep({
      'Flickr8k.token.txt': tokens([...names, 'never.jpg.1']),
      'Flickr_8k.trainImages.txt': 't.jpg\r\n',
      'Flickr_8k.devImages.txt': 'd3.jpg\nd1.jpg\nd2.jpg\n',
      'images/t.jpg': '',
    });
    expect((await openCaptionedImages(at())).splits).toEqual(['dev', 'train', 'validation', 'held']);
    expect(await read('train')).toEqual([both('t.jpg', 'images')]);
    expect(await read('dev')).toEqual(['d3.jpg', 'd1.jpg', 'd2.jpg'].map((name) => both(name, 'images')));
    expect(await read('validation')).toEqual(['d3.jpg', 'd1.jpg'].map((name) => both(name, 'images')));
    expect(await read('held')).toEqual([both('d2.jpg', 'images')]);
    await expect(read('test')).rejects.toThrow('no split "test". There are: dev, train, validation, held');
  });

  test('8k with test images: validation is all of the development images', async () => {
    await keep({
      'Flickr8k.token.txt': tokens(names),
      'Flickr_8k.devImages.txt': 'd1.jpg\nd2.jpg\n',
      'Flickr_8k.testImages.txt': 'd3.jpg\n',
      'Flicker8k_Dataset/t.jpg': '',
    });
    expect(await read('validation')).toHaveLength(2);
    expect(await read('test')).toEqual([both('d3.jpg', 'Flicker8k_Dataset')]);
  });

  test('30k: names without an ending in the lists', async () => {
    await keep({
      'results_20130124.token': tokens(names),
      'train.txt': 't\n',
      'val.txt': 'd1\nd2\n',
      'test.txt': 'd3\n',
      'flickr30k-images/t.jpg': '',
    });
    expect(await read('validation')).toHaveLength(2);
    expect(await read('test')).toEqual([both('d3.jpg', 'flickr30k-images')]);
  });

  test.each<[what: string, files: Record<string, string>, message: RegExp]>([
    ['a line without a tab', { 'a.token': 'x.jpg#0\tgood\nx.jpg#1 bad\n' }, /a\.token, line 2: no caption/],
    ['no captions', { 'a.token': '' }, /a\.token: no captions/],
    ['no lists', { 'a.token': tokens(names), 'images/t.jpg': '' }, /no list of the images of a split/],
    [
      'no images',
      { 'a.token': tokens(names), 'train.txt': 't.jpg' },
      /no images. Looked for t\.jpg in images/,
    ],
  ])('%s is an error', async (_, files, message) => {
    await keep(files);
    await expect(openCaptionedImages(at())).rejects.toThrow(message);
  });

  test('an image of a list without captions is an error with its line', async () => {
    await keep({ 'a.token': tokens(names), 'train.txt': 't.jpg\nwho.jpg', 'images/t.jpg': '' });
    await expect(read('train')).rejects.toThrow(/train\.txt, line 2: who\.jpg has no caption/);
  });
});

describe('COCO', () => {
  const annotations = (names: readonly string[]) =>
    JSON.stringify({
      images: names.map((file_name, id) => ({ id, file_name, height: 5 })),
      annotations: names.flatMap((name, image_id) => [
        { id: 7, image_id, caption: `A ${name} .\n` },
        { id: 8, image_id, caption: `One more, of ${name}` },
      ]),
    });

  test('a file of annotations and a folder of images a split', async () => {
    await keep({
      'annotations/captions_train2017.json': annotations(['1.jpg', '2.jpg']),
      'annotations/captions_val2017.json': annotations(['3.jpg']),
      'annotations/instances_val2017.json': '{}',
      'train2017/1.jpg': '',
      'val2017/3.jpg': '',
    });
    expect(await read('train')).toEqual([both('1.jpg', 'train2017'), both('2.jpg', 'train2017')]);
    expect(await read('validation')).toEqual([both('3.jpg', 'val2017')]);
  });

  test('two years of a split are joined, a byte order mark before one of them', async () => {
    await keep({
      'annotations/captions_val2014.json': annotations(['1.jpg', '2.jpg']),
      'annotations/captions_val2017.json': `\ufeff${annotations(['2.jpg', '3.jpg'])}`,
      'images/1.jpg': '',
      'images/2.jpg': '',
      'images/3.jpg': '',
    });
    const [path, ...captions] = both('2.jpg', 'images');
    expect(await read('validation')).toEqual([
      both('1.jpg', 'images'),
      [path, ...captions, ...captions],
      both('3.jpg', 'images'),
    ]);
  });

  test.each<[what: string, content: string, message: RegExp]>([
    ['no JSON', '{', /captions_train2017\.json: not JSON/],
    ['another form', '{"images": [{"id": 1}]}', /images\.0\.file_name: .*Expected COCO's captions/],
    ['no captions', '{"images": [], "annotations": []}', /captions_train2017\.json: there are no captions/],
    [
      'an empty caption',
      '{"images": [{"id": 4, "file_name": "4.jpg"}], "annotations": [{"image_id": 4, "caption": " "}]}',
      /annotations\.0\.caption: /,
    ],
    [
      'an image that is not there',
      '{"images": [], "annotations": [{"image_id": 4, "caption": "x"}]}',
      /annotations\.0: there is no image 4/,
    ],
  ])('%s is an error', async (_, content, message) => {
    await keep({ 'captions_train2017.json': content });
    await expect(read('train')).rejects.toThrow(message);
  });
});

describe('a table', () => {
  test('with a column of splits, cells in quotes, and images beside it', async () => {
    await keep({
      'captions.csv':
        '\ufeffsplit,image,caption\ntrain,a.png,"A dog, and ""more"""\nval,b.png,A cat\ntrain,a.png,A hound\n',
      'a.png': '',
      'b.png': '',
    });
    expect(await read('train')).toEqual([['a.png', 'A dog, and "more"', 'A hound']]);
    expect(await read('validation')).toEqual([['b.png', 'A cat']]);
  });

  test('with paths that are whole and others that are not', async () => {
    const rows = [`${at('a.png')},A dog,train`, 'b.png,A cat,train'].join('\n');
    await keep({ 'captions.csv': `image,caption,split\n${rows}\n`, 'images/b.png': '' });
    expect(await read('train')).toEqual([
      ['a.png', 'A dog'],
      ['images/b.png', 'A cat'],
    ]);
  });

  test('rows without a split are for training, beside those that are for it', async () => {
    const rows = ['a.png,A dog,train', 'a.png,A hound,', 'b.png,A cat,', 'c.png,An ox,Dev'].join('\n');
    await keep({ 'captions.csv': `image,caption,split\n${rows}\n`, 'images/a.png': '' });
    expect((await openCaptionedImages(at())).splits).toEqual(['train', 'dev']);
    expect(await read('train')).toEqual([
      ['images/a.png', 'A dog', 'A hound'],
      ['images/b.png', 'A cat'],
    ]);
  });

  test('without splits: each twentieth image is for validation', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => `${i}.png\tNumber ${i}`);
    await keep({ 'captions.tsv': ['file\tcaption', ...rows].join('\n'), 'images/0.png': '' });
    expect(await read('validation')).toEqual([
      ['images/19.png', 'Number 19'],
      ['images/39.png', 'Number 39'],
    ]);
    expect(await read('train')).toHaveLength(38);
  });

  test('a split, each', async () => {
    await keep({
      'train.csv': 'image,caption\na.png,A',
      'dev.csv': 'image,caption\nb.png,B',
      'a.png': '',
      'b.png': '',
    });
    expect(await read('train')).toEqual([['a.png', 'A']]);
    expect(await read('validation')).toEqual([['b.png', 'B']]);
  });

  test('several of one split are joined, and what they say of the same image', async () => {
    await keep({
      'train.csv': 'image,caption,split\na.png,A,train\nb.png,B,train',
      'train_more.csv': 'image,caption,split\nb.png,Bee,train\nc.png,C,train',
      'dev.csv': 'image,caption\nd.png,D',
      'dev.tsv': 'image\tcaption\nd.png\tDee',
      'a.png': '',
      'd.png': '',
    });
    expect(await read('train')).toEqual([
      ['a.png', 'A'],
      ['b.png', 'B', 'Bee'],
      ['c.png', 'C'],
    ]);
    expect(await read('validation')).toEqual([['d.png', 'D', 'Dee']]);
  });

  test.each<[what: string, table: string, message: RegExp]>([
    ['without a header', 'a.png,A dog', /captions\.csv: no captions.*names the columns/],
    ['with an empty cell', 'image,caption\na.png,A\nb.png,\n', /captions\.csv, line 3: no caption/],
    ['with a quote that does not end', 'image,caption\na.png,"A', /captions\.csv: not a table of captions/],
  ])('%s is an error', async (_, table, message) => {
    await keep({ 'captions.csv': table });
    await expect(read('train')).rejects.toThrow(message);
  });
});

test('scenes are drawn where a data set is called synthetic, others for each split', async () => {
  const reader = await openCaptionedImages('synthetic');
  const [validation, test] = [await reader.read('validation'), await reader.read('test')];
  expect(validation.images.every(isScene)).toBe(true);
  expect([validation.images.length, test.images.length]).toEqual([500, 1000]);
  expect(validation.digest).not.toBe(test.digest);
});

test('what is no data set is an error with what was looked for', async () => {
  await expect(openCaptionedImages(at())).rejects.toThrow(/no captions. Looked for Flickr's \*\.token\.txt/);
  await expect(openCaptionedImages(at('none'))).rejects.toThrow(/none: no such folder/);
  await keep({ file: '' });
  await expect(openCaptionedImages(at('file'))).rejects.toThrow(`${basename(at())}/file: a file.`);
});

test.each([
  ["A man's dog , in a T-shirt - runs !", "a man's dog in a t-shirt runs"],
  ['“Two” people; 3 balls.', 'two people 3 balls'],
  ['UN ÉLÈVE — l’école', "un élève l'école"],
  ["- '' .", ''],
])('of %j the words are %j', (caption, words) => {
  expect(captionWords(caption)).toBe(words);
  expect(captionWords(words)).toBe(words);
});
