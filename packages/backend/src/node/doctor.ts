import { existsSync } from 'node:fs';
import { lstat, readdir, readFile, realpath } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { cacheFolder } from './cache-folder.js';
import { libraryFolder, type Problem, toolProblems } from './staging.js';
import { findTfjsNode, TFJS_NODE_INSTALL, TFJS_NODE_MISSING, type TfjsNode, tryAddon } from './tfjs-node.js';
import { findToolchain, type Tool } from './toolchain.js';
import { TENSORFLOW_VERSION, wheelFor } from './wheel.js';

export interface BackendReport {
  /** The backend that `useBackend()` would start. */
  readonly name: 'node' | 'wasm' | 'cpu';
  readonly why: string;
}

export interface DoctorReport {
  readonly node: { readonly version: string; readonly napi: string };
  readonly platform: { readonly name: string; readonly arch: string; readonly glibc?: string };
  readonly cpu: {
    readonly model: string;
    readonly count: number;
    /** Of the vector extensions that TensorFlow can use, those that this processor has. */
    readonly features: readonly string[];
    readonly memoryBytes: number;
  };
  readonly tools: { readonly python?: Tool; readonly pip?: Tool; readonly compiler?: Tool };
  readonly libtensorflow?: { readonly folder: string; readonly version: string };
  readonly addon:
    | { readonly installed: false }
    | {
        readonly installed: true;
        readonly loads: true;
        readonly package: string;
        readonly tensorflow: string;
      }
    | { readonly installed: true; readonly loads: false; readonly package: string; readonly reason: string };
  readonly backend: BackendReport;
  readonly cache: { readonly folder: string; readonly bytes: number };
  readonly problems: readonly Omit<Problem, 'what'>[];
}

const vectorExtensions = [
  'sse4_2',
  'avx',
  'avx2',
  'fma',
  'avx512f',
  'avx512_vnni',
  'amx_tile',
  'asimd',
  'sve',
];

/** Picks the vector extensions out of the text of /proc/cpuinfo. */
export function cpuFeatures(cpuinfo: string): string[] {
  const flags = new Set(/^(?:flags|Features)\s*:\s*(.*)$/m.exec(cpuinfo)?.[1]?.split(' ') ?? []);
  return vectorExtensions.filter((name) => flags.has(name));
}

async function folderBytes(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const sizes = await Promise.all(
    names.map(async (name) => {
      const found = await lstat(join(folder, name)).catch(() => undefined);
      return found?.isFile() ? found.size : 0;
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function examineAddon(tfjsNode: TfjsNode | undefined): Promise<DoctorReport['addon']> {
  if (!tfjsNode) return { installed: false };
  const result = await tryAddon(tfjsNode);
  return { installed: true, package: tfjsNode.version, ...result };
}

async function findLibtensorflow(
  tfjsNode: TfjsNode | undefined,
  addon: DoctorReport['addon'],
  cache: string,
): Promise<DoctorReport['libtensorflow']> {
  if (tfjsNode && addon.installed && addon.loads) {
    const inPackage = join(tfjsNode.folder, 'deps', 'lib');
    const library = await realpath(join(inPackage, 'libtensorflow_cc.so.2')).catch(() => undefined);
    return { folder: library ? dirname(library) : inPackage, version: addon.tensorflow };
  }
  const staged = libraryFolder(cache);
  return existsSync(staged) ? { folder: join(staged, 'lib'), version: TENSORFLOW_VERSION } : undefined;
}

function wasmIsInstalled(): boolean {
  try {
    createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json');
    return true;
  } catch {
    return false;
  }
}

function chooseBackend(addon: DoctorReport['addon'], asked: string | undefined): BackendReport {
  if (asked === 'node' || asked === 'wasm' || asked === 'cpu')
    return { name: asked, why: 'HEED_BACKEND says so' };
  if (addon.installed && addon.loads) return { name: 'node', why: 'the addon loads' };
  const why = addon.installed ? 'the addon of tfjs-node does not load' : 'tfjs-node is not installed';
  return { name: wasmIsInstalled() ? 'wasm' : 'cpu', why };
}

function findProblems(
  addon: DoctorReport['addon'],
  tools: DoctorReport['tools'],
  staged: boolean,
): DoctorReport['problems'] {
  if (addon.installed && addon.loads) return [];
  if (!addon.installed) {
    return [{ message: TFJS_NODE_MISSING, remedy: `${TFJS_NODE_INSTALL}, then \`heed setup\`` }];
  }
  if (!wheelFor(process.platform, process.arch)) {
    const message = `there is no TensorFlow library to stage for ${process.platform} ${process.arch}`;
    return [{ message, remedy: 'WebAssembly serves here; run the set-up to let tfjs-node’s own script try' }];
  }
  const problems = toolProblems(tools, { library: !staged, addon: true });
  if (problems.length > 0) return problems;
  return [{ message: `the addon of tfjs-node does not load: ${addon.reason}`, remedy: 'run `heed setup`' }];
}

/**
 * Looks at everything that decides how fast heed runs here. It changes nothing, and works without tfjs-node.
 *
 * @param cache the cache folder to look into
 */
export async function doctor(cache = cacheFolder()): Promise<DoctorReport> {
  const tfjsNode = findTfjsNode();
  const [addon, tools, cpuinfo, bytes] = await Promise.all([
    examineAddon(tfjsNode),
    findToolchain(),
    readFile('/proc/cpuinfo', 'utf8').catch(() => ''),
    folderBytes(cache),
  ]);
  const libtensorflow = await findLibtensorflow(tfjsNode, addon, cache);
  const { header } = process.report.getReport() as unknown as { header: { glibcVersionRuntime?: string } };
  const glibc = header.glibcVersionRuntime;
  return {
    node: { version: process.version, napi: process.versions.napi ?? '' },
    platform: { name: process.platform, arch: process.arch, ...(glibc && { glibc }) },
    cpu: {
      model: cpus()[0]?.model.trim() || 'unknown processor',
      count: availableParallelism(),
      features: cpuFeatures(cpuinfo),
      memoryBytes: totalmem(),
    },
    tools,
    ...(libtensorflow && { libtensorflow }),
    addon,
    backend: chooseBackend(addon, process.env.HEED_BACKEND),
    cache: { folder: cache, bytes },
    problems: findProblems(addon, tools, libtensorflow !== undefined),
  };
}

function describeAddon(addon: DoctorReport['addon']): string {
  if (!addon.installed) return 'tfjs-node is not installed';
  return addon.loads
    ? `tfjs-node ${addon.package} loads`
    : `tfjs-node ${addon.package} does not load: ${addon.reason}`;
}

/** The report as lines for a terminal, without a newline at the end. */
export function formatDoctor(report: DoctorReport): string {
  const { node, platform, cpu, tools, libtensorflow, addon, backend, cache, problems } = report;
  const features = cpu.features.length > 0 ? ` (${cpu.features.join(' ')})` : '';
  const gib = (cpu.memoryBytes / 2 ** 30).toFixed(1);
  const rows: [string, string][] = [
    ['Node', `${node.version}, N-API ${node.napi}`],
    ['platform', `${platform.name} ${platform.arch}${platform.glibc ? `, glibc ${platform.glibc}` : ''}`],
    ['processor', `${cpu.count} x ${cpu.model}${features}, ${gib} GiB of memory`],
    ['Python', tools.python?.version ?? 'not found'],
    ['pip', tools.pip?.version ?? 'not found'],
    ['compiler', tools.compiler?.version ?? 'not found'],
    ['TensorFlow', libtensorflow ? `${libtensorflow.version} in ${libtensorflow.folder}` : 'not staged'],
    ['addon', describeAddon(addon)],
    ['cache', `${cache.folder}, ${(cache.bytes / 1e6).toFixed(0)} MB`],
    ['backend', `${backend.name}, because ${backend.why}`],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`);
  if (problems.length === 0) return [...lines, '', 'Everything is in order.'].join('\n');
  for (const { message, remedy } of problems)
    lines.push('', `Problem: ${message}.`, `What to do: ${remedy}.`);
  return lines.join('\n');
}
