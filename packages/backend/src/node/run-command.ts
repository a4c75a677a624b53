import { spawn } from 'node:child_process';

export interface CommandResult {
  /** The exit code; -1 when the command could not be started, was killed, or ran out of time. */
  readonly code: number;
  /** Standard output and standard error, in the order they came. */
  readonly output: string;
}

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
}

/** Runs a command without a shell and without input; it resolves, whatever the command does. */
export function runCommand(
  command: string,
  args: readonly string[],
  { cwd, env, timeoutMs }: CommandOptions = {},
): Promise<CommandResult> {
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
    });
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
    child.on('error', (error) => resolve({ code: -1, output: error.message }));
    child.on('exit', (code) => {
      // A grandchild may keep the pipes open for ever; what the command itself wrote has been read a moment later.
      setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
      }, 200).unref();
      child.once('close', () => resolve({ code: code ?? -1, output: output.trimEnd() }));
    });
  });
}

/** The last lines of a command's output, for an error message. */
export function lastLines(output: string, count = 5): string {
  return output.split('\n').slice(-count).join('\n');
}
