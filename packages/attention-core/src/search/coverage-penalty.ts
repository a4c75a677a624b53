/** What a position counts as that nothing was attended to, so that a penalty stays finite. */
const leastCoverage = 1e-10;

/**
 * β Σ_i log min(Σ_j p_ij, 1) (Wu et al. 2016, section 7, equation 14), where p_ij is the attention of target word j,
 * the end token included, to source word i: 0 if every source word was attended to fully, else less.
 *
 * @param coverage [S] Σ_j p_ij
 * @param sourceLength the positions, from the first, that are not padding
 * @throws if there are more of them than the coverage has
 */
export function gnmtCoveragePenalty(coverage: ArrayLike<number>, sourceLength: number, beta: number): number {
  if (sourceLength > coverage.length) {
    throw new Error(`search: a source length is ${sourceLength}, but there are ${coverage.length} weights`);
  }
  let sum = 0;
  for (let i = 0; i < sourceLength; i++) sum += Math.log(Math.min(Math.max(coverage[i]!, leastCoverage), 1));
  return beta * sum;
}

/** [S] coverage with one step's attention weights more; a hypothesis that begins has none. */
export function addCoverage(coverage: Float32Array | undefined, weights: Float32Array): Float32Array {
  return coverage ? coverage.map((sum, i) => sum + weights[i]!) : weights;
}
