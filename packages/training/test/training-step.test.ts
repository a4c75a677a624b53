import {
  createDecoder,
  Embedding,
  Linear,
  Module,
  RecurrentEncoder,
  sequenceCrossEntropy,
} from '@heed/attention-core';
import { randomSource, useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { createTrainingStep, type StepResult } from '../src/index.js';
import { Perceptron, type RegressionBatch, regression } from './regression.js';

beforeAll(async () => void (await useBackend()));

const [VOCABULARY, EMBEDDING, UNITS] = [11, 6, 5];
const adam = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

type Batch = { source: tf.Tensor2D; inputs: tf.Tensor2D; targets: tf.Tensor2D };

/** A bidirectional GRU that is read by a GRU with additive attention. */
class Reader extends Module {
  readonly embedding: Embedding;
  readonly encoder: RecurrentEncoder;
  readonly decoder;
  readonly output: Linear;

  constructor(random: () => number) {
    super(random);
    const shared = { cell: 'gru', layers: 1, bidirectional: true, dropout: 0, units: UNITS } as const;
    this.embedding = this.child('embedding', new Embedding(VOCABULARY, EMBEDDING, random));
    this.encoder = this.child('encoder', new RecurrentEncoder({ ...shared, inputs: EMBEDDING }, random));
    this.decoder = this.child(
      'decoder',
      createDecoder(
        'bahdanau',
        {
          ...shared,
          embedding: EMBEDDING,
          valueWidth: 2 * UNITS,
          encoderUnits: UNITS,
          score: 'additive',
          attention: 4,
        },
        random,
      ),
    );
    this.output = this.child('output', new Linear(EMBEDDING, VOCABULARY, random));
  }

  loss({ source, inputs, targets }: Batch): tf.Scalar {
    const [sourceSteps, batch] = source.shape;
    const valid = tf.notEqual(source, tf.scalar(0, 'int32'));
    const encoded = this.encoder.apply(
      this.embedding.lookUp(source) as tf.Tensor3D,
      tf.reshape(valid, [sourceSteps, batch, 1]),
    );
    const memory = this.decoder.memory(encoded, tf.transpose(valid, [1, 0]) as tf.Tensor2D);
    const embedded = this.embedding.lookUp(inputs) as tf.Tensor3D;
    const unrolled = this.decoder.unroll(embedded, this.decoder.initialState(encoded, memory), memory);
    const count = inputs.shape[0] * batch;
    const rows = (tensor: tf.Tensor) =>
      tf.reshape(tensor, [count, tensor.shape.at(-1) as number]) as tf.Tensor2D;
    const read = { hidden: rows(unrolled.hidden), context: rows(unrolled.context) };
    const logits = this.output.apply(this.decoder.readout(read, rows(embedded)));
    const labels = tf.reshape(targets, [count]) as tf.Tensor1D;
    const mask = tf.cast(tf.notEqual(labels, tf.scalar(0, 'int32')), 'float32') as tf.Tensor1D;
    return sequenceCrossEntropy(logits, labels, mask, 0.1);
  }
}

/** Random sentences, some shorter than others, to be said backwards. */
function makeBatch(seed: number): Batch {
  const random = randomSource(seed);
  const [batch, longest] = [3 + (seed % 3), 4 + (seed % 4)];
  const sentences = Array.from({ length: batch }, (_, i) => {
    const length = i === 0 ? longest : 2 + Math.floor(random() * (longest - 1));
    return Array.from({ length }, () => 2 + Math.floor(random() * (VOCABULARY - 2)));
  });
  const timeFirst = (rows: number[][]) =>
    tf.transpose(
      tf.tensor2d(
        rows.map((row) => Array.from({ length: longest }, (_, i) => row[i] ?? 0)),
        [batch, longest],
        'int32',
      ),
    );
  const targets = sentences.map((sentence) => sentence.toReversed());
  return {
    source: timeFirst(sentences),
    inputs: timeFirst(targets.map((target) => [1, ...target.slice(0, -1)])),
    targets: timeFirst(targets),
  };
}

const cut = ({ source, inputs, targets }: Batch, steps = inputs.shape[0]): Batch => {
  const first = (x: tf.Tensor2D) => tf.slice(x, [0, 0], [Math.min(steps, x.shape[0]), x.shape[1]]);
  return { source, inputs: first(inputs), targets: first(targets) };
};

describe('twenty steps of a GRU with attention', () => {
  test('of one target step, after which nobody reads the state, are too', () => {
    const [compiled, eager] = [run(false, 1), run(true, 1)];
    for (const [i, { loss, norm }] of compiled.results.entries()) {
      expect(eager.results[i]!.loss).toBeCloseTo(loss, 4);
      expect(eager.results[i]!.norm).toBeCloseTo(norm, 4);
    }
  });

  function run(
    eager: boolean,
    targetSteps?: number,
  ): { results: StepResult[]; parameters: Map<string, Float32Array> } {
    const model = new Reader(randomSource(1));
    const step = createTrainingStep(
      {
        model,
        sizes: { source: ['S', 'B'], inputs: ['T', 'B'], targets: ['T', 'B'] },
        loss: (batch: Batch) => model.loss(batch),
      },
      { optimizer: adam, clip: 1, eager },
    );
    const results = Array.from({ length: 20 }, (_, i) =>
      tf.tidy(() => step(cut(makeBatch(i + 1), targetSteps), { learningRate: 0.01, step: i + 1, seed: 1 })),
    );
    step.pull();
    const parameters = new Map(
      [...model.namedParameters()].map(([name, variable]) => [name, variable.dataSync() as Float32Array]),
    );
    step.dispose();
    model.dispose();
    return { results, parameters };
  }

  test('are the same in one graph and op by op, within 1e-5 of each value', () => {
    const [compiled, eager] = [run(false), run(true)];
    compiled.results.forEach(({ loss, norm }, i) => {
      const expected = eager.results[i] as StepResult;
      expect(Math.abs(loss - expected.loss), `loss of step ${i + 1}`).toBeLessThan(1e-5 * expected.loss);
      expect(Math.abs(norm - expected.norm), `norm of step ${i + 1}`).toBeLessThan(1e-5 * expected.norm);
    });
    for (const [name, values] of compiled.parameters) {
      const expected = eager.parameters.get(name) as Float32Array;
      const distance = Math.hypot(...values.map((value, i) => value - (expected[i] as number)));
      expect(distance, name).toBeLessThan(1e-5 * Math.hypot(...expected));
    }
    expect(compiled.results.at(-1)?.loss).toBeLessThan(0.98 * (compiled.results[0] as StepResult).loss);
  });
});

describe.each([
  { eager: false, name: 'in graphs' },
  { eager: true, name: 'op by op' },
])('a step, $name', ({ eager }) => {
  const numbers = (step: number) => ({ learningRate: 0.1, step, seed: 1 });
  const sgd = { kind: 'sgd', momentum: 0.9 } as const;
  const batchOf = (task: ReturnType<typeof regression>): RegressionBatch =>
    (task.batches(0)[0] as () => RegressionBatch)();

  test('pulls what was learnt, pushes what was changed, and leaves batch and model to the caller', () => {
    const before = tf.memory().numTensors;
    const model = new Perceptron(randomSource(1));
    const task = regression(model);
    const step = createTrainingStep(task, { optimizer: sgd, clip: 1, eager });
    const batch = batchOf(task);
    const first = step(batch, numbers(1));
    step.pull();
    const hidden = model.namedParameters().get('hidden') as tf.Variable;
    const learnt = hidden.dataSync().slice();
    expect([...step.state.keys()]).toEqual(['hidden/velocity', 'output/velocity']);
    expect(
      step.state
        .get('hidden/velocity')
        ?.dataSync()
        .some((value) => value !== 0),
    ).toBe(true);
    expect(step(batch, numbers(2)).loss).toBeLessThan(first.loss);
    tf.tidy(() => {
      for (const variable of [...model.parameters(), ...step.state.values()])
        variable.assign(tf.zerosLike(variable));
    });
    step.push();
    const { loss, norm } = step(batch, numbers(3));
    // All weights are 0, and so is what is predicted; nothing has a slope.
    expect(loss).toBeCloseTo(
      tf.tidy(() => tf.mean(tf.square(batch.y)).dataSync()[0] as number),
      6,
    );
    expect(norm).toBe(0);
    expect(hidden.dataSync()).not.toEqual(learnt);
    step.dispose();
    tf.dispose([batch]);
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test('keeps a moving average of the parameters, of few steps at first', () => {
    const before = tf.memory().numTensors;
    const model = new Perceptron(randomSource(1));
    const task = regression(model);
    const step = createTrainingStep(task, { optimizer: sgd, clip: 1, averageDecay: 0.2, eager });
    const batch = batchOf(task);
    const hidden = model.namedParameters().get('hidden') as tf.Variable;
    let expected = [...hidden.dataSync()];
    for (let n = 1; n <= 5; n++) {
      // What the step finds goes into the average.
      const found = hidden.dataSync();
      const kept = Math.min(0.2, n / (n + 9));
      expected = expected.map((mean, i) => kept * mean + (1 - kept) * (found[i] as number));
      step(batch, numbers(n));
      step.pull();
      step.averages
        .get('hidden')
        ?.dataSync()
        .forEach((mean, i) => void expect(mean).toBeCloseTo(expected[i] as number, 6));
    }
    expect([...step.averages.keys()]).toEqual(['hidden', 'output']);
    expect(step.state.get('hidden/average')).toBe(step.averages.get('hidden'));
    step.dispose();
    tf.dispose([batch]);
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test('draws by seed and step alone', () => {
    const model = new Perceptron(randomSource(1));
    const task = regression(model, { rate: 0.5 });
    const step = createTrainingStep(task, { optimizer: sgd, clip: 1, eager });
    const batch = batchOf(task);
    const losses = [
      [1, 1],
      [2, 1],
      [1, 2],
      [1, 1],
    ].map(([number = 0, seed = 0]) => step(batch, { learningRate: 0, step: number, seed }).loss);
    expect(losses[3]).toBe(losses[0]);
    expect(new Set(losses).size).toBe(3);
    step.dispose();
    tf.dispose([batch]);
    model.dispose();
  });
});
