import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Answers, Requests, Verb } from './worker/protocol.js';

/** A program that answers requests, one at a time. */
export interface WorkerCommand {
  /** For messages. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

const STDERR_LINES = 20;

/** A worker in a process of its own, see `Requests`. */
export class WorkerProcess {
  private readonly child: ChildProcess;
  private readonly lines: AsyncIterator<string>;
  private readonly ended: Promise<string>;
  private stderr: string[] = [];

  constructor(private readonly program: WorkerCommand) {
    const { command, args, env } = program;
    this.child = spawn(command, args, { env: { ...process.env, ...env }, stdio: 'pipe' });
    this.lines = createInterface({ input: this.child.stdout! })[Symbol.asyncIterator]();
    createInterface({ input: this.child.stderr! }).on('line', (line) => {
      this.stderr = [...this.stderr, line].slice(-STDERR_LINES);
    });
    // A request to a worker that has just died is told by its missing answer.
    this.child.stdin!.on('error', () => {});
    this.ended = new Promise((resolve) => {
      this.child
        .on('error', (error) => resolve(error.message))
        .on('close', (code, signal) => resolve(signal ? `signal ${signal}` : `exit code ${code}`));
    });
  }

  /** @throws with the worker's own words if it answers by an error, and with its last ones if it ends instead */
  async ask<V extends Verb>(verb: V, request: Requests[V]): Promise<Answers[V]> {
    this.child.stdin!.write(`${JSON.stringify({ [verb]: request })}\n`);
    const { value: line, done } = await this.lines.next();
    if (done) {
      const reason = await this.ended;
      const words = this.stderr.filter((text) => text.trim() !== '').slice(-3);
      throw new Error(`${this.program.name} ended while asked to ${verb} (${reason}): ${words.join(' ')}`);
    }
    const answer = JSON.parse(line) as { [key in V]?: Answers[V] } & { error?: string };
    if (answer.error !== undefined) throw new Error(`${this.program.name}, ${verb}: ${answer.error}`);
    return answer[verb] as Answers[V];
  }

  /** Ends the worker, and waits until it has. */
  async close(): Promise<void> {
    this.child.stdin!.end();
    await this.ended;
  }
}
