// Runs every check: lint, types, dead code, then the tests. Arguments go to vitest. The last line counts them all, each
// of the others as one test.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { addCounts, countTests, formatCounts, unfinishedFiles, withoutFiles } from './test-counts.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Runs a tool of node_modules and tells whether it was content. */
function runStage(title, [script, ...args]) {
  console.log(`\n--- ${title}`);
  const { status } = spawnSync(process.execPath, [join(root, 'node_modules', script), ...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { TF_CPP_MIN_LOG_LEVEL: '3', ...process.env },
  });
  if (status !== 0) console.log(`--- ${title}: FAILED`);
  return status === 0;
}

const checks = {
  lint: ['@biomejs/biome/bin/biome', 'check', '.'],
  types: ['typescript/bin/tsc', '--noEmit'],
  'types of the studio': ['typescript/bin/tsc', '--noEmit', '-p', 'apps/studio'],
  'dead code': ['knip/bin/knip.js'],
};
const failures = Object.keys(checks).filter((title) => !runStage(title, checks[title]));

/** Runs tests; the report is what vitest tells of them, unless it could not. */
function runTests(title, args) {
  const folder = mkdtempSync(join(tmpdir(), 'heed-test-'));
  const file = join(folder, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const passed = runStage(title, ['vitest/vitest.mjs', 'run', ...reporters, ...args]);
  try {
    return { passed, report: JSON.parse(readFileSync(file, 'utf8')) };
  } catch {
    return { passed, report: undefined };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

let { passed, report } = runTests('tests', process.argv.slice(2));
let counted = countTests(report, passed);
// A process that native code brought down says nothing about the tests that it did not reach: they get another one, once.
const unfinished = unfinishedFiles(report);
if (unfinished.length > 0) {
  for (const { file, test } of unfinished) console.log(`\nThe process of ${file} died at “${test}”.`);
  const files = unfinished.map(({ file }) => file);
  const rest = countTests(withoutFiles(report, files), true);
  const again = runTests('tests whose process died, again', files);
  passed = rest.failed === 0 && again.passed;
  counted = addCounts(rest, countTests(again.report, again.passed));
}

const checked = { passed: Object.keys(checks).length - failures.length, failed: failures.length, skipped: 0 };
const counts = addCounts(checked, counted);
if (!passed) failures.push('tests');
if (failures.length > 0) console.log(`\nfailed: ${failures.join(', ')}`);
console.log(formatCounts(counts));
process.exitCode = counts.failed > 0 ? 1 : 0;
