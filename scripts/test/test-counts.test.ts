import { describe, expect, it } from 'vitest';
import { addCounts, countTests, formatCounts, unfinishedFiles, withoutFiles } from '../test-counts.mjs';

const file = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((test) => ({ status: test })),
});
const report = {
  numPassedTests: 5,
  numFailedTests: 1,
  numPendingTests: 2,
  numTodoTests: 1,
  testResults: [file('passed', 'passed'), file('failed', 'passed', 'failed')],
};

describe('countTests', () => {
  it('counts passed, failed and skipped', () => {
    expect(countTests(report, false)).toEqual({ passed: 5, failed: 1, skipped: 3 });
  });

  it('counts a file that fails outside its tests once', () => {
    const broken = {
      ...report,
      testResults: [...report.testResults, file('failed'), file('failed', 'passed')],
    };
    expect(countTests(broken, false).failed).toBe(3);
  });

  it('never takes a run that failed for one that passed', () => {
    expect(countTests({ ...report, numFailedTests: 0, testResults: [] }, false).failed).toBe(1);
    expect(countTests(undefined, false)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });
});

describe('a file whose process died', () => {
  const named = (name: string, ...tests: string[]) => ({
    ...file('passed', ...tests),
    name,
    assertionResults: tests.map((status, i) => ({ status, fullName: `test ${i + 1}` })),
  });
  const testResults = [
    named('a.test.ts', 'passed', 'skipped'),
    named('b.test.ts', 'passed', 'pending', 'pending'),
    named('c.test.ts', 'passed', 'failed', 'todo'),
  ];

  it('is told from others by the tests that did not end', () => {
    expect(unfinishedFiles({ testResults })).toEqual([{ file: 'b.test.ts', test: 'test 2' }]);
    expect(unfinishedFiles(undefined)).toEqual([]);
  });

  it('can be left out of the counts', () => {
    const rest = withoutFiles({ testResults }, ['b.test.ts']);
    expect(countTests(rest, true)).toEqual({ passed: 2, failed: 1, skipped: 2 });
  });
});

describe('formatCounts', () => {
  it('names skipped tests only where there are some', () => {
    const counts = { passed: 3, failed: 0, skipped: 0 };
    expect(formatCounts(counts)).toBe('3 passed, 0 failed');
    expect(formatCounts(addCounts(counts, { passed: 1, failed: 2, skipped: 4 }))).toBe(
      '4 passed, 2 failed, 4 skipped',
    );
  });
});
