import { openModelSource, readJson } from '@heed/attention-core';

interface TrainingFacts {
  readonly seed?: unknown;
  /** Of an ensemble, each network's. */
  readonly networks?: readonly TrainingFacts[];
}

const seedList = new Intl.ListFormat('en');

/** A model's name and the seeds that it was trained with, for captions: `translation-fr-en (seeds 1 and 2)`. */
export async function describeModel(location: string, name: string): Promise<string> {
  const source = await openModelSource(location);
  if (!(await source.has('training.json'))) return name;
  const facts = ((await readJson(source, 'training.json')) ?? {}) as TrainingFacts;
  const networks = Array.isArray(facts.networks) ? (facts.networks as TrainingFacts[]) : [facts];
  const seeds = networks.flatMap(({ seed }) => (typeof seed === 'number' ? [seed] : []));
  if (seeds.length === 0) return name;
  return `${name} (${seeds.length === 1 ? 'seed' : 'seeds'} ${seedList.format(seeds.map(String))})`;
}
