import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { collectWeights, ModelFileError, memorySource } from '@heed/attention-core';
import { useBackend } from '@heed/backend';
import { ensembleWeights, modelFiles } from '@heed/training';
import { parseTrace } from '@heed/visualization';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Caption, ImageCaptioner, type Picture, syntheticScenes } from '../src/index.js';
import { attentions, smallCaptioner, tinyFeatures } from './small-captioner.js';
import { graphNetwork } from './tiny-network.js';

beforeAll(async () => void (await useBackend()));

const open: ImageCaptioner[] = [];
const keep = (captioner: ImageCaptioner) => {
  open.push(captioner);
  return captioner;
};
afterEach(() => {
  for (const captioner of open.splice(0)) captioner.dispose();
});

const pictures: Picture[] = syntheticScenes({ count: 3, seed: 8 }).map(({ image }) => image);
const preview = { width: 32, height: 20, url: 'data:image/png;base64,AAAA' };

function expectSame(ours: readonly Caption[], theirs: readonly Caption[]): void {
  expect(ours.map(({ text, tokens }) => ({ text, tokens }))).toEqual(
    theirs.map(({ text, tokens }) => ({ text, tokens })),
  );
  ours.forEach(({ score, attention }, i) => {
    expect(score).toBeCloseTo(theirs[i]?.score as number, 4);
    attention?.weights.flat().forEach((weight, j) => {
      expect(weight).toBeCloseTo(theirs[i]?.attention?.weights.flat()[j] as number, 4);
    });
  });
}

describe.each(attentions)('%s attention', (attention) => {
  test('pictures together are captioned as each alone, in the order given', async () => {
    const captioner = keep(smallCaptioner({ attention }));
    const together = await captioner.captionAll(pictures, { beamSize: 3, nBest: 3 });
    expect(together.map((found) => found.length)).toEqual([3, 3, 3]);
    for (const [i, picture] of pictures.entries()) {
      const [alone] = await captioner.captionAll([picture], { beamSize: 3, nBest: 3 });
      expectSame(together[i] as Caption[], alone as Caption[]);
    }
    expectSame([await captioner.caption(pictures[0] as Picture)], together[0]?.slice(0, 1) as Caption[]);
  });

  test('a caption has a valid trace of the picture, its grid, its words and their gates', async () => {
    const captioner = keep(smallCaptioner({ attention }));
    const { text, score, attention: found } = await captioner.caption({ ...pictures[0], preview } as Picture);
    expect(text.length).toBeGreaterThan(0);
    if (attention === 'none') return expect(found).toBeUndefined();
    const trace = parseTrace(JSON.parse(JSON.stringify(found)), 'trace');
    expect(trace).toMatchObject({
      task: 'image-captioning',
      input: {
        kind: 'image',
        width: 32,
        height: 20,
        grid: { rows: 2, columns: 2 },
        data: preview.url,
        name: 'scene 1',
      },
      output: { text },
      score,
    });
    expect(trace.output.tokens.join(' ')).toBe(text);
    expect(trace.gates).toHaveLength(trace.weights.length);
    if (attention === 'hard') expect(new Set(trace.weights.flat())).toEqual(new Set([0, 1]));
    return undefined;
  });
});

test('features are captioned as they are where there are no graphs, too, and freed', async () => {
  const features = Float32Array.from({ length: 2 * 6 * 9 }, (_, i) => ((5 * i) % 13) / 13);
  const texts = [];
  for (const backend of ['node', 'cpu'] as const) {
    await useBackend(backend);
    const captioner = smallCaptioner({ values: 0 }, tinyFeatures);
    const before = tf.memory().numTensors;
    const found = await captioner.captionTensor(tf.tensor3d(features, [2, 6, 9]));
    expect(tf.memory().numTensors).toBe(before);
    texts.push(found.flat().map(({ text }) => text));
    captioner.dispose();
  }
  await useBackend();
  expect(texts[1]).toEqual(texts[0]);
});

describe('an ensemble', () => {
  /** A captioner of the networks of others. */
  const together = async (first: ImageCaptioner, ...others: readonly ImageCaptioner[]) => {
    const config = { ...first.config, ensemble: others.map(({ config: { network } }) => network) };
    const weights = [first, ...others].map(({ model }) => collectWeights(model.namedParameters(), 'F32'));
    const files = modelFiles({ ...first, config }, ensembleWeights(weights));
    return keep(await ImageCaptioner.load(memorySource(files)));
  };
  const captioned = async (captioner: ImageCaptioner) => (await captioner.captionAll(pictures)).flat();

  test('of one network twice captions as the network does', async () => {
    const alone = keep(smallCaptioner());
    expectSame(await captioned(await together(alone, alone)), await captioned(alone));
  });

  test('of different networks says another thing than each, looks where they do on average, and is freed', async () => {
    const [first, second] = [keep(smallCaptioner()), keep(smallCaptioner({ units: 9 }, undefined, 7))];
    const both = await together(first, second);
    await captioned(both);
    const before = tf.memory().numTensors;
    const ours = await captioned(both);
    expect(tf.memory().numTensors).toBe(before);
    const firstLook = ({ attention }: Caption) => attention?.weights[0] as number[];
    const scores = (captions: readonly Caption[]) => captions.map(({ score }) => score);
    const theirs = [await captioned(first), await captioned(second)] as const;
    for (const one of theirs) expect(scores(ours)).not.toEqual(scores(one));
    ours.forEach((caption, i) => {
      firstLook(caption).forEach((weight, place) => {
        const each = theirs.map((captions) => firstLook(captions[i] as Caption)[place] as number);
        expect(weight).toBeCloseTo(((each[0] as number) + (each[1] as number)) / 2, 5);
      });
    });
  });

  test('whose second network is larger than the weights is refused before memory is taken', async () => {
    const alone = keep(smallCaptioner());
    const huge = { ...alone.config.network, units: 100_000 };
    const files = modelFiles(alone);
    files['config.json'] = JSON.stringify({ ...alone.config, ensemble: [huge] });
    await expect(ImageCaptioner.load(memorySource(files))).rejects.toThrow(
      /ensemble\.0\.units makes a model/,
    );
  });

  test.each([{ attention: 'none' as const }, { gate: false }])(
    'with a network of %o is refused',
    async (changes) => {
      const alone = keep(smallCaptioner());
      const files = modelFiles(alone);
      const ensemble = [{ ...alone.config.network, ...changes }];
      files['config.json'] = JSON.stringify({ ...alone.config, ensemble });
      await expect(ImageCaptioner.load(memorySource(files))).rejects.toThrow(
        /ensemble\.0: must attend, and have a gate, if `network` does/,
      );
    },
  );
});

test('without a gate a trace has no gates, and without a preview it has the size of the picture', async () => {
  const { attention } = await keep(smallCaptioner({ gate: false })).caption(pictures[0] as Picture);
  expect(attention?.gates).toBeUndefined();
  expect(attention?.input).toMatchObject({ width: 64, height: 64 });
});

test('captioning leaves nothing behind but its graphs, and disposing not even these', async () => {
  const before = tf.memory().numTensors;
  const captioner = smallCaptioner();
  await captioner.captionAll(pictures, { nBest: 2 });
  const used = tf.memory().numTensors;
  await captioner.captionAll(pictures, { nBest: 2 });
  expect(tf.memory().numTensors).toBe(used);
  await expect(captioner.captionTensor(tf.zeros<tf.Rank.R4>([1, 3, 3, 1]))).rejects.toThrow();
  expect(tf.memory().numTensors).toBe(used);
  captioner.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

describe('loading', () => {
  test('loaded again, a model gives identical captions, scores and attention', async () => {
    for (const attention of attentions) {
      const captioner = keep(smallCaptioner({ attention }));
      const loaded = keep(await ImageCaptioner.load(memorySource(modelFiles(captioner))));
      expectSame((await loaded.captionAll(pictures)).flat(), (await captioner.captionAll(pictures)).flat());
      expect(loaded.config).toEqual(captioner.config);
    }
  });

  test('a folder is loaded by its path, and names the model', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'heed-model-'));
    try {
      for (const [name, content] of Object.entries(modelFiles(keep(smallCaptioner())))) {
        await writeFile(join(folder, name), content);
      }
      const loaded = keep(await ImageCaptioner.load(folder));
      const { attention } = await loaded.caption(pictures[0] as Picture);
      expect(attention?.model).toBe(basename(folder));
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('of features it takes the network that makes them, and without it says which', async () => {
    const files = memorySource(modelFiles(keep(smallCaptioner({}, tinyFeatures))));
    const captioner = keep(await ImageCaptioner.load(files, { features: graphNetwork() }));
    expect((await captioner.caption(pictures[0] as Picture)).attention?.input.grid).toEqual({
      rows: 3,
      columns: 2,
    });
    await expect(ImageCaptioner.load(files)).rejects.toThrow(
      /captions the features of another network: a network. Give the folder or URL/,
    );
    await expect(keep(smallCaptioner({}, tinyFeatures)).caption(pictures[0] as Picture)).rejects.toThrow(
      /captions the features of another network/,
    );
    const own = memorySource(modelFiles(keep(smallCaptioner())));
    await expect(ImageCaptioner.load(own, { features: graphNetwork() })).rejects.toThrow(
      /an encoder of its own/,
    );
  });

  type Files = ReturnType<typeof modelFiles>;
  const changed = (files: Files, part: 'network' | 'encoder', changes: Record<string, unknown>): Files => {
    const config = JSON.parse(files['config.json'] as string);
    return {
      ...files,
      'config.json': JSON.stringify({ ...config, [part]: { ...config[part], ...changes } }),
    };
  };
  const huge = 2 ** 27;

  test.each<[what: string, spoil: (files: Files) => Files, message: RegExp]>([
    ['another width', (files) => changed(files, 'network', { units: 9 }), /model\.safetensors: does not fit/],
    [
      'an unknown attention',
      (files) => changed(files, 'network', { attention: 'x' }),
      /config\.json: network\.attention/,
    ],
    [
      'huge units',
      (files) => changed(files, 'network', { units: huge }),
      /config\.json: network\.units makes a model of/,
    ],
    [
      'a huge embedding',
      (files) => changed(files, 'network', { embedding: huge }),
      /network\.embedding makes/,
    ],
    ['a huge score', (files) => changed(files, 'network', { score: huge }), /network\.score makes/],
    [
      'huge filters',
      (files) => changed(files, 'encoder', { layers: [{ filters: huge, width: 3, stride: 2 }] }),
      /encoder\.layers makes/,
    ],
    [
      'a missing tensor',
      () => {
        const captioner = open[0] as ImageCaptioner;
        const weights = collectWeights(captioner.model.namedParameters(), 'F32');
        weights.delete('embedding.matrix');
        return modelFiles(captioner, weights);
      },
      /"embedding\.matrix" \[.*\] is not in the file/,
    ],
  ])('%s is one clear error, and leaves nothing behind', async (_, spoil, message) => {
    const files = spoil(modelFiles(keep(smallCaptioner())));
    const before = tf.memory().numTensors;
    const error = await ImageCaptioner.load(memorySource(files)).catch((thrown: unknown) => thrown);
    expect((error as Error).message).toMatch(message);
    expect(error instanceof ModelFileError || /^memory\/config\.json/.test((error as Error).message)).toBe(
      true,
    );
    expect(tf.memory().numTensors).toBe(before);
  });
});
