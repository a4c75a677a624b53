import type { AttentionTrace } from './attention-trace.js';

/** What was decided, and how probable it and everything else was, the likeliest first. */
export function describeLabel({ name, probabilities }: NonNullable<AttentionTrace['label']>): string {
  const others = Object.entries(probabilities).filter(([other]) => other !== name);
  return [[name, probabilities[name]!] as const, ...others.sort(([, a], [, b]) => b - a)]
    .map(([label, probability]) => `${label} ${probability.toFixed(2)}`)
    .join(' · ');
}
