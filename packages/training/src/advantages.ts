/**
 * How much better each of several samples for one input is than the others: its reward less the mean of theirs, a baseline
 * that leaves REINFORCE without bias and asks for no greedy search (Kool et al. 2019, "Buy 4 REINFORCE samples, get a
 * baseline for free!"). Their sum is 0.
 *
 * @throws RangeError of a single sample, which has nothing to be compared with
 */
export function advantages(rewards: readonly number[]): number[] {
  const others = rewards.length - 1;
  if (others < 1) throw new RangeError(`advantages: ${rewards.length} rewards: expected at least two`);
  const sum = rewards.reduce((total, reward) => total + reward, 0);
  return rewards.map((reward) => reward - (sum - reward) / others);
}
