import { gaussian } from './gaussian.js';

/** Fills a new parameter. `shape` is [in, out] for weights. */
export type Initializer = (shape: readonly number[], random: () => number) => Float32Array;

export const zeros = (shape: readonly number[]): Float32Array =>
  new Float32Array(shape.reduce((a, b) => a * b, 1));

function drawn(shape: readonly number[], draw: () => number): Float32Array {
  const values = zeros(shape);
  for (let i = 0; i < values.length; i++) values[i] = draw();
  return values;
}

export const constant =
  (value: number): Initializer =>
  (shape) =>
    zeros(shape).fill(value);

export const uniform =
  (limit: number): Initializer =>
  (shape, random) =>
    drawn(shape, () => (2 * random() - 1) * limit);

export const normal =
  (deviation: number): Initializer =>
  (shape, random) =>
    drawn(shape, () => gaussian(random) * deviation);

/** Uniform with variance 2 / (in + out) (Glorot and Bengio 2010, equation 16). */
export const glorotUniform: Initializer = (shape, random) => {
  const [fanIn, fanOut] = [shape.at(-2) ?? 1, shape.at(-1) as number];
  return uniform(Math.sqrt(6 / (fanIn + fanOut)))(shape, random);
};
