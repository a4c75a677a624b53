import type { Vocabulary } from '@heed/text';
import { AbsModel } from './abs-model.js';
import type { SummarizationConfig } from './config.js';
import type { SummarizationModel } from './model.js';
import { RecurrentModel } from './recurrent-model.js';

/** The network that a configuration describes, with random weights. */
export function createSummarizationModel(
  { network, input }: Pick<SummarizationConfig, 'network' | 'input'>,
  vocabulary: Vocabulary,
  random: () => number,
): SummarizationModel {
  return network.kind === 'abs'
    ? new AbsModel(network, vocabulary, random)
    : new RecurrentModel(network, vocabulary, input.maximumLength, random);
}
