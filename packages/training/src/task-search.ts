import {
  type BeamSearch,
  type BeamSearchInputs,
  createBeamSearch,
  createSampling,
  type Hypothesis,
  type Sampling,
  type SamplingInputs,
  type SearchInputs,
  type SearchOptions,
  type SearchStep,
} from '@heed/attention-core';
import type { SizeTree, TensorTree } from '@heed/backend';
import type { Vocabulary } from '@heed/text';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { DecodingConfig } from './schemas.js';

/** The sizes of a tree of row tensors: the first have names, the others are fixed. */
function rowSizes(tree: TensorTree, names: readonly string[]): SizeTree {
  if (tree === undefined) return [];
  if ('dataId' in tree) {
    const { shape } = tree as Tensor;
    return shape.map((size, axis) => names[axis] ?? size);
  }
  return Object.fromEntries(
    Object.entries(tree).map(([name, part]) => [name, rowSizes(part as TensorTree, names)]),
  );
}

/** Parts of a state that are as wide as what is read: what attention remembers, and CTC's prefix scores. */
const WIDE = new Set(['weights', 'coverage', 'endsInToken', 'endsInBlank']);

/** The sizes of a state, of whose parts some are as wide as what is read. */
function stateSizes(state: TensorTree, places: readonly string[], name = ''): SizeTree {
  if (state === undefined || 'dataId' in state) return rowSizes(state, WIDE.has(name) ? places : ['B']);
  if (Array.isArray(state)) return state.map((part: TensorTree) => stateSizes(part, places, name));
  return Object.fromEntries(
    Object.entries(state).map(([part, tree]) => [part, stateSizes(tree as TensorTree, places, part)]),
  );
}

export interface TaskSearchOptions extends DecodingConfig {
  readonly nBest: number;
}

/** The tokens that no answer has, whatever a model thinks of them. */
export const neverWritten = ({
  specials: { begin, padding, unknown },
}: Pick<Vocabulary, 'specials'>): number[] => [begin, padding, unknown];

/** The searches of a model: one for all batches that are searched with the same options, made when it is needed. */
export class TaskSearch<State extends TensorTree, Constants extends TensorTree> {
  private readonly searches = new Map<string, BeamSearch<State, Constants>>();
  private readonly samplings = new Map<number, Sampling<State, Constants>>();

  constructor(
    private readonly step: SearchStep<State, Constants>,
    private readonly vocabulary: Vocabulary,
    private readonly options: {
      /** The names of the axes of `constants` whose sizes differ from batch to batch: B, and others after it. */
      readonly open: readonly string[];
      /** In tokens. Default 0. */
      readonly minimumLength?: number;
      /** See `createBeamSearch`. Default: none are recombined. */
      readonly recombineNgram?: number;
    },
  ) {}

  /** The n-best hypotheses of each row; padding and unknown words are never generated. */
  async search(
    inputs: BeamSearchInputs<State, Constants>,
    { beamSize, lengthPenalty, nBest }: TaskSearchOptions,
  ): Promise<Hypothesis[][]> {
    const key = `${beamSize} ${lengthPenalty} ${nBest}`;
    const { recombineNgram } = this.options;
    const search =
      this.searches.get(key) ??
      createBeamSearch(this.step, {
        ...this.common(inputs),
        beamSize,
        nBest,
        lengthPenalty,
        ...(recombineNgram !== undefined && { recombineNgram }),
      });
    this.searches.set(key, search);
    return search.search(inputs);
  }

  /** As many draws of each row, equal ones perhaps among them; padding and unknown words are never generated. */
  async sample(inputs: SamplingInputs<State, Constants>, samples: number): Promise<Hypothesis[][]> {
    const sampling =
      this.samplings.get(samples) ?? createSampling(this.step, { ...this.common(inputs), samples });
    this.samplings.set(samples, sampling);
    return sampling.search(inputs);
  }

  private common({ state, constants }: SearchInputs<State, Constants>): SearchOptions {
    const { begin, end } = this.vocabulary.specials;
    const { open, minimumLength = 0 } = this.options;
    const sizes = { state: stateSizes(state, open), constants: rowSizes(constants, open) };
    return { begin, end, forbidden: neverWritten(this.vocabulary), minimumLength, sizes };
  }

  dispose(): void {
    for (const search of [...this.searches.values(), ...this.samplings.values()]) search.dispose();
    this.searches.clear();
    this.samplings.clear();
  }
}
