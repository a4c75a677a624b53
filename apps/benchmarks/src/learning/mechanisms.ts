import type { TranslationConfig } from '@heed/translation';

type Network = TranslationConfig['network'];

/** A row of the table: a decoder, and what it attends with. */
export interface LearningMechanism {
  readonly name: string;
  readonly decoder: Network['decoder'];
  readonly attention: Pick<Network, 'score' | 'location' | 'heads' | 'window' | 'normalizer'>;
}

const luong = (name: string, attention: LearningMechanism['attention']): LearningMechanism => ({
  name,
  decoder: 'luong',
  attention,
});

/** The one without attention comes first: the others are measured against it. */
export const learningMechanisms: readonly LearningMechanism[] = [
  { name: 'fixed-vector', decoder: 'cho', attention: { score: 'dot' } },
  luong('additive', { score: 'additive' }),
  luong('general', { score: 'general' }),
  luong('multi-head', { score: 'multiHead', heads: 4 }),
  luong('location-aware', { score: 'location', location: { filters: 8, width: 5 } }),
  luong('coverage', { score: 'coverage' }),
  luong('monotonic', { score: 'additive', normalizer: 'monotonic' }),
  luong('sparsemax', { score: 'general', normalizer: 'sparsemax' }),
  luong('local-m', { score: 'general', window: { kind: 'local-m', reach: 4 } }),
  luong('local-p', { score: 'general', window: { kind: 'local-p', reach: 4 } }),
];
