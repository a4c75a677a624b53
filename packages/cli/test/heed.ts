import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../bin/heed.js', import.meta.url));
/** What TensorFlow itself prints and cannot be told not to. */
const CHATTER = /^(WARNING: All log messages before absl|I0000 )/;
const FALLBACK = /^heed: real TensorFlow does not start here/;

export interface Run {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  /** Lines of standard error. */
  readonly stderr: readonly string[];
}

/** Runs the real command in a process of its own. */
export function heed(
  args: readonly string[],
  {
    input = '',
    env = {},
    closeOutput = false,
  }: { input?: string | Uint8Array; env?: Record<string, string>; closeOutput?: boolean } = {},
): Promise<Run> {
  const child = spawn(process.execPath, [BIN, ...args], { env: { ...process.env, ...env } });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  if (closeOutput) child.stdout.destroy();
  // A command that ends before it has read everything is what some tests are about.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (code, signal) => {
      const lines = stderr
        .split('\n')
        .filter((line) => line !== '' && !CHATTER.test(line) && !FALLBACK.test(line));
      resolve({ code, signal, stdout, stderr: lines });
    });
  });
}

/** The same without TensorFlow, which starts faster: for what ends before there is much to compute. */
export function heedOnCpu(args: readonly string[], input: string | Uint8Array = ''): Promise<Run> {
  return heed(args, { input, env: { HEED_BACKEND: 'cpu' } });
}
