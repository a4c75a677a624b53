import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { lastLines, runCommand } from './run-command.js';

/** What is told where tfjs-node is absent: npm leaves it out when its own install script fails. */
export const TFJS_NODE_MISSING = '@tensorflow/tfjs-node is not installed';
export const TFJS_NODE_INSTALL = 'npm install --ignore-scripts @tensorflow/tfjs-node';

/** An installed @tensorflow/tfjs-node package, with or without its addon. */
export interface TfjsNode {
  readonly folder: string;
  readonly version: string;
  /** The highest N-API version that both the package and this Node know. */
  readonly napiVersion: number;
  /** Where the package looks for its addon. */
  readonly addon: string;
}

interface PackageJson {
  readonly version: string;
  readonly binary: { readonly napi_versions: readonly number[] };
}

/** Finds the @tensorflow/tfjs-node that this package would import; undefined where it is not installed. */
export function findTfjsNode(): TfjsNode | undefined {
  let file: string;
  try {
    file = createRequire(import.meta.url).resolve('@tensorflow/tfjs-node/package.json');
  } catch {
    return undefined;
  }
  const { version, binary } = JSON.parse(readFileSync(file, 'utf8')) as PackageJson;
  const napiVersion = Math.max(
    ...binary.napi_versions.filter((napi) => napi <= Number(process.versions.napi)),
  );
  const folder = dirname(file);
  return {
    folder,
    version,
    napiVersion,
    addon: join(folder, 'lib', `napi-v${napiVersion}`, 'tfjs_binding.node'),
  };
}

export type LoadResult =
  | { readonly loads: true; readonly tensorflow: string }
  | { readonly loads: false; readonly reason: string };

// Node 23 took away util.isNullOrUndefined, which tfjs-node 4.22 calls.
const trial = `
  require('util').isNullOrUndefined ??= (value) => value == null;
  const tf = require(process.argv[1]);
  if (tf.tidy(() => tf.add(1, 2).dataSync()[0]) !== 3) throw new Error('1 + 2 is not 3');
  console.log('TensorFlow ' + tf.backend().binding.TF_Version);`;

/**
 * Whether the addon loads and adds two numbers, tried in a process of its own: a library for another processor kills
 * the process that loads it.
 */
export async function tryAddon(tfjsNode: TfjsNode): Promise<LoadResult> {
  if (!existsSync(tfjsNode.addon)) return { loads: false, reason: 'it is not built' };
  const { code, output } = await runCommand(process.execPath, ['-e', trial, tfjsNode.folder], {
    env: { TF_CPP_MIN_LOG_LEVEL: '3', NODE_OPTIONS: '' },
    timeoutMs: 120_000,
  });
  const tensorflow = /^TensorFlow (\S+)$/m.exec(output)?.[1];
  if (code === 0 && tensorflow) return { loads: true, tensorflow };
  const error = /^\s*(?:\w*Error: .+)$/m.exec(output)?.[0].trim();
  return { loads: false, reason: error ?? (lastLines(output, 1) || 'the process that loaded it was killed') };
}
