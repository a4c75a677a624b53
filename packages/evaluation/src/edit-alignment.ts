export interface AlignmentChunk {
  type: 'equal' | 'substitute' | 'insert' | 'delete';
  /** First symbol of the reference, and the one after the last; the same if none. */
  referenceStart: number;
  referenceEnd: number;
  /** First symbol of the hypothesis, and the one after the last; the same if none. */
  hypothesisStart: number;
  hypothesisEnd: number;
}

/**
 * What turns the reference into the hypothesis with the fewest substitutions, insertions and deletions
 * (Levenshtein 1966), in order, neighbours of a kind joined.
 *
 * Of several such alignments it is jiwer's (rapidfuzz's, Hyyrö 2004): going from the end to the start, a deletion
 * before an insertion before a substitution or match, after equal symbols at both ends were paired. rapidfuzz takes
 * another of them when both sides have some thousand symbols and it saves memory.
 */
export function alignSymbols(hypothesis: readonly string[], reference: readonly string[]): AlignmentChunk[] {
  const shorter = Math.min(hypothesis.length, reference.length);
  let start = 0;
  while (start < shorter && hypothesis[start] === reference[start]) start++;
  let end = 0;
  while (end < shorter - start && hypothesis.at(-1 - end) === reference.at(-1 - end)) end++;

  const steps: AlignmentChunk['type'][] = [
    ...Array.from({ length: start }, () => 'equal' as const),
    ...traceBack(
      hypothesis.slice(start, hypothesis.length - end),
      reference.slice(start, reference.length - end),
    ),
    ...Array.from({ length: end }, () => 'equal' as const),
  ];
  return joinSteps(steps);
}

function traceBack(hypothesis: readonly string[], reference: readonly string[]): AlignmentChunk['type'][] {
  const rows = distances(hypothesis, reference);
  const steps: AlignmentChunk['type'][] = [];
  let i = reference.length;
  let j = hypothesis.length;
  while (i > 0 && j > 0) {
    if (rows[j]![i]! === rows[j]![i - 1]! + 1) {
      steps.push('delete');
      i--;
    } else if (rows[j - 1]![i]! === rows[j - 1]![i - 1]! - 1) {
      steps.push('insert');
      j--;
    } else {
      i--;
      j--;
      steps.push(reference[i] === hypothesis[j] ? 'equal' : 'substitute');
    }
  }
  while (i-- > 0) steps.push('delete');
  while (j-- > 0) steps.push('insert');
  return steps.reverse();
}

/** [hypothesis + 1][reference + 1]: fewest edits between the beginnings of these lengths. */
function distances(hypothesis: readonly string[], reference: readonly string[]): Uint32Array[] {
  const rows = [Uint32Array.from({ length: reference.length + 1 }, (_, i) => i)];
  hypothesis.forEach((symbol, j) => {
    const above = rows[j]!;
    const row = new Uint32Array(reference.length + 1);
    row[0] = j + 1;
    reference.forEach((other, i) => {
      row[i + 1] = Math.min(above[i]! + (symbol === other ? 0 : 1), above[i + 1]! + 1, row[i]! + 1);
    });
    rows.push(row);
  });
  return rows;
}

function joinSteps(steps: readonly AlignmentChunk['type'][]): AlignmentChunk[] {
  const chunks: AlignmentChunk[] = [];
  let reference = 0;
  let hypothesis = 0;
  for (const type of steps) {
    let chunk = chunks.at(-1);
    if (chunk?.type !== type) {
      chunk = {
        type,
        referenceStart: reference,
        referenceEnd: reference,
        hypothesisStart: hypothesis,
        hypothesisEnd: hypothesis,
      };
      chunks.push(chunk);
    }
    if (type !== 'insert') chunk.referenceEnd = ++reference;
    if (type !== 'delete') chunk.hypothesisEnd = ++hypothesis;
  }
  return chunks;
}
