import { compile, randomSource } from '@heed/backend';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  collectWeights,
  decodeSafetensors,
  encodeSafetensors,
  loadWeights,
  type Module,
} from '../../src/index.js';
import { expectNear, normalTensor } from './numerics.js';
import {
  type Axes,
  differentiable,
  makeCoefficients,
  makeInputs,
  SIZES,
  type Sizes,
  type Subject,
  type Tensors,
  validity,
  validOutputs,
  valueAndGradients,
} from './subject.js';

const FILE = 'model.safetensors';
const EXTRA = 4;

/** What every mechanism of attention and every recurrent part must do. */
export function attentionContract<M extends Module>(subject: Subject<M>): void {
  describe(subject.name, () => {
    let module: M;
    const make = (seed: number) => subject.make(randomSource(seed));
    const masked = (values: Tensors, inputs: Tensors) =>
      validOutputs(subject, values, inputs.mask as tf.Tensor);

    beforeEach(() => {
      tf.engine().startScope();
      module = make(1);
    });
    afterEach(() => {
      module.dispose();
      tf.engine().endScope();
    });

    if (subject.outputs.weights) {
      it(`weights sum to ${subject.sumsBelowOne ? 'at most 1' : '1'} and are exactly 0 where masked`, () => {
        const inputs = makeInputs(subject, SIZES, 10);
        const { weights } = subject.run(module, inputs);
        const sums = tf.sum(weights as tf.Tensor, -1);
        const expected = subject.sumsBelowOne ? tf.minimum(sums, 1) : tf.onesLike(sums);
        expectNear({ sums }, { sums: expected }, 1e-6);
        expect(tf.min(weights as tf.Tensor).dataSync()[0]).toBeGreaterThanOrEqual(0);
        const outside = tf.sub(1, validity(subject.outputs.weights as Axes, inputs.mask as tf.Tensor));
        expect(tf.max(tf.mul(tf.abs(weights as tf.Tensor), outside)).dataSync()[0]).toBe(0);
        expect(tf.sum(outside).dataSync()[0]).toBeGreaterThan(0);
      });
    }

    it('longer padding changes nothing', () => {
      const inputs = makeInputs(subject, SIZES, 20);
      const coefficients = makeCoefficients(subject, SIZES, inputs.mask as tf.Tensor);
      const padded = padPlaces(inputs, subject.inputs, (shape) => tf.mul(10, normalTensor(shape, 30)));
      const paddedCoefficients = padPlaces(coefficients, subject.outputs, (shape) => tf.zeros(shape));

      const outputs = masked(subject.run(module, padded), padded);
      expectNear(cutPlaces(outputs, subject.outputs), masked(subject.run(module, inputs), inputs), 1e-6);
      const { gradients: before } = valueAndGradients(subject, module, inputs, coefficients);
      const { gradients: after } = valueAndGradients(subject, module, padded, paddedCoefficients);
      expectNear(cutPlaces(after, subject.inputs), before, 1e-5);
      for (const [name] of differentiable(inputs)) {
        const axes = subject.inputs[name] as Axes;
        const outside = tf.sub(1, validity(axes, padded.mask as tf.Tensor));
        expect(tf.max(tf.mul(tf.abs(after[name] as tf.Tensor), outside)).dataSync()[0], name).toBe(0);
      }
    });

    it('no row sees another, also where all sizes are equal', () => {
      const sizes = { B: 3, S: 3, T: 3 };
      const inputs = makeInputs(subject, sizes, 40);
      const together = masked(subject.run(module, inputs), inputs);
      for (let row = 0; row < sizes.B; row++) {
        const alone = pickRow(inputs, subject.inputs, row);
        expectNear(masked(subject.run(module, alone), alone), pickRow(together, subject.outputs, row), 1e-6);
      }
    });

    const { stepwise } = subject;
    if (stepwise) {
      it('step by step equals all at once', () => {
        const inputs = makeInputs(subject, SIZES, 50);
        const steps = masked(stepwise.call(subject, module, inputs), inputs);
        expectNear(steps, masked(subject.run(module, inputs), inputs), 1e-6);
      });
    }

    it('compiled once for all sizes, it has the same value and gradients', () => {
      const run = (inputs: Tensors, coefficients: Tensors) =>
        valueAndGradients(subject, module, inputs, coefficients);
      const compiled = compile(run, { sizes: [subject.inputs, subject.outputs] });
      const all: Sizes[] = [SIZES, { B: 2, S: 1, T: 1 }];
      for (const [i, sizes] of all.entries()) {
        const inputs = makeInputs(subject, sizes, 60 + 10 * i);
        const coefficients = makeCoefficients(subject, sizes, inputs.mask as tf.Tensor);
        const [actual, expected] = [compiled(inputs, coefficients), run(inputs, coefficients)];
        expectNear({ loss: actual.loss }, { loss: expected.loss }, 1e-5);
        expectNear(actual.gradients, expected.gradients, 1e-5);
      }
      expect(compiled.statistics().graphs).toBe(1);
      compiled.dispose();
    });

    it('gradients equal finite differences', () => {
      const inputs = makeInputs(subject, SIZES, 100);
      const coefficients = makeCoefficients(subject, SIZES, inputs.mask as tf.Tensor);
      const { gradients: exact } = valueAndGradients(subject, module, inputs, coefficients);
      // Compiled, because it is called many times.
      const run = compile((changed: Tensors) => subject.run(module, changed));
      const shifted = (name: string, by: tf.Tensor): Tensors => {
        const parameter = module.namedParameters().get(name);
        if (!parameter) return run({ ...inputs, [name]: tf.add(inputs[name] as tf.Tensor, by) });
        const value = tf.clone(parameter);
        parameter.assign(tf.add(parameter, by));
        const outputs = run(inputs);
        parameter.assign(value);
        return outputs;
      };
      expectNear(run(inputs), subject.run(module, inputs), 1e-5);
      let largest = 0;
      for (const [i, [name, gradient]] of Object.entries(exact).entries()) {
        const direction = unit(normalTensor(gradient.shape, 200 + i));
        const step = tf.mul(direction, STEP);
        const [ahead, behind] = [shifted(name, step), shifted(name, tf.neg(step))];
        const numeric = weightedDifference(ahead, behind, coefficients) / (2 * STEP);
        const expected = tf.sum(tf.mul(gradient, direction)).dataSync()[0] as number;
        const length = tf.norm(gradient).dataSync()[0] as number;
        largest = Math.max(largest, length);
        expect(Math.abs(numeric - expected), `${name}: ${numeric} and ${expected}`).toBeLessThan(
          3e-3 * length + 2e-4,
        );
      }
      expect(largest).toBeGreaterThan(0.1);
      run.dispose();
    });

    it('weights survive a round trip through a file', () => {
      const other = make(2);
      const inputs = makeInputs(subject, SIZES, 110);
      const expected = subject.run(module, inputs);
      if (module.parameters().length > 0) {
        expect(() => expectNear(subject.run(other, inputs), expected, 1e-3)).toThrow();
      }
      const bytes = encodeSafetensors(collectWeights(module.namedParameters(), 'F32'));
      loadWeights(other.namedParameters(), decodeSafetensors(bytes, FILE).tensors, FILE);
      expectNear(subject.run(other, inputs), expected, 0);
      other.dispose();
    });

    it('leaks nothing', () => {
      const level = tf.memory().numTensors;
      const inputs = makeInputs(subject, SIZES, 120);
      const coefficients = makeCoefficients(subject, SIZES, inputs.mask as tf.Tensor);
      const own = make(3);
      const held = tf.memory().numTensors;
      expect(held - level).toBe(
        Object.keys(inputs).length + Object.keys(coefficients).length + own.parameters().length,
      );
      tf.tidy(() => void valueAndGradients(subject, own, inputs, coefficients));
      const outputs = tf.tidy(() => subject.run(own, inputs) as tf.TensorContainer);
      expect(tf.memory().numTensors - held).toBe(Object.keys(subject.outputs).length);
      tf.dispose([outputs, inputs, coefficients]);
      own.dispose();
      expect(tf.memory().numTensors).toBe(level);
    });
  });
}

const STEP = 1e-2;

const unit = (x: tf.Tensor) => tf.div(x, tf.norm(x));

/** Summed in double precision, since the differences are small beside the values. */
function weightedDifference(ahead: Tensors, behind: Tensors, coefficients: Tensors): number {
  let sum = 0;
  for (const [name, coefficient] of Object.entries(coefficients)) {
    const [a, b] = [ahead[name], behind[name]].map((tensor) => (tensor as tf.Tensor).dataSync()) as [
      Float32Array,
      Float32Array,
    ];
    coefficient.dataSync().forEach((c, i) => {
      sum += c * ((a[i] as number) - (b[i] as number));
    });
  }
  return sum;
}

/** Each tensor longer along S: the mask by zeros, the others by `filling`. */
function padPlaces(
  tensors: Tensors,
  axes: Readonly<Record<string, Axes>>,
  filling: (shape: number[]) => tf.Tensor,
): Tensors {
  return mapTensors(tensors, (name, tensor) => {
    const axis = (axes[name] as Axes).indexOf('S');
    if (axis < 0) return tensor;
    const shape = tensor.shape.map((size, i) => (i === axis ? EXTRA : size));
    return tf.concat([tensor, name === 'mask' ? tf.zeros(shape, 'bool') : filling(shape)], axis);
  });
}

/** Undoes `padPlaces`; tensors that the axes do not name, which are parameters' gradients, stay as they are. */
function cutPlaces(tensors: Tensors, axes: Readonly<Record<string, Axes>>): Tensors {
  return mapTensors(tensors, (name, tensor) => {
    const axis = axes[name]?.indexOf('S') ?? -1;
    if (axis < 0) return tensor;
    const size = tensor.shape.map((length, i) => (i === axis ? length - EXTRA : length));
    return tf.slice(
      tensor,
      size.map(() => 0),
      size,
    );
  });
}

function pickRow(tensors: Tensors, axes: Readonly<Record<string, Axes>>, row: number): Tensors {
  return mapTensors(tensors, (name, tensor) =>
    tf.gather(tensor, tf.tensor1d([row], 'int32'), (axes[name] as Axes).indexOf('B')),
  );
}

function mapTensors(tensors: Tensors, map: (name: string, tensor: tf.Tensor) => tf.Tensor): Tensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, map(name, tensor)]));
}
