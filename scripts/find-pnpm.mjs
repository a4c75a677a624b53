import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
export const onWindows = process.platform === 'win32';

/** @param {string} tool */
export const onPath = (tool) =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .some((place) => existsSync(join(place, tool)) || (onWindows && existsSync(join(place, `${tool}.exe`))));

/** The command that runs the pnpm that package.json names: one on the PATH of the same major version, or npx's. */
export function findPnpm() {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const major = packageManager.split('@')[1].split('.')[0];
  if (onPath('pnpm')) {
    const { stdout } = spawnSync('pnpm', ['--version'], {
      cwd: root,
      encoding: 'utf8',
      shell: onWindows,
      timeout: 60_000,
    });
    if (stdout?.trim().split('.')[0] === major) return ['pnpm'];
  }
  return ['npx', '-y', packageManager];
}
