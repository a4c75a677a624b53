import { gaussian } from './gaussian.js';

/** Fills a new parameter. `shape` is [in, out] for weights. */
export type Initializer = (shape: readonly number[], random: () => number) => Float32Array;

const sizeOf = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

export const zeros: Initializer = (shape) => new Float32Array(sizeOf(shape));

export const constant =
  (value: number): Initializer =>
  (shape) =>
    new Float32Array(sizeOf(shape)).fill(value);

export const uniform =
  (limit: number): Initializer =>
  (shape, random) =>
    Float32Array.from({ length: sizeOf(shape) }, () => (2 * random() - 1) * limit);

export const normal =
  (deviation: number): Initializer =>
  (shape, random) =>
    Float32Array.from({ length: sizeOf(shape) }, () => gaussian(random) * deviation);

/** Uniform with variance 2 / (in + out) (Glorot and Bengio 2010, equation 16). */
export const glorotUniform: Initializer = (shape, random) => {
  const [fanIn, fanOut] = [shape.at(-2) ?? 1, shape.at(-1) as number];
  return uniform(Math.sqrt(6 / (fanIn + fanOut)))(shape, random);
};
