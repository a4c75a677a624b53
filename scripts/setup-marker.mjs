import { createHash } from 'node:crypto';

/**
 * What the last set-up did, kept in node_modules/.heed/setup.json.
 * @typedef {object} SetupMarker
 * @property {string} key which lockfile, platform and Node it was done for
 * @property {boolean} ok whether real TensorFlow loads
 * @property {string[]} files must exist for that to stay true
 * @property {string[]} missing what was missing otherwise
 * @property {string[]} how what to do about each
 * @property {string[]} absentTools commands that were not on the PATH
 */

/** The commands whose appearance is a reason to try again. */
export const tools = ['python3', 'python', 'pip3', 'g++', 'c++', 'clang++'];

/**
 * What a set-up is good for: one lockfile on one kind of machine and Node.
 * @param {string} lockfile its text
 * @param {{ platform: string, arch: string, abi: string | undefined }} machine
 */
export function setupKey(lockfile, { platform, arch, abi }) {
  const digest = createHash('sha256').update(lockfile).digest('hex').slice(0, 16);
  return `${digest}-${platform}-${arch}-abi${abi}`;
}

/**
 * Which part of the set-up has to run: none ('ready'), TensorFlow's staging ('stage'), or all of it ('install').
 * @param {SetupMarker | undefined} marker
 * @param {{ key: string, retry: boolean, exists: (file: string) => boolean, onPath: (tool: string) => boolean }} now
 * @returns {'ready' | 'stage' | 'install'}
 */
export function nextStep(marker, { key, retry, exists, onPath }) {
  if (marker?.key !== key) return 'install';
  if (marker.ok) return marker.files.every(exists) ? 'ready' : 'stage';
  return retry || marker.absentTools.some(onPath) ? 'stage' : 'ready';
}
