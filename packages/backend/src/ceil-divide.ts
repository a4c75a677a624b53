import { graphRuntime } from './graph-runtime.js';

/**
 * ⌈size / divisor⌉, where steps become fewer: inside `compile` the size may be open, and then the graph divides, so that
 * it serves sizes that are multiples and sizes that are not. What else is done must be the same for both.
 *
 * @param size of a tensor's axis: an open size, or what this function gave, or fixed
 */
export function ceilDivide(size: number, divisor: number): number {
  graphRuntime()?.divides(size, divisor);
  return Math.ceil(size / divisor);
}
