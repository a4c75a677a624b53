import { expect, test } from 'vitest';
import { heedOnCpu } from './heed.js';

test.concurrent.for([
  [['bench', 'nothing'], /no benchmark "nothing": expected one of training-step, .*start-up/],
  [['bench', '--rounds', '0'], /whole number from 1 on/],
  [['bench', 'learning', '--tasks', 'copy,fly'], /no task "fly": expected some of copy, .*needle/],
  [['bench', 'learning', '--mechanisms', 'magic'], /no mechanism "magic": expected some of fixed-vector, /],
  [['bench', 'learning', '--tasks', 'copy,'], /names with commas/],
] as const)('%s is refused before anything runs', { timeout: 300_000 }, async ([args, message]) => {
  const { code, stdout, stderr } = await heedOnCpu(args);
  expect(stderr).toEqual([expect.stringMatching(message)]);
  expect(stdout).toBe('');
  expect(code).toBe(2);
});
