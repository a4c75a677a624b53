import { collectWeights, ModelFileError, memorySource } from '@heed/attention-core';
import { useBackend } from '@heed/backend';
import { modelFiles } from '@heed/training';
import { parseTrace } from '@heed/visualization';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Recognition, type Recording, SpeechRecognizer, syntheticTones } from '../src/index.js';
import { smallRecognizer, subsamplings } from './small-recognizer.js';

beforeAll(async () => void (await useBackend()));

const open: SpeechRecognizer[] = [];
const keep = (recognizer: SpeechRecognizer) => {
  open.push(recognizer);
  return recognizer;
};
afterEach(() => {
  for (const recognizer of open.splice(0)) recognizer.dispose();
});

const recordings: Recording[] = syntheticTones({ count: 3, seed: 8, symbols: [1, 2] }).map(
  ({ audio }) => audio,
);

function expectSame(ours: readonly Recognition[], theirs: readonly Recognition[]): void {
  expect(ours.map(({ text, tokens }) => ({ text, tokens }))).toEqual(
    theirs.map(({ text, tokens }) => ({ text, tokens })),
  );
  ours.forEach(({ score, attention }, i) => {
    expect(score).toBeCloseTo(theirs[i]?.score as number, 3);
    attention.weights.flat().forEach((weight, j) => {
      expect(weight).toBeCloseTo(theirs[i]?.attention.weights.flat()[j] as number, 3);
    });
  });
}

describe.each(subsamplings)('subsampling $kind', (subsampling) => {
  test.each([0, 0.3])(
    'recordings together are recognised as each alone, in the order given; λ is %s',
    async (ctcWeight) => {
      const recognizer = keep(smallRecognizer({ encoder: { subsampling } }));
      const options = { beamSize: 3, nBest: 3, ctcWeight };
      const together = await recognizer.recognizeAll(recordings, options);
      for (const [i, recording] of recordings.entries()) {
        const [alone] = await recognizer.recognizeAll([recording], options);
        expectSame(together[i] as Recognition[], alone as Recognition[]);
        const best = await recognizer.recognize(recording, { beamSize: 3, ctcWeight });
        expectSame([best], (alone as Recognition[]).slice(0, 1));
      }
    },
  );

  test('an answer has a valid trace of the recording, its places, its symbols and its spectrogram', async () => {
    const recognizer = keep(smallRecognizer({ encoder: { subsampling } }));
    const found = await recognizer.recognize(recordings[0] as Recording, { ctcWeight: 0 });
    const trace = parseTrace(JSON.parse(JSON.stringify(found.attention)), 'trace');
    const frames = 1 + Math.floor(((recordings[0] as Recording).samples.length - 400) / 160);
    const places = Math.ceil(frames / recognizer.framesPerPlace);
    expect(trace).toMatchObject({
      task: 'speech-recognition',
      input: {
        kind: 'audio',
        frames: places,
        seconds: (places * recognizer.framesPerPlace) / 100,
        spectrogram: { bins: 12 },
        name: 'tones 1',
      },
      output: { text: found.text },
      score: found.score,
    });
    expect(trace.output.tokens.join(' ')).toBe(found.text);
  });
});

test('recognising leaves nothing behind but its graphs, and disposing not even these', async () => {
  const before = tf.memory().numTensors;
  const recognizer = smallRecognizer();
  await recognizer.recognizeAll(recordings, { nBest: 2 });
  const used = tf.memory().numTensors;
  await recognizer.recognizeAll(recordings, { nBest: 2 });
  expect(tf.memory().numTensors).toBe(used);
  const narrow = { frames: 20, width: 1, values: new Float32Array(20) };
  await expect(recognizer.recognizeFeatures([narrow])).rejects.toThrow();
  expect(tf.memory().numTensors).toBe(used);
  recognizer.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

test('what cannot be recognised is an error with its name, or with what was asked', async () => {
  const recognizer = keep(smallRecognizer({ training: { ctcWeight: 0 } }));
  const short = { samples: new Float32Array(10), name: 'hm.wav' };
  await expect(recognizer.recognize(short)).rejects.toThrow(/hm\.wav: 0\.625 ms of sound/);
  const [recording] = recordings as [Recording];
  await expect(recognizer.recognize(recording, { ctcWeight: 0.3 })).rejects.toThrow(/trained without CTC/);
  await expect(recognizer.recognize(recording, { ctcWeight: 1 })).rejects.toThrow(/ctcWeight is 1: expected/);
  expect(await recognizer.recognizeAll([])).toEqual([]);
});

describe('loading', () => {
  test('loaded again, a model gives identical answers, with another window others', async () => {
    const recognizer = keep(smallRecognizer());
    const source = () => memorySource(modelFiles(recognizer));
    const loaded = keep(await SpeechRecognizer.load(source()));
    const own = (await recognizer.recognizeAll(recordings)).flat();
    expectSame((await loaded.recognizeAll(recordings)).flat(), own);
    expect(loaded.config).toEqual(recognizer.config);
    const window = { kind: 'previous', reach: 2, center: 'median' } as const;
    const narrow = keep(await SpeechRecognizer.load(source(), { window }));
    const [best] = await narrow.recognizeAll([recordings[0] as Recording], { ctcWeight: 0 });
    for (const row of best?.[0]?.attention.weights ?? []) {
      expect(row.filter((weight) => weight > 0).length).toBeLessThanOrEqual(5);
    }
  });

  type Files = ReturnType<typeof modelFiles>;
  const changed = (files: Files, part: 'encoder' | 'decoder', changes: Record<string, unknown>): Files => {
    const config = JSON.parse(files['config.json'] as string);
    const network = { ...config.network, [part]: { ...config.network[part], ...changes } };
    return { ...files, 'config.json': JSON.stringify({ ...config, network }) };
  };
  const huge = 2 ** 27;

  test.each<[what: string, spoil: (files: Files) => Files, message: RegExp]>([
    ['another width', (files) => changed(files, 'decoder', { units: 9 }), /model\.safetensors: does not fit/],
    [
      'an unknown score',
      (files) => changed(files, 'decoder', { score: 'x' }),
      /config\.json: network\.decoder\.score/,
    ],
    [
      'filters without the score that needs them',
      (files) => changed(files, 'decoder', { score: 'additive' }),
      /network\.decoder\.location: belongs to the score location/,
    ],
    [
      'huge units',
      (files) => changed(files, 'encoder', { units: huge }),
      /network\.encoder\.units makes a model of/,
    ],
    [
      'huge decoder units',
      (files) => changed(files, 'decoder', { units: huge }),
      /network\.decoder\.units makes/,
    ],
    [
      'a huge embedding',
      (files) => changed(files, 'decoder', { embedding: huge }),
      /network\.decoder\.embedding makes/,
    ],
    [
      'a huge score',
      (files) => changed(files, 'decoder', { attention: huge }),
      /network\.decoder\.attention makes/,
    ],
    [
      'huge location filters',
      (files) => changed(files, 'decoder', { location: { filters: huge, width: 5 } }),
      /network\.decoder\.location makes/,
    ],
    [
      'huge convolutions',
      (files) =>
        changed(files, 'encoder', {
          subsampling: { kind: 'convolutional', layers: [{ filters: huge, width: 3, stride: 2 }] },
        }),
      /network\.encoder\.subsampling makes/,
    ],
    [
      'a missing tensor',
      () => {
        const recognizer = open[0] as SpeechRecognizer;
        const weights = collectWeights(recognizer.model.namedParameters(), 'F32');
        weights.delete('embedding.matrix');
        return modelFiles(recognizer, weights);
      },
      /"embedding\.matrix" \[.*\] is not in the file/,
    ],
  ])('%s is one clear error, and leaves nothing behind', async (_, spoil, message) => {
    const files = spoil(modelFiles(keep(smallRecognizer())));
    const before = tf.memory().numTensors;
    const error = await SpeechRecognizer.load(memorySource(files)).catch((thrown: unknown) => thrown);
    expect((error as Error).message).toMatch(message);
    expect(error instanceof ModelFileError || /^memory\/config\.json/.test((error as Error).message)).toBe(
      true,
    );
    expect(tf.memory().numTensors).toBe(before);
  });
});
