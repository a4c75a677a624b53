/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/**
 * Counts the tests in a report of vitest's JSON reporter. A file that fails outside its tests counts as one failure,
 * and so does a run that ended badly without saying where.
 * @param {object | undefined} report
 * @param {boolean} ranWell whether vitest's exit code was 0
 * @returns {Counts}
 */
export function countTests(report, ranWell) {
  if (!report) return { passed: 0, failed: 1, skipped: 0 };
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((assertion) => assertion.status === 'failed'),
  );
  const failed = report.numFailedTests + brokenFiles.length;
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && !ranWell ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/**
 * The files of a report whose process died under them, each with the test that it was at.
 * @param {object | undefined} report
 * @returns {{ file: string, test: string }[]}
 */
export function unfinishedFiles(report) {
  return (report?.testResults ?? []).flatMap(({ name, assertionResults }) => {
    const next = assertionResults.find(({ status }) => status === 'pending');
    return next ? [{ file: name, test: next.fullName }] : [];
  });
}

/**
 * The report without some files' tests.
 * @param {object} report
 * @param {readonly string[]} files
 */
export function withoutFiles(report, files) {
  const left = report.testResults.filter(({ name }) => !files.includes(name));
  const outcomes = left.flatMap(({ assertionResults }) => assertionResults.map(({ status }) => status));
  const count = (status) => outcomes.filter((outcome) => outcome === status).length;
  return {
    numPassedTests: count('passed'),
    numFailedTests: count('failed'),
    numPendingTests: count('skipped'),
    numTodoTests: count('todo'),
    testResults: left,
  };
}

/**
 * @param {Counts} a
 * @param {Counts} b
 * @returns {Counts}
 */
export function addCounts(a, b) {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

/** @param {Counts} counts */
export function formatCounts({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
