import { Module, type StoredTensor } from '@heed/attention-core';

const childName = (i: number) => `network_${i}`;

/** Several networks, each trained by itself, that answer together; see `ensembleStep`. */
export class Ensemble<Network extends Module> extends Module {
  /** @param members of the same vocabulary; they all attend, or none does */
  constructor(readonly members: readonly [Network, ...Network[]]) {
    super(() => 0.5);
    for (const [i, member] of members.entries()) this.child(childName(i), member);
  }
}

/** The weights of an ensemble of networks with these weights. */
export function ensembleWeights(
  networks: readonly ReadonlyMap<string, StoredTensor>[],
): Map<string, StoredTensor> {
  const named = networks.flatMap((weights, i) =>
    [...weights].map(([name, tensor]) => [`${childName(i)}.${name}`, tensor] as const),
  );
  return new Map(named);
}

/** How many networks these are the weights of. */
export function networksIn(weights: ReadonlyMap<string, StoredTensor>): number {
  let count = 0;
  while ([...weights.keys()].some((name) => name.startsWith(`${childName(count)}.`))) count++;
  return Math.max(1, count);
}

/** The weights of a network, or of an ensemble's first. */
export function weightsOfFirst(
  weights: ReadonlyMap<string, StoredTensor>,
): ReadonlyMap<string, StoredTensor> {
  if (networksIn(weights) === 1) return weights;
  const start = `${childName(0)}.`;
  const first = [...weights].filter(([name]) => name.startsWith(start));
  return new Map(first.map(([name, tensor]) => [name.slice(start.length), tensor]));
}

/** A network alone, so that its weights keep their names, or an ensemble of several. */
export function together<Network extends Module>(
  networks: readonly [Network, ...Network[]],
): Network | Ensemble<Network> {
  return networks.length === 1 ? networks[0] : new Ensemble(networks);
}

/** The networks of a model: its own, if it is no ensemble. */
export function networksOf<Network extends Module>(
  model: Network | Ensemble<Network>,
): readonly [Network, ...Network[]] {
  return model instanceof Ensemble ? model.members : [model];
}
