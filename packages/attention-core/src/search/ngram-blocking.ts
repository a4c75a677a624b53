/**
 * The tokens that would make the last n tokens of a hypothesis occur twice in it (Paulus et al. 2017, section 2.5:
 * "we force our decoder to never output the same trigram more than once").
 */
export function repeatingTokens(tokens: readonly number[], n: number): number[] {
  const last = tokens.length - (n - 1);
  const repeating: number[] = [];
  for (let start = 0; start < last; start++) {
    let same = 0;
    while (same < n - 1 && tokens[start + same] === tokens[last + same]) same++;
    if (same === n - 1) repeating.push(tokens[start + n - 1]!);
  }
  return repeating;
}
