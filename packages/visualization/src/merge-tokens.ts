export interface TokenGroups {
  /** For each input word the indices of its tokens. Every input token belongs to exactly one word. */
  inputs: readonly (readonly number[])[];
  /** For each output word the indices of its tokens. Tokens that belong to no word are left out. */
  outputs: readonly (readonly number[])[];
}

/**
 * The attention between words, from that between the pieces they were cut into: what a word's pieces receive
 * is added up, what a word's pieces give is averaged, so that each row still sums to 1.
 *
 * @param weights [output tokens][input tokens]
 * @returns [output words][input words]
 * @throws RangeError if a group is empty or names a token that is not there, or if the input groups do not
 *   hold every input token once
 */
export function mergeTokens(weights: readonly (readonly number[])[], groups: TokenGroups): number[][] {
  const inputTokens = weights[0]?.length ?? 0;
  checkGroups('outputs', groups.outputs, weights.length);
  if (weights.length > 0) checkPartition(groups.inputs, inputTokens);
  return groups.outputs.map((outputs) =>
    groups.inputs.map((inputs) => {
      let sum = 0;
      for (const output of outputs) {
        for (const input of inputs) sum += weights[output]![input]!;
      }
      return sum / outputs.length;
    }),
  );
}

function checkGroups(side: keyof TokenGroups, groups: readonly (readonly number[])[], tokens: number): void {
  groups.forEach((group, word) => {
    if (group.length === 0) throw new RangeError(`${side}[${word}] is empty: a word has at least one token.`);
    for (const token of group) {
      if (!Number.isInteger(token) || token < 0 || token >= tokens) {
        throw new RangeError(`${side}[${word}] holds token ${token}, but there are ${tokens} tokens.`);
      }
    }
  });
}

function checkPartition(groups: readonly (readonly number[])[], tokens: number): void {
  checkGroups('inputs', groups, tokens);
  const all = groups.flat();
  const missing = Array.from({ length: tokens }, (_, token) => token).find((token) => !all.includes(token));
  if (missing !== undefined) {
    throw new RangeError(`Input token ${missing} belongs to no word: rows would no longer sum to 1.`);
  }
  if (all.length !== tokens) {
    throw new RangeError(`inputs hold ${all.length} tokens of ${tokens}: each may stand in one word only.`);
  }
}
