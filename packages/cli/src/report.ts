/** A line of progress or advice: never on standard output, which is for answers. */
export function report(line: string): void {
  console.error(`heed: ${line}`);
}

const MILLISECONDS_PER_LINE = 10_000;

/**
 * A line that is written over and over in a terminal, and elsewhere anew every ten seconds.
 */
export function progressLine(): { update(text: string): void; end(): void } {
  const terminal = process.stderr.isTTY;
  let last = performance.now();
  return {
    update(text) {
      if (terminal) process.stderr.write(`\r\x1b[K${text}`);
      else if (performance.now() - last > MILLISECONDS_PER_LINE) {
        last = performance.now();
        console.error(text);
      }
    },
    end() {
      if (terminal) process.stderr.write('\r\x1b[K');
    },
  };
}
