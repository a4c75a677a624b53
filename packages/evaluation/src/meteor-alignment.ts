/// <reference path="./wink-porter2-stemmer.d.ts" />
import stem from 'wink-porter2-stemmer';

export interface MeteorMatch {
  /** Place of the word in the hypothesis. */
  hypothesis: number;
  /** Place of the word in the reference. */
  reference: number;
  kind: 'exact' | 'stem';
}

export interface MeteorAlignment {
  /** Each word at most once, in the reference's order. */
  matches: MeteorMatch[];
  /** Runs of matches that are adjacent and in the same order on both sides. */
  chunks: number;
}

const BEAM = 40;

interface Merit {
  exact: number;
  chunks: number;
  /** Place after the last match if it was of the word before, or undefined. */
  chunkEnd: number | undefined;
  distance: number;
}

interface Path extends Merit {
  matches: MeteorMatch[];
  used: ReadonlySet<number>;
}

/** A path by one word more. Most are given up at once, so only those that are kept become paths of their own. */
interface Extension extends Merit {
  path: Path;
  match?: MeteorMatch;
}

/**
 * The alignment that METEOR 1.5 scores (Denkowski and Lavie 2014): most exact matches, then fewest
 * chunks, then nearest places, found by its beam search of 40 along the reference. As in its program, stem matches
 * do not count as matches while it searches, and distances are those of the alternatives passed by.
 */
export function alignMeteor(hypothesis: readonly string[], reference: readonly string[]): MeteorAlignment {
  const candidates = findCandidates(hypothesis, reference);
  const matchesOf = new Map<number, number>();
  for (const { hypothesis: place } of candidates.flat()) {
    matchesOf.set(place, (matchesOf.get(place) ?? 0) + 1);
  }
  // A match with no alternative on either side is in every path.
  const certain = candidates.map(([match, ...others]) =>
    match !== undefined && others.length === 0 && matchesOf.get(match.hypothesis) === 1 ? match : undefined,
  );
  const used = new Set(certain.flatMap((match) => (match === undefined ? [] : [match.hypothesis])));

  let paths: Path[] = [{ matches: [], used, exact: 0, chunks: 0, chunkEnd: undefined, distance: 0 }];
  reference.forEach((_, place) => {
    const extended: Extension[] = [];
    for (const path of paths) {
      const match = certain[place];
      if (match !== undefined) {
        extended.push({ ...extend(path, match), distance: path.distance + distanceOf(match) });
        continue;
      }
      let { distance } = path;
      for (const candidate of candidates[place]!) {
        if (path.used.has(candidate.hypothesis)) continue;
        extended.push({ ...extend(path, candidate), distance });
        distance += distanceOf(candidate);
      }
      extended.push({ ...closeChunk(path), path, distance });
    }
    paths = extended.sort(compare).slice(0, BEAM).map(lengthen);
  });
  const [best] = paths.map(closeChunk).sort(compare);
  return { matches: best!.matches, chunks: best!.chunks };
}

/** For each word of the reference the words that it may match: the same word, or else one of the same stem. */
function findCandidates(hypothesis: readonly string[], reference: readonly string[]): MeteorMatch[][] {
  const identical =
    hypothesis.length === reference.length && hypothesis.every((word, i) => word === reference[i]);
  const stems = hypothesis.map(stem);
  return reference.map((word, place) => {
    const matching = (kind: MeteorMatch['kind'], test: (other: string, i: number) => boolean) =>
      hypothesis.flatMap((other, i) => (test(other, i) ? [{ hypothesis: i, reference: place, kind }] : []));
    const exact = matching('exact', (other) => other === word);
    if (identical) return exact;
    const wordStem = stem(word);
    return [...exact, ...matching('stem', (other, i) => other !== word && stems[i] === wordStem)];
  });
}

function extend(path: Path, match: MeteorMatch): Omit<Extension, 'distance'> {
  const breaks = path.chunkEnd !== undefined && path.chunkEnd !== match.hypothesis;
  return {
    path,
    match,
    exact: path.exact + (match.kind === 'exact' ? 1 : 0),
    chunks: path.chunks + (breaks ? 1 : 0),
    chunkEnd: match.hypothesis + 1,
  };
}

function lengthen({ path, match, exact, chunks, chunkEnd, distance }: Extension): Path {
  const merit = { exact, chunks, chunkEnd, distance };
  if (match === undefined) return { ...path, ...merit };
  return { matches: [...path.matches, match], used: new Set(path.used).add(match.hypothesis), ...merit };
}

function closeChunk<Closed extends Merit>(path: Closed): Closed {
  return { ...path, chunks: path.chunks + (path.chunkEnd === undefined ? 0 : 1), chunkEnd: undefined };
}

function distanceOf({ hypothesis, reference }: MeteorMatch): number {
  return Math.abs(hypothesis - reference);
}

function compare(a: Merit, b: Merit): number {
  return b.exact - a.exact || a.chunks - b.chunks || a.distance - b.distance;
}
