import { collectWeights, type StoredTensor } from '@heed/attention-core';
import { randomSource, useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  DivergedError,
  MemoryCheckpoints,
  type StepReport,
  type TrainingObserver,
  type TrainingOptions,
  type TrainingSurroundings,
  train,
} from '../src/index.js';
import { BATCHES_PER_EPOCH, Perceptron, regression, someOptions, surroundings } from './regression.js';

beforeAll(async () => void (await useBackend()));

const models: Perceptron[] = [];
const makeModel = (seed = 1) => {
  const model = new Perceptron(randomSource(seed));
  models.push(model);
  return model;
};
afterEach(() => {
  for (const model of models.splice(0)) model.dispose();
});

const weightsOf = (model: Perceptron) => collectWeights(model.namedParameters(), 'F32');

/** Trains with dropout and records every loss. */
async function record({
  model = makeModel(),
  store = new MemoryCheckpoints(),
  options = {},
  around = {},
  onStep = () => {},
}: {
  model?: Perceptron;
  store?: MemoryCheckpoints;
  options?: Partial<TrainingOptions>;
  around?: Partial<TrainingSurroundings>;
  onStep?: (report: StepReport) => void;
}) {
  const losses: number[] = [];
  const observer: TrainingObserver = {
    onStep(report) {
      losses.push(report.loss);
      onStep(report);
    },
  };
  const result = await train(
    regression(model, { rate: 0.3 }),
    { ...someOptions, ...options },
    surroundings(store, { observers: [observer], ...around }),
  );
  return { ...result, losses, store, model };
}

test('the loss falls, and the validation with it', async () => {
  const model = makeModel();
  const task = regression(model);
  const before = (await task.validate()).error as number;
  const losses: number[] = [];
  const { progress, reason } = await train(
    task,
    { ...someOptions, steps: 150, stepsPerValidation: 50 },
    surroundings(new MemoryCheckpoints(), { observers: [{ onStep: ({ loss }) => losses.push(loss) }] }),
  );
  expect(losses).toHaveLength(150);
  expect(losses.slice(-10).every((loss) => loss < 0.1 * (losses[0] as number))).toBe(true);
  expect(progress).toMatchObject({ step: 150, epoch: 50, batch: 0, validationsSinceBest: 0 });
  expect(reason).toBe('all 150 steps done');
  const after = (await task.validate()).error as number;
  expect(after).toBeLessThan(0.1 * before);
  // The model holds what was measured.
  expect(after).toBe(progress.best?.metrics.error);
});

describe.each([
  { eager: false, name: 'in graphs' },
  { eager: true, name: 'op by op' },
])('exact resume, $name', ({ eager }) => {
  test('stopped after any step, at epoch borders too, it goes on to bit-identical losses and weights', async () => {
    const whole = await record({ options: { eager } });
    expect(whole.losses).toHaveLength(8);
    for (let stop = 1; stop <= 8; stop++) {
      const controller = new AbortController();
      const first = await record({
        options: { eager },
        around: { signal: controller.signal },
        onStep: ({ step }) => step === stop && controller.abort(),
      });
      expect(first.progress).toMatchObject({
        step: stop,
        epoch: Math.floor(stop / BATCHES_PER_EPOCH),
        batch: stop % BATCHES_PER_EPOCH,
      });
      expect(first.reason).toContain(`stopped at step ${stop}`);
      // A fresh model with other values: all must come from the checkpoint.
      const { store } = first;
      const second = await record({
        model: makeModel(99),
        store,
        options: { eager },
        around: { resume: true },
      });
      expect([...first.losses, ...second.losses], `stopped at ${stop}`).toEqual(whole.losses);
      expect(store.last?.weights, `stopped at ${stop}`).toEqual(whole.store.last?.weights);
      expect(store.last?.optimizer, `stopped at ${stop}`).toEqual(whole.store.last?.optimizer);
      expect(store.best?.weights).toEqual(whole.store.best?.weights);
      expect(second.progress.best).toEqual(whole.progress.best);
      expect(second.progress).toMatchObject({ step: 8, epoch: 2, batch: 2 });
    }
  });

  test('for the other optimizers, stopped once', async () => {
    for (const optimizer of [
      { kind: 'adadelta', rho: 0.95, epsilon: 1e-6 },
      { kind: 'sgd', momentum: 0.9 },
    ] as const) {
      const options = { eager, optimizer };
      const whole = await record({ options });
      const controller = new AbortController();
      const around = { signal: controller.signal };
      const first = await record({ options, around, onStep: ({ step }) => step === 5 && controller.abort() });
      const second = await record({
        model: makeModel(99),
        store: first.store,
        options,
        around: { resume: true },
      });
      expect([...first.losses, ...second.losses]).toEqual(whole.losses);
      expect(first.store.last?.optimizer).toEqual(whole.store.last?.optimizer);
    }
  });
});

test('with a moving average, it is what is validated and kept, and the training goes on with the weights', async () => {
  const plain = await record({});
  const options = { averageDecay: 0.6 };
  const whole = await record({ options });
  expect(whole.losses).toEqual(plain.losses);
  expect(whole.store.last?.weights).toEqual(plain.store.last?.weights);
  const { store, progress, model } = whole;
  expect(progress.best?.step).toBe(8);
  expect(progress.best?.metrics).not.toEqual(plain.progress.best?.metrics);
  for (const [name, { values }] of store.best?.weights ?? []) {
    expect(values).toEqual(store.last?.optimizer.get(`${name}/average`)?.values);
    expect(values).not.toEqual(store.last?.weights.get(name)?.values);
  }
  expect(weightsOf(model)).toEqual(store.best?.weights);

  const controller = new AbortController();
  const around = { signal: controller.signal };
  const first = await record({ options, around, onStep: ({ step }) => step === 5 && controller.abort() });
  const second = await record({
    model: makeModel(99),
    store: first.store,
    options,
    around: { resume: true },
  });
  expect([...first.losses, ...second.losses]).toEqual(whole.losses);
  expect(first.store.last?.optimizer).toEqual(store.last?.optimizer);
  expect(first.store.best?.weights).toEqual(store.best?.weights);
});

test('the losses depend on the seed: dropout draws from it', async () => {
  const [one, same, other] = [await record({}), await record({}), await record({ options: { seed: 4 } })];
  expect(same.losses).toEqual(one.losses);
  expect(other.losses).not.toEqual(one.losses);
});

test('op by op and in graphs are the same training', async () => {
  const options = { steps: 20, learningRate: { peak: 0.02, warmUp: 3, decay: 'cosine' } } as const;
  const graphs = await record({ options });
  const eager = await record({ options: { ...options, eager: true } });
  const flat = (weights: ReadonlyMap<string, StoredTensor> | undefined) =>
    [...(weights ?? [])].flatMap(([, { values }]) => Array.from<number>(values));
  for (const [ours, theirs] of [
    [eager.losses, graphs.losses],
    [flat(eager.store.last?.weights), flat(graphs.store.last?.weights)],
  ] as const) {
    expect(ours).toHaveLength(theirs.length);
    const distance = Math.hypot(...ours.map((value, i) => value - (theirs[i] as number)));
    expect(distance).toBeLessThan(1e-5 * Math.hypot(...theirs));
  }
});

test('resuming what is done takes no step, and gives the best model, not the last', async () => {
  const scores = [1, 2];
  const validate = async () => ({ error: scores.shift() as number });
  const store = new MemoryCheckpoints();
  const done = makeModel();
  await train(regression(done, { validate }), someOptions, surroundings(store));
  const { model, losses } = await record({ model: makeModel(99), store, around: { resume: true } });
  expect(losses).toEqual([]);
  expect(store.last?.weights).not.toEqual(store.best?.weights);
  expect(weightsOf(model)).toEqual(store.best?.weights);
  expect(weightsOf(model)).toEqual(weightsOf(done));
});

test('resumed without a better validation, the model ends with the best weights of before', async () => {
  const scores = [1, 2];
  const validate = async () => ({ error: scores.shift() as number });
  const store = new MemoryCheckpoints();
  const controller = new AbortController();
  const observers = [{ onStep: ({ step }: StepReport) => step === 5 && controller.abort() }];
  const around = surroundings(store, { observers, signal: controller.signal });
  await train(regression(makeModel(), { validate }), someOptions, around);
  const best = store.best?.weights;
  const model = makeModel(99);
  const { progress } = await train(
    regression(model, { validate }),
    someOptions,
    surroundings(store, { resume: true }),
  );
  expect(progress).toMatchObject({ step: 8, best: { step: 4 }, validationsSinceBest: 1 });
  expect(weightsOf(model)).toEqual(best);
});

test('resuming without a checkpoint is starting', async () => {
  const [fresh, resumed] = [await record({}), await record({ around: { resume: true } })];
  expect(resumed.losses).toEqual(fresh.losses);
});

test('without resume, a checkpoint that is there is not read', async () => {
  const first = await record({});
  const again = await record({ store: first.store });
  expect(again.losses).toEqual(first.losses);
});

test('the checkpoint of another training is refused before anything changes', async () => {
  const { store } = await record({ around: { identity: { seed: 3, data: 'points' } } });
  const model = makeModel(99);
  const before = weightsOf(model);
  const other = record({
    model,
    store,
    around: { identity: { seed: 3, data: 'other points' }, resume: true },
  });
  await expect(other).rejects.toThrow(
    /belongs to another training: data: "points", and not "other points".*--resume/,
  );
  expect(weightsOf(model)).toEqual(before);
});

test('a checkpoint is of the same training in whatever order that is told', async () => {
  const config = { task: 'points', training: { steps: 4, clip: 1 } };
  const { store } = await record({ around: { identity: { seed: 3, config } } });
  const reordered = { config: { training: { clip: 1, steps: 4 }, task: 'points' }, seed: 3 };
  await expect(record({ store, around: { identity: reordered, resume: true } })).resolves.toBeDefined();
});

describe('validation', () => {
  /** Trains with validations that are made up, and keeps the weights that each of them saw. */
  async function scripted(scores: number[], options: Partial<TrainingOptions>, higherIsBetter: boolean) {
    const model = makeModel();
    const seen: ReturnType<typeof weightsOf>[] = [];
    const heard: boolean[] = [];
    const store = new MemoryCheckpoints();
    const task = regression(model, {
      validate: async () => {
        seen.push(weightsOf(model));
        return { score: scores[seen.length - 1] as number, other: 0 };
      },
      metric: { name: 'score', higherIsBetter },
    });
    const result = await train(
      task,
      { ...someOptions, steps: 100, stepsPerValidation: 2, ...options },
      surroundings(store, { observers: [{ onValidation: ({ isBest }) => void heard.push(isBest) }] }),
    );
    return { ...result, seen, heard, store, model };
  }

  test('stops after as many validations without a better one as patience says, with the best weights', async () => {
    const { progress, reason, seen, heard, store, model } = await scripted(
      [1, 3, 2, 3, 2.9, 5],
      { patience: 3 },
      true,
    );
    expect(heard).toEqual([true, true, false, false, false]);
    expect(progress).toMatchObject({
      step: 10,
      validationsSinceBest: 3,
      best: { step: 4, metrics: { score: 3 } },
    });
    expect(reason).toBe('no better score in 3 validations');
    expect(seen[1]).not.toEqual(seen[4]);
    expect(weightsOf(model)).toEqual(seen[1]);
    expect(store.best?.weights).toEqual(seen[1]);
    expect(store.best?.progress).toMatchObject({ step: 4, best: { metrics: { score: 3, other: 0 } } });
    // To go on from, the last weights are kept, not the best.
    expect(store.last?.weights).toEqual(seen[4]);
  });

  test('of a metric that should be low', async () => {
    const { progress, heard } = await scripted([3, 1, 2, 0.5, 0.5, 0.6], { patience: 2 }, false);
    expect(heard).toEqual([true, true, false, true, false, false]);
    expect(progress.best).toEqual({ step: 8, metrics: { score: 0.5, other: 0 } });
  });

  test('comes after the last step too', async () => {
    const { seen, progress } = await scripted([1, 2, 3], { steps: 5 }, true);
    expect(seen).toHaveLength(3);
    expect(progress.best?.step).toBe(5);
  });

  test('that stopped a training stops it when it is resumed, without another step', async () => {
    const { store } = await scripted([1, 0, 0], { patience: 2 }, true);
    const steps: number[] = [];
    const task = regression(makeModel(), { metric: { name: 'score', higherIsBetter: true } });
    const { reason } = await train(
      task,
      { ...someOptions, steps: 100, patience: 2 },
      surroundings(store, { resume: true, observers: [{ onStep: ({ step }) => void steps.push(step) }] }),
    );
    expect(steps).toEqual([]);
    expect(reason).toBe('no better score in 2 validations');
  });

  for (const higherIsBetter of [true, false]) {
    test(`that is not finite is never the best, ${higherIsBetter ? 'high' : 'low'} or not`, async () => {
      const infinity = higherIsBetter ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
      const scores = [Number.NaN, 2, Number.NaN, infinity, 1, Number.NaN, 2, 1];
      const { progress, heard } = await scripted(scores, { patience: 3 }, higherIsBetter);
      expect(heard.slice(0, 4)).toEqual([false, true, false, false]);
      expect(heard.slice(4)).toEqual(higherIsBetter ? [false] : [true, false, false, false]);
      expect(progress.best?.metrics.score).toBe(higherIsBetter ? 2 : 1);
    });
  }

  test('that is never finite is one clear error at the end, with a checkpoint', async () => {
    const store = new MemoryCheckpoints();
    const task = regression(makeModel(), { validate: async () => ({ error: Number.NaN }) });
    const training = train(task, { ...someOptions, patience: 2 }, surroundings(store));
    await expect(training).rejects.toThrow(DivergedError);
    await expect(training).rejects.toThrow('no validation gave a finite error');
    expect(store.best).toBeUndefined();
    expect(store.last?.progress).toMatchObject({ step: 8, validationsSinceBest: 2 });
  });

  test('that lacks the metric is an error with its name', async () => {
    const task = regression(makeModel(), { metric: { name: 'bleu', higherIsBetter: true } });
    const training = train(task, someOptions, surroundings(new MemoryCheckpoints()));
    await expect(training).rejects.toThrow('gives no bleu');
  });
});

test('on policy, a batch is made with the weights that the last step left, and disposed', async () => {
  const model = makeModel();
  const task = regression(model);
  const weights: string[] = [];
  const before = tf.memory().numTensors;
  await train(
    {
      ...task,
      onPolicy: true,
      batches: (epoch) =>
        task.batches(epoch).map((make) => async () => {
          const batch = await make();
          weights.push(JSON.stringify([...weightsOf(model).values()].map(({ values }) => [...values])));
          return batch;
        }),
    },
    someOptions,
    surroundings(new MemoryCheckpoints()),
  );
  expect(new Set(weights).size).toBe(someOptions.steps);
  expect(tf.memory().numTensors).toBe(before);
});

describe('divergence', () => {
  for (const eager of [false, true]) {
    test(`a loss that is no number stops it ${eager ? 'op by op' : 'in graphs'}; the last checkpoint is good`, async () => {
      const model = makeModel();
      const task = regression(model);
      const bad = regression(model, {
        batches: (epoch) =>
          task.batches(epoch).map((make, i) => async () => {
            const { x, y } = await make();
            // Step 5, the second of the second epoch.
            if (epoch !== 1 || i !== 1) return { x, y };
            const bad = tf.mul<tf.Tensor2D>(y, Number.NaN);
            y.dispose();
            return { x, y: bad };
          }),
      });
      const store = new MemoryCheckpoints();
      const training = train(bad, { ...someOptions, eager }, surroundings(store));
      await expect(training).rejects.toThrow(DivergedError);
      await expect(training).rejects.toThrow(/the loss is NaN .* at step 5: .*lower learning rate/);
      expect(store.last?.progress.step).toBe(4);
      for (const saved of [store.last?.weights, store.last?.optimizer, store.best?.weights]) {
        for (const [name, { values }] of saved ?? [])
          expect(Array.from(values).every(Number.isFinite), name).toBe(true);
      }
      const resumed = await train(task, { ...someOptions, eager }, surroundings(store, { resume: true }));
      expect(resumed.progress.step).toBe(8);
    });
  }

  test('a gradient that is no number, of a loss that is one', async () => {
    const model = makeModel();
    const task = regression(model, {
      // √0 is 0, but its slope is infinite.
      loss: ({ x }) => tf.sum(tf.sqrt(tf.mul(model.apply(x), 0))) as tf.Scalar,
    });
    const training = train(task, someOptions, surroundings(new MemoryCheckpoints()));
    await expect(training).rejects.toThrow(/the loss is 0 and the gradient's norm (NaN|Infinity) at step 1/);
  });
});

describe('memory', () => {
  for (const eager of [false, true]) {
    test(`is level over the steps and after the training, ${eager ? 'op by op' : 'in graphs'}`, async () => {
      const model = makeModel();
      const before = tf.memory().numTensors;
      const during: number[] = [];
      await train(
        regression(model, { rate: 0.3 }),
        { ...someOptions, eager },
        surroundings(new MemoryCheckpoints(), {
          observers: [{ onStep: () => void during.push(tf.memory().numTensors) }],
        }),
      );
      expect(new Set(during)).toEqual(new Set([before + 2 * model.parameters().length]));
      expect(tf.memory().numTensors).toBe(before);
    });
  }

  test('is given back after an error', async () => {
    const model = makeModel();
    const before = tf.memory().numTensors;
    const task = regression(model, {
      loss: ({ x }) => tf.mul(tf.sum(model.apply(x)), Number.NaN) as tf.Scalar,
    });
    await expect(train(task, someOptions, surroundings(new MemoryCheckpoints()))).rejects.toThrow(
      DivergedError,
    );
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('what observers hear', () => {
  test('start, every step, validations, checkpoints, and the end', async () => {
    const heard: string[] = [];
    const reports: StepReport[] = [];
    const observer: TrainingObserver = {
      onStart: ({ step, steps, parameters }) => void heard.push(`start ${step}/${steps} ${parameters}`),
      onStep(report) {
        reports.push(report);
        heard.push(`step ${report.step}`);
      },
      onValidation: ({ step, isBest }) => void heard.push(`validation ${step} ${isBest}`),
      onCheckpoint: (step) => void heard.push(`checkpoint ${step}`),
      onEnd: async (reason) => void heard.push(reason),
    };
    await record({ options: { steps: 3, stepsPerValidation: 2 }, around: { observers: [observer] } });
    const isBest = heard.find((line) => line.startsWith('validation 3'))?.endsWith('true');
    expect(heard).toEqual([
      'start 0/3 16',
      'checkpoint 0',
      'step 1',
      'step 2',
      'validation 2 true',
      'checkpoint 2',
      'step 3',
      `validation 3 ${isBest}`,
      'checkpoint 3',
      'all 3 steps done',
    ]);
    expect(reports.map(({ learningRate }) => learningRate)).toEqual(
      [1, 2, 3].map((step) => (0.05 * step) / 3),
    );
    for (const { gradientNorm, stepsPerSecond, secondsLeft, steps } of reports) {
      expect(gradientNorm).toBeGreaterThan(0);
      expect(stepsPerSecond).toBeGreaterThan(0);
      expect(secondsLeft).toBeGreaterThanOrEqual(0);
      expect(steps).toBe(3);
    }
    expect(reports.at(-1)?.secondsLeft).toBe(0);
  });

  test('the end comes once to each, whatever fails', async () => {
    const heard: string[] = [];
    const failing = (name: string, at: number): TrainingObserver => ({
      onStep({ step }) {
        if (step === at) throw new Error(`the disk is full at ${step}`);
      },
      onEnd: (reason) => void heard.push(`${name}: ${reason}`),
    });
    const bad: TrainingObserver = { onEnd: () => Promise.reject(new Error('no such terminal')) };
    const observers = [bad, failing('one', 2), failing('two', 9)];
    await expect(record({ around: { observers } })).rejects.toThrow('the disk is full at 2');
    expect(heard).toEqual(['one: the disk is full at 2', 'two: the disk is full at 2']);
    heard.length = 0;
    await expect(record({ around: { observers: [bad, failing('one', 9)] } })).rejects.toThrow(
      'no such terminal',
    );
    expect(heard).toEqual(['one: all 8 steps done']);
  });

  test('checkpoints come in time as well', async () => {
    const checkpoints: number[] = [];
    const observer: TrainingObserver = { onCheckpoint: (step) => void checkpoints.push(step) };
    await record({ options: { steps: 3, secondsPerCheckpoint: 0 }, around: { observers: [observer] } });
    expect([...new Set(checkpoints)]).toEqual([0, 1, 2, 3]);
  });
});

test('no batches, or a parameter that the loss does not depend on, is one clear error', async () => {
  const model = makeModel();
  const run = (changes: Parameters<typeof regression>[1]) =>
    train(regression(model, changes), someOptions, surroundings(new MemoryCheckpoints()));
  await expect(run({ batches: () => [] })).rejects.toThrow('training: there are no batches');
  const hidden = model.namedParameters().get('hidden') as tf.Variable;
  await expect(run({ loss: () => tf.sum(tf.square(hidden)) as tf.Scalar })).rejects.toThrow(
    'output has no gradient',
  );
});
