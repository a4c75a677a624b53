import { join } from 'node:path';
import { runCommand } from './run-command.js';

/** A command and the arguments that always come first, such as `python3 -m pip`. */
export type Command = readonly [string, ...string[]];

export interface Tool {
  readonly command: Command;
  /** The first line that the tool prints about its version. */
  readonly version: string;
}

export interface Toolchain {
  readonly python?: Tool;
  readonly pip?: Tool;
  readonly compiler?: Tool;
}

async function probe(command: Command): Promise<Tool | undefined> {
  const [file, ...args] = command;
  const { code, output } = await runCommand(file, [...args, '--version'], { timeoutMs: 30_000 });
  return code === 0 ? { command, version: output.split('\n')[0] ?? '' } : undefined;
}

async function firstOf(commands: readonly Command[]): Promise<Tool | undefined> {
  for (const command of commands) {
    const tool = await probe(command);
    if (tool) return tool;
  }
  return undefined;
}

/** Looks for Python, pip and a C++ compiler on the PATH. `$CXX` goes before the usual compilers. */
export async function findToolchain(env: NodeJS.ProcessEnv = process.env): Promise<Toolchain> {
  const compilers: Command[] = [['g++'], ['c++'], ['clang++']];
  const [first, ...rest] = (env.CXX ?? '').split(' ').filter(Boolean);
  if (first) compilers.unshift([first, ...rest]);
  const [python, pip, compiler] = await Promise.all([
    firstOf([['python3'], ['python']]),
    firstOf([['python3', '-m', 'pip'], ['pip3'], ['python', '-m', 'pip']]),
    firstOf(compilers),
  ]);
  return { ...(python && { python }), ...(pip && { pip }), ...(compiler && { compiler }) };
}

/**
 * A pip of our own, for a Python that came without one: in a virtual environment inside `folder`.
 *
 * @returns undefined where Python cannot make one (Debian keeps the means in python3-venv)
 */
export async function makePip(python: Tool, folder: string): Promise<Tool | undefined> {
  const [file, ...args] = python.command;
  const { code } = await runCommand(file, [...args, '-m', 'venv', folder], { timeoutMs: 120_000 });
  if (code !== 0) return undefined;
  const inside = process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python3'];
  return probe([join(folder, ...inside), '-m', 'pip']);
}
