/** A hypothesis as it was when a step of the search looked at it. */
export interface BeamCandidate {
  /** Begin not among them; where it ends, the end token is the last. */
  readonly tokens: readonly number[];
  readonly logProbability: number;
}

/**
 * What a step of beam search made of the continuations that it had to choose from, each list best first. Of each beam
 * that grows those are its k + 1 most probable tokens, or the most probable one alone where `beamSize` is 1 and
 * there is no minimum length.
 */
export interface BeamStep {
  /** The sentence's place in the batch. */
  readonly sentence: number;
  /** From 1. */
  readonly step: number;
  /** What goes on growing. */
  readonly growing: readonly BeamCandidate[];
  /** What ended and is set aside. */
  readonly ended: readonly BeamCandidate[];
  /** What is given up. */
  readonly dropped: readonly BeamCandidate[];
}
