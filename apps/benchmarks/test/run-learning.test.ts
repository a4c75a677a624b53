import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useBackend } from '@heed/backend';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyTask } from '../src/learning/copy-task.js';
import type { LearningCell } from '../src/learning/learning-cells.js';
import type { PlannedTask } from '../src/learning/learning-plan.js';
import { formatLearningTable } from '../src/learning/learning-table.js';
import { learningMechanismNames, learningTaskNames, runLearning } from '../src/learning/run-learning.js';

const folder = mkdtempSync(join(tmpdir(), 'heed-learning-test-'));
beforeAll(async () => void (await useBackend()));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const path = join(folder, 'cells.jsonl');
const planned: PlannedTask = {
  task: copyTask({ symbols: 5, lengths: [2, 4] }),
  budget: { steps: 1, batch: 4, learningRate: 1e-3, width: 8, heldOut: 2 },
};

/** Runs the plan, and tells which mechanisms were trained. */
async function run(
  mechanisms: string[],
  plan = planned,
): Promise<{ cells: LearningCell[]; trained: Set<string> }> {
  const trained = new Set<string>();
  const cells = await runLearning({
    plan: [plan],
    mechanisms,
    seed: 1,
    path,
    report() {},
    progress: (line) => trained.add(/, (.*): step/.exec(line)?.[1] ?? line),
  });
  return { cells, trained };
}

test('a run goes on where the last one ended, whatever the file ends in', async () => {
  const first = await run(['additive']);
  expect(first.trained).toEqual(new Set(['additive']));
  appendFileSync(path, '{"task": "copy", "mecha');
  const second = await run(['fixed-vector', 'additive', 'general']);
  expect(second.trained).toEqual(new Set(['fixed-vector', 'general']));
  expect(second.cells.map(({ mechanism }) => mechanism)).toEqual(['fixed-vector', 'additive', 'general']);
  expect(second.cells[1]).toEqual(first.cells[0]);
  expect((await run(['fixed-vector', 'general'])).trained).toEqual(new Set());
  expect(readFileSync(path, 'utf8').trim().split('\n')).toHaveLength(4);
});

test('another budget is another cell', async () => {
  const longer = { ...planned, budget: { ...planned.budget, steps: 2 } };
  expect((await run(['additive'], longer)).trained).toEqual(new Set(['additive']));
});

test('the plan has every task, and a fixed vector to compare with', () => {
  expect(learningTaskNames).toEqual(['copy', 'reverse', 'sort', 'dates', 'needle']);
  expect(learningMechanismNames[0]).toBe('fixed-vector');
});

test('the table has a row a mechanism, a column a task, and one more for longer sequences', () => {
  const cell = (task: string, mechanism: string, learnt: LearningCell['learnt']): LearningCell => ({
    ...{ task, mechanism, learnt, seed: 1, seconds: 1, work: `the work of ${task}` },
    budget: { steps: 100, batch: 8, learningRate: 1e-3, width: 16, heldOut: 10 },
  });
  const cells = [
    cell('copy', 'fixed-vector', { heldOut: 0.0625, longer: 0, loss: 1 }),
    cell('copy', 'additive', { heldOut: 1, longer: 0.98765, loss: 1 }),
    cell('dates', 'additive', { heldOut: 0.5, loss: 1 }),
  ];
  expect(formatLearningTable(cells).split('\n')).toEqual([
    '|  | copy | copy ×2 | dates |',
    '| --- | ---: | ---: | ---: |',
    '| fixed-vector | 6.3 | 0.0 |  |',
    '| additive | 100.0 | 98.8 | 50.0 |',
    '',
    expect.stringContaining('without any fault'),
    '',
    '- copy: the work of copy; 100 steps of 8, width 16',
    '- dates: the work of dates; 100 steps of 8, width 16',
  ]);
});
