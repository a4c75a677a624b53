import { appendFileSync, existsSync, readFileSync } from 'node:fs';

/** The values of a file of JSON lines; none if there is no file. A line that was cut off is passed over. */
export function readJsonLines(path: string): unknown[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return [JSON.parse(line)];
      } catch {
        return [];
      }
    });
}

/** Adds a value to a file of JSON lines, on a line of its own even if the one before it was cut off. */
export function appendJsonLine(path: string, value: unknown): void {
  const isCutOff = existsSync(path) && !/(^|\n)$/.test(readFileSync(path, 'utf8'));
  appendFileSync(path, `${isCutOff ? '\n' : ''}${JSON.stringify(value)}\n`);
}
