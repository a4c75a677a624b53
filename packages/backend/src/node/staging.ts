import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  chmod,
  copyFile,
  lstat,
  mkdir,
  readdir,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { hostname } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { cacheFolder } from './cache-folder.js';
import { QUIET_LOGGING_SOURCE } from './quiet-logging.js';
import { lastLines, runCommand } from './run-command.js';
import {
  findTfjsNode,
  type LoadResult,
  TFJS_NODE_INSTALL,
  TFJS_NODE_MISSING,
  type TfjsNode,
  tryAddon,
} from './tfjs-node.js';
import { findToolchain, makePip, type Tool, type Toolchain } from './toolchain.js';
import { downloadWheel, extractWheel, TENSORFLOW_VERSION, type Wheel, wheelFor } from './wheel.js';

/** Something that keeps real TensorFlow from running, and what to do about it. */
export interface Problem {
  readonly what: 'tfjs-node' | 'platform' | 'python' | 'compiler' | 'download' | 'build' | 'load' | 'files';
  readonly message: string;
  readonly remedy: string;
}

export type StagingResult =
  | {
      readonly ok: true;
      /** The version that the library itself reports. */
      readonly tensorflow: string;
      /** What must stay in place for it to load again. */
      readonly files: readonly string[];
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export interface StagingOptions {
  /** Receives one line of progress at a time. */
  readonly report?: (line: string) => void;
  /** Where the libraries are kept; by default {@link cacheFolder}. */
  readonly cache?: string;
}

const machine = `${process.platform}-${process.arch}`;

/** Where the cache keeps this machine's libtensorflow once it is staged. */
export function libraryFolder(cache: string): string {
  return join(cache, `libtensorflow-${TENSORFLOW_VERSION}-${machine}`);
}

/** What stands in the way of staging with these tools; empty where nothing does. */
export function toolProblems(tools: Toolchain, needs: { library: boolean; addon: boolean }): Problem[] {
  const problems: Problem[] = [];
  if (needs.library && !tools.pip && !tools.python) {
    problems.push({
      what: 'python',
      message: 'there is no Python 3 with pip, which downloads the TensorFlow library',
      remedy: 'install them (Debian, Ubuntu: apt-get install python3-pip; Fedora: dnf install python3-pip)',
    });
  }
  if (needs.addon && !tools.compiler) {
    problems.push({
      what: 'compiler',
      message: 'there is no C++ compiler, which builds the addon that calls TensorFlow',
      remedy: 'install one (Debian, Ubuntu: apt-get install g++; Fedora: dnf install gcc-c++)',
    });
  }
  return problems;
}

/** The name of the folder that one set-up works in before it renames its work to its place. */
function partialName(): string {
  return `.partial-${hostname()}-${process.pid}-${randomBytes(4).toString('hex')}`;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Removes what killed set-ups left in the cache: of this machine at once, of others that share it after a day. */
export async function removeLeftovers(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    const [, host, pid] = /^\.partial-(.+)-(\d+)-[0-9a-f]+$/.exec(name) ?? [];
    if (host === undefined) continue;
    const path = join(cache, name);
    const age = Date.now() - ((await stat(path).catch(() => undefined))?.mtimeMs ?? Date.now());
    const dead = host === hostname() ? !isRunning(Number(pid)) : age > 24 * 3600 * 1000;
    if (dead) await rm(path, { recursive: true, force: true });
  }
}

/** Renames finished work to its place; where another set-up was faster, its work stays and ours goes. */
async function settle(work: string, place: string): Promise<void> {
  try {
    await rename(work, place);
  } catch (error) {
    if (!existsSync(place)) throw error;
    await rm(work, { recursive: true, force: true });
  }
}

async function stageLibrary(
  tools: Toolchain,
  wheel: Wheel,
  place: string,
  report: (line: string) => void,
): Promise<Problem[]> {
  const partial = join(dirname(place), partialName());
  try {
    await mkdir(join(partial, 'download'), { recursive: true });
    let { pip } = tools;
    if (!pip && tools.python) pip = await makePip(tools.python, join(partial, 'venv'));
    if (!pip) {
      const message = 'Python has no pip, which downloads the TensorFlow library, and cannot make one';
      const remedy =
        'install it (Debian, Ubuntu: apt-get install python3-pip; elsewhere: python3 -m ensurepip --user)';
      return [{ what: 'python', message, remedy }];
    }
    report(`downloading TensorFlow ${TENSORFLOW_VERSION} with pip, ${Math.round(wheel.bytes / 1e6)} MB`);
    let told = 0;
    const file = await downloadWheel(pip.command, wheel, join(partial, 'download'), (part) => {
      if (part < told + 0.2 || part > 0.99) return;
      told = part;
      report(`downloaded ${Math.round(part * 100)} %`);
    });
    report('unpacking its library, 750 MB');
    await extractWheel(file, join(partial, 'library'));
    await settle(join(partial, 'library'), place);
    return [];
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const remedy =
      'see that pip can reach a package index and the cache has 1.1 GB of room, then run the set-up again';
    return [{ what: 'download', message, remedy }];
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

/** Compiles tfjs-node's addon, which needs N-API's headers and TensorFlow's C API and nothing else of Node. */
async function buildAddon(
  compiler: Tool,
  tfjsNode: TfjsNode,
  library: string,
  place: string,
): Promise<Problem[]> {
  const [command, ...first] = compiler.command;
  const napiHeaders = dirname(createRequire(import.meta.url).resolve('node-api-headers/package.json'));
  const partial = join(dirname(place), partialName());
  await mkdir(partial, { recursive: true });
  const quiet = join(partial, 'quiet_logging.cc');
  await writeFile(quiet, QUIET_LOGGING_SOURCE);
  const args = [...first, '-shared', '-fPIC', '-O2', '-std=c++17'];
  args.push(`-DNAPI_VERSION=${tfjsNode.napiVersion}`, '-DNODE_GYP_MODULE_NAME=tfjs_binding');
  args.push('-I', join(napiHeaders, 'include'), '-I', join(library, 'include'));
  args.push(
    ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join(tfjsNode.folder, 'binding', name)),
    quiet,
  );
  args.push('-L', join(library, 'lib'), '-ltensorflow', '-ltensorflow_framework');
  args.push('-Wl,-rpath,$ORIGIN/../../deps/lib', '-o', join(partial, 'tfjs_binding.node'));
  const { code, output } = await runCommand(command, args);
  if (code === 0) {
    await settle(partial, place);
    return [];
  }
  await rm(partial, { recursive: true, force: true });
  const message = `${command} could not build tfjs-node's addon:\n${lastLines(output)}`;
  const remedy = 'try a newer compiler (GCC 9 or Clang 10 at least); the variable CXX names the one to use';
  return [{ what: 'build', message, remedy }];
}

/** Puts the staged library and addon into the package: `deps` links to the first, the second is copied. */
async function install(tfjsNode: TfjsNode, library: string, addonFolder: string): Promise<void> {
  const folder = tfjsNode.folder;
  const link = join(folder, partialName());
  await symlink(library, link);
  const deps = join(folder, 'deps');
  const old = await lstat(deps).catch(() => undefined);
  if (old?.isDirectory()) await rm(deps, { recursive: true });
  await rename(link, deps);
  await mkdir(dirname(tfjsNode.addon), { recursive: true });
  const copy = join(folder, partialName());
  await copyFile(join(addonFolder, 'tfjs_binding.node'), copy);
  await chmod(copy, 0o755);
  await rename(copy, tfjsNode.addon);
}

/** Lets tfjs-node's own script fetch what its vendor built, and tries the outcome. */
async function runOwnScript(tfjsNode: TfjsNode): Promise<LoadResult> {
  const { folder } = tfjsNode;
  const deps = join(folder, 'deps');
  if ((await lstat(deps).catch(() => undefined))?.isSymbolicLink()) await rm(deps);
  // The script rewrites package.json in place, which a package manager may share with other projects by a hard link.
  const own = join(folder, partialName());
  await copyFile(join(folder, 'package.json'), own);
  await rename(own, join(folder, 'package.json'));
  const path = [join(folder, 'node_modules', '.bin'), join(dirname(folder), '..', '.bin'), process.env.PATH];
  const { code, output } = await runCommand(process.execPath, [join('scripts', 'install.js')], {
    cwd: folder,
    env: { PATH: path.join(delimiter) },
    timeoutMs: 10 * 60_000,
  });
  if (code !== 0) return { loads: false, reason: lastLines(output, 3) || 'it took longer than ten minutes' };
  const result = await tryAddon(tfjsNode);
  if (!result.loads) await rm(tfjsNode.addon, { force: true });
  return result;
}

function usesGlibc(): boolean {
  const { header } = process.report.getReport() as unknown as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime !== undefined;
}

/** Brings library and addon into the package, from the cache or anew; empty where nothing stood in the way. */
async function stageFromWheel(
  tfjsNode: TfjsNode,
  wheel: Wheel,
  cache: string,
  report: (line: string) => void,
): Promise<Problem[]> {
  const { version, napiVersion } = tfjsNode;
  const library = libraryFolder(cache);
  const addon = join(cache, `tfjs-node-${version}-${TENSORFLOW_VERSION}-${machine}-napi-v${napiVersion}`);
  await mkdir(cache, { recursive: true });
  await removeLeftovers(cache);
  const tools = await findToolchain();
  const missing = toolProblems(tools, { library: !existsSync(library), addon: !existsSync(addon) });
  if (missing.length > 0) return missing;
  if (!existsSync(library)) {
    const problems = await stageLibrary(tools, wheel, library, report);
    if (problems.length > 0) return problems;
  }
  if (!existsSync(addon) && tools.compiler) {
    report('building the addon, about 20 seconds');
    const problems = await buildAddon(tools.compiler, tfjsNode, library, addon);
    if (problems.length > 0) return problems;
  }
  await install(tfjsNode, library, addon);
  const result = await tryAddon(tfjsNode);
  if (result.loads) return [];
  // An addon that does not load may take the whole process with it, and must not be found again.
  await rm(tfjsNode.addon, { force: true });
  await rm(addon, { recursive: true, force: true });
  const message = `the TensorFlow library does not load: ${result.reason}`;
  const remedy = `remove ${library} and run the set-up again; a processor without AVX cannot run it at all`;
  return [{ what: 'load', message, remedy }];
}

/**
 * Makes real TensorFlow load: uses the addon that is there, else stages libtensorflow out of its wheel and builds the
 * addon, keeping both in the user's cache, else lets the package's own script try. It never throws for what a machine
 * lacks: where nothing works the result says why and what to do, and WebAssembly serves.
 */
export async function stageTensorflow({
  report = () => {},
  cache = cacheFolder(),
}: StagingOptions = {}): Promise<StagingResult> {
  const tfjsNode = findTfjsNode();
  if (!tfjsNode) {
    const remedy = `${TFJS_NODE_INSTALL}, then run the set-up again`;
    return { ok: false, problems: [{ what: 'tfjs-node', message: TFJS_NODE_MISSING, remedy }] };
  }
  const library = process.platform === 'linux' ? ['lib', 'libtensorflow_framework.so.2'] : [];
  const files = [tfjsNode.addon, join(tfjsNode.folder, 'deps', ...library)];

  const present = await tryAddon(tfjsNode);
  if (present.loads) return { ok: true, tensorflow: present.tensorflow, files };

  const problems: Problem[] = [];
  try {
    const suits = process.platform !== 'linux' || usesGlibc();
    const wheel = suits ? wheelFor(process.platform, process.arch) : undefined;
    if (wheel) {
      problems.push(...(await stageFromWheel(tfjsNode, wheel, cache, report)));
      if (problems.length === 0) return { ok: true, tensorflow: TENSORFLOW_VERSION, files };
    }
    report('trying the install script of tfjs-node itself (half a minute where the network blocks it)');
    const own = await runOwnScript(tfjsNode);
    if (own.loads) return { ok: true, tensorflow: own.tensorflow, files };
    if (!wheel) {
      const message = `no TensorFlow library is made for ${machine} that heed can stage, and tfjs-node's own script failed: ${own.reason}`;
      const remedy = 'WebAssembly serves here; for more speed use Linux on x64 or arm64, with glibc';
      problems.push({ what: 'platform', message, remedy });
    }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const remedy = `see that ${cache} and ${tfjsNode.folder} can be written, then run the set-up again`;
    problems.push({ what: 'files', message, remedy });
  }
  return { ok: false, problems };
}
