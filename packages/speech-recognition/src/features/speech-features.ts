import type { FeaturesConfig } from '../config.js';
import type { Recording } from '../recording.js';
import { deltas } from './deltas.js';
import { besides, type FeatureMatrix } from './feature-matrix.js';
import { logEnergy, logMel } from './log-mel.js';
import { melCepstrum } from './mel-cepstrum.js';

/** How many features there are beside each other before their deltas. */
export const staticWidth = (config: FeaturesConfig): number =>
  (config.kind === 'mfcc' ? config.coefficients : config.filters) + (config.energy ? 1 : 0);

/** How many values a frame has. */
export const featureWidth = (config: FeaturesConfig): number => staticWidth(config) * (1 + config.deltas);

/**
 * The features of a recording, not yet normalised: filters or coefficients, energy, and then of all of these the deltas
 * and the deltas of the deltas.
 *
 * @throws if the recording is shorter than 25 ms, or holds what is not a number
 */
export function speechFeatures(recording: Recording, config: FeaturesConfig): FeatureMatrix {
  const filters = logMel(recording, config.filters);
  const shape = config.kind === 'mfcc' ? melCepstrum(filters, config.coefficients) : filters;
  const still = config.energy ? besides([shape, logEnergy(recording)]) : shape;
  const orders = [still];
  for (let order = 0; order < config.deltas; order++) orders.push(deltas(orders.at(-1) as FeatureMatrix));
  return orders.length === 1 ? still : besides(orders);
}
