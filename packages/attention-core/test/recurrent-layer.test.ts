import { compile, RandomStream, randomSource, useBackend } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  createCell,
  RecurrentCell,
  RecurrentLayer,
  type RecurrentLayerOptions,
  type RecurrentState,
} from '../src/index.js';
import { expectNear, normalTensor } from './contract/numerics.js';

beforeAll(async () => void (await useBackend()));

const [STEPS, BATCH, INPUT, UNITS] = [4, 30, 3, 20];
const stream = (step: number) => new RandomStream(tf.tensor1d([1, step], 'int32'));
const someInputs = () => normalTensor([STEPS, BATCH, INPUT], 5) as tf.Tensor3D;
const allValid = (steps = STEPS, batch = BATCH) => tf.ones<tf.Rank.R3>([steps, batch, 1], 'bool');
const someStates = (cell: RecurrentCell) => cell.stateFrom(normalTensor([BATCH, UNITS], 6) as tf.Tensor2D);
const at = (x: tf.Tensor3D, step: number) =>
  tf.squeeze<tf.Tensor2D>(tf.slice(x, [step, 0, 0], [1, -1, -1]), [0]);

function make(kind: 'gru' | 'lstm', options: RecurrentLayerOptions): RecurrentLayer {
  const random = randomSource(2);
  return new RecurrentLayer(createCell(kind, INPUT, UNITS, random), random, options);
}

/** A cell whose state stays 1, and which tells what it read. */
class Witness extends RecurrentCell {
  readonly units = UNITS;
  readonly gates = INPUT;
  readonly stateWidth = UNITS;
  readonly inputs: number[][] = [];
  readonly reads: number[][] = [];

  project<T extends tf.Tensor>(inputs: T): T {
    return inputs;
  }

  step(projected: tf.Tensor2D, state: RecurrentState, read = state.hidden): RecurrentState {
    this.inputs.push([...projected.dataSync()]);
    this.reads.push([...read.dataSync()]);
    return state;
  }

  stateFrom(hidden: tf.Tensor2D): RecurrentState {
    return { hidden };
  }
}

describe('a first state', () => {
  it('goes by its names, whatever their order', () => {
    const layer = make('lstm', {});
    const [hidden, cell] = [7, 8].map((seed) => normalTensor([BATCH, UNITS], seed) as tf.Tensor2D);
    const from = (state: object) =>
      layer.apply(someInputs(), allValid(), state as RecurrentState).final as unknown as Record<
        string,
        tf.Tensor
      >;
    const [first, second] = [from({ hidden, cell }), from({ cell, hidden })];
    for (const name of ['hidden', 'cell'])
      expectNear({ [name]: second[name] as tf.Tensor }, { [name]: first[name] as tf.Tensor }, 1e-6);
    layer.dispose();
  });
});

describe('zoneout', () => {
  const RATE = 0.3;
  const zoneout = { hidden: RATE };

  it('keeps the value of the step before in some units, in others at each step', () => {
    const layer = make('gru', { zoneout });
    const inputs = someInputs();
    const { outputs } = layer.apply(inputs, allValid(), someStates(layer.cell), stream(1));
    const patterns: boolean[][] = [];
    for (let step = 1; step < STEPS; step++) {
      const hidden = at(outputs, step - 1);
      const next = layer.cell.step(layer.cell.project(at(inputs, step)), { hidden }).hidden.dataSync();
      const [before, after] = [hidden.dataSync(), at(outputs, step).dataSync()];
      const kept = Array.from(after, (value, i) => value === before[i]);
      after.forEach((value, i) => {
        if (!kept[i]) expect(value).toBeCloseTo(next[i] as number, 5);
      });
      patterns.push(kept);
      const share = kept.filter(Boolean).length / kept.length;
      expect(Math.abs(share - RATE)).toBeLessThan(5 * Math.sqrt((RATE * (1 - RATE)) / kept.length));
    }
    expect(patterns[0]).not.toEqual(patterns[1]);
    layer.dispose();
  });

  it('outside of training takes the expectation, which is the mean over many draws', () => {
    const layer = make('lstm', { zoneout: { hidden: RATE, cell: 0.5 } });
    const start = {
      hidden: normalTensor([1, UNITS], 6) as tf.Tensor2D,
      cell: normalTensor([1, UNITS], 7) as tf.Tensor2D,
    };
    const input = normalTensor([1, 1, INPUT], 8) as tf.Tensor3D;
    const { final: mean } = layer.apply(input, allValid(1, 1), start);
    const next = layer.cell.step(layer.cell.project(at(input, 0)), start);
    const between = (rate: number, a: tf.Tensor, b: tf.Tensor) =>
      tf.add(tf.mul(rate, a), tf.mul(1 - rate, b));
    expectNear(
      { hidden: mean.hidden, cell: mean.cell as tf.Tensor },
      {
        hidden: between(RATE, start.hidden, next.hidden),
        cell: between(0.5, start.cell, next.cell as tf.Tensor),
      },
      1e-6,
    );
    const draws = 4000;
    const many = {
      hidden: tf.tile(start.hidden, [draws, 1]) as tf.Tensor2D,
      cell: tf.tile(start.cell, [draws, 1]) as tf.Tensor2D,
    };
    const drawn = layer.apply(tf.tile(input, [1, draws, 1]), allValid(1, draws), many, stream(3)).final;
    // Five standard errors of the largest difference there can be, about 4.
    const within = 5 * 4 * Math.sqrt(0.25 / draws);
    expectNear(
      { hidden: tf.mean(drawn.hidden, 0, true), cell: tf.mean(drawn.cell as tf.Tensor, 0, true) },
      { hidden: mean.hidden, cell: mean.cell as tf.Tensor },
      within,
    );
    layer.dispose();
  });
});

describe('variational dropout', () => {
  const RATE = 0.4;

  it('drops the same inputs and the same of the state at all steps', () => {
    const cell = new Witness(randomSource(1));
    const layer = new RecurrentLayer(cell, randomSource(1), {
      variationalDropout: { inputs: RATE, recurrent: RATE },
    });
    const ones = cell.stateFrom(tf.ones([BATCH, UNITS]));
    const { outputs } = layer.apply(tf.ones([STEPS, BATCH, INPUT]), allValid(), ones, stream(1));
    expect(cell.reads).toHaveLength(STEPS);
    for (const seen of [cell.inputs, cell.reads]) {
      const [first, ...others] = seen as [number[], ...number[][]];
      for (const other of others) expect(other).toEqual(first);
      const kept = first.filter((value) => value > 0);
      for (const value of kept) expect(value).toBeCloseTo(1 / (1 - RATE), 5);
      const deviation = Math.sqrt((RATE * (1 - RATE)) / first.length);
      expect(Math.abs(kept.length / first.length - (1 - RATE))).toBeLessThan(5 * deviation);
    }
    // The gates read less; what is carried on is whole.
    expect(tf.min(outputs).dataSync()[0]).toBe(1);
  });
});

describe('RecurrentLayer', () => {
  const noisy: RecurrentLayerOptions = {
    zoneout: { hidden: 0.2, cell: 0.4 },
    variationalDropout: { inputs: 0.3, recurrent: 0.3 },
  };

  it('draws the same from the same seed, and something else from another', () => {
    const layer = make('lstm', noisy);
    const run = (step?: number) => [
      ...layer
        .apply(someInputs(), allValid(), undefined, step === undefined ? step : stream(step))
        .outputs.dataSync(),
    ];
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
    expect(run()).toEqual(run());
    expect(run()).not.toEqual(run(1));
    layer.dispose();
  });

  it('drops nothing outside of training', () => {
    const { variationalDropout } = noisy;
    const [layer, plain] = [make('lstm', variationalDropout ? { variationalDropout } : {}), make('lstm', {})];
    const [outputs, expected] = [layer, plain].map((each) => each.apply(someInputs(), allValid()).outputs);
    expectNear({ outputs: outputs as tf.Tensor }, { outputs: expected as tf.Tensor }, 0);
    layer.dispose();
    plain.dispose();
  });

  it('compiled draws what it draws step by step', () => {
    const layer = make('lstm', noisy);
    const run = (inputs: tf.Tensor3D, seed: tf.Tensor1D) =>
      layer.apply(inputs, allValid(), undefined, new RandomStream(seed)).outputs;
    const compiled = compile(run);
    const seed = tf.tensor1d([1, 9], 'int32');
    expectNear({ outputs: compiled(someInputs(), seed) }, { outputs: run(someInputs(), seed) }, 1e-5);
    compiled.dispose();
    layer.dispose();
  });

  it('refuses noise between the cells of a stack', () => {
    const random = randomSource(1);
    const stack = createCell('gru', INPUT, UNITS, random, 2);
    expect(() => new RecurrentLayer(stack, random, { zoneout: { hidden: 0.1 } })).toThrow('RecurrentEncoder');
    stack.dispose();
  });
});
