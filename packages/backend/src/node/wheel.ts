import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, stat, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import yauzl from 'yauzl';
import { lastLines, runCommand } from './run-command.js';
import type { Command } from './toolchain.js';

/** The version of TensorFlow whose library is staged. */
export const TENSORFLOW_VERSION = '2.19.1';

/** A Python wheel that carries libtensorflow, and what must be true of it. */
export interface Wheel {
  readonly project: string;
  readonly platforms: readonly string[];
  readonly sha256: string;
  readonly bytes: number;
}

const wheels: Readonly<Record<string, Wheel>> = {
  'linux-x64': {
    project: 'tensorflow-cpu',
    platforms: ['manylinux2014_x86_64', 'manylinux_2_17_x86_64'],
    sha256: '2cb4b20fa86b04c166db1616fd466d09ec850cc3b47607cf12225469e750c476',
    bytes: 251_917_833,
  },
  'linux-arm64': {
    project: 'tensorflow',
    platforms: ['manylinux2014_aarch64', 'manylinux_2_17_aarch64'],
    sha256: '4c0e78b6100545fd90934c557f1ce802e6a9a7fdb031025efc298efb4aa2e3bb',
    bytes: 252_718_124,
  },
};

/** The wheel for a platform and architecture as Node names them; undefined where there is none. */
export function wheelFor(platform: string, arch: string): Wheel | undefined {
  return wheels[`${platform}-${arch}`];
}

/**
 * Where a member of the wheel goes below the staging folder, or undefined where it is not needed: the two libraries,
 * those that auditwheel bundled with them, and the headers of the C API.
 *
 * @throws if a member that would be needed climbs out of the folder
 */
export function destinationOf(member: string): string | undefined {
  const place =
    /^tensorflow\/(?<library>libtensorflow_(?:cc|framework)\.so\.2)$/.exec(member)?.groups?.library ??
    /^(?:tensorflow\.libs\/.+\.so[.\d]*)$/.exec(member)?.[0] ??
    /^tensorflow\/(include\/(?:tensorflow\/(?:c|core\/platform|tsl\/platform)|tsl|xla\/tsl\/c)\/.+\.h)$/.exec(
      member,
    )?.[1];
  if (place === undefined) return undefined;
  if (place.includes('\\') || place.split('/').includes('..')) {
    throw new Error(`the wheel holds a member that leaves its folder: ${JSON.stringify(member)}`);
  }
  return place.startsWith('lib') ? `lib/${place}` : place;
}

/** The names under which tfjs-node and its linker ask for the two libraries. */
const links = {
  'libtensorflow.so': 'libtensorflow_cc.so.2',
  'libtensorflow.so.2': 'libtensorflow_cc.so.2',
  'libtensorflow.so.2.9.1': 'libtensorflow_cc.so.2',
  'libtensorflow_framework.so': 'libtensorflow_framework.so.2',
  'libtensorflow_framework.so.2.9.1': 'libtensorflow_framework.so.2',
};

/**
 * Unpacks what {@link destinationOf} names out of a wheel into `folder`, one member at a time, and adds the links.
 *
 * @throws if the file is no zip, is damaged, names a hostile path, or lacks a library or the C API's header
 */
export async function extractWheel(file: string, folder: string): Promise<void> {
  const zip = await yauzl.openPromise(file, { autoClose: false });
  const written = new Set<string>();
  try {
    for await (const entry of zip.eachEntry()) {
      const destination = destinationOf(entry.fileName);
      if (destination === undefined) continue;
      const path = join(folder, destination);
      await mkdir(dirname(path), { recursive: true });
      await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(path, { flags: 'wx' }));
      written.add(destination);
    }
  } finally {
    zip.close();
  }
  for (const needed of [
    'lib/libtensorflow_cc.so.2',
    'lib/libtensorflow_framework.so.2',
    'include/tensorflow/c/c_api.h',
  ]) {
    if (!written.has(needed)) throw new Error(`the wheel lacks ${needed.replace(/^lib\//, 'tensorflow/')}`);
  }
  for (const [name, target] of Object.entries(links)) await symlink(target, join(folder, 'lib', name));
}

/** @throws if the file's SHA-256 is not `expected` (64 hexadecimal digits) */
export async function verifySha256(file: string, expected: string): Promise<void> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  const actual = hash.digest('hex');
  if (actual !== expected) {
    throw new Error(`${file} is not the file it should be: its SHA-256 is ${actual}, expected ${expected}`);
  }
}

/** What the files of a folder that is being written hold; what vanishes while we look counts 0. */
async function bytesIn(folder: string): Promise<number> {
  let sum = 0;
  for (const name of await readdir(folder, { recursive: true }).catch(() => [])) {
    sum += (await stat(join(folder, name)).catch(() => ({ size: 0 }))).size;
  }
  return sum;
}

/**
 * Downloads a wheel with pip, so that the user's own index, proxy and certificates are used, and checks its digest.
 *
 * @param folder an empty folder; pip's temporary files go there too
 * @param onProgress is called with the part that has come, 0 to 1
 * @returns the wheel's path
 * @throws with pip's own last lines if it fails, or if the digest is wrong
 */
export async function downloadWheel(
  pip: Command,
  wheel: Wheel,
  folder: string,
  onProgress: (part: number) => void,
): Promise<string> {
  const [command, ...first] = pip;
  const args = [...first, 'download', '--no-deps', '--no-cache-dir', '--no-input', '--retries=2'];
  args.push('--only-binary=:all:', '--python-version=3.12', '--progress-bar=off');
  args.push(...wheel.platforms.map((platform) => `--platform=${platform}`));
  args.push(`--dest=${folder}`, `${wheel.project}==${TENSORFLOW_VERSION}`);
  const timer = setInterval(async () => onProgress(Math.min(1, (await bytesIn(folder)) / wheel.bytes)), 1000);
  const { code, output } = await runCommand(command, args, {
    env: { TMPDIR: folder, PIP_DISABLE_PIP_VERSION_CHECK: '1' },
  });
  clearInterval(timer);
  const name = (await readdir(folder)).find((entry) => entry.endsWith('.whl'));
  if (code !== 0 || name === undefined) {
    throw new Error(`pip could not download ${wheel.project}==${TENSORFLOW_VERSION}:\n${lastLines(output)}`);
  }
  const file = join(folder, name);
  await verifySha256(file, wheel.sha256);
  return file;
}
