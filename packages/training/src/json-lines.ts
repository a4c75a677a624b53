import type { z } from 'zod';
import { excerpt } from './excerpt.js';
import { isObject } from './first-difference.js';

/** Whether a file is JSON Lines and no table: by its ending, or else by its first character. */
export function isJsonLines(file: string, lines: readonly string[]): boolean {
  const ending = /\.(tsv|csv|jsonl|ndjson|json)(?:\.gz)?$/i.exec(file)?.[1]?.toLowerCase();
  if (ending === undefined) return lines.find((line) => line.trim() !== '')?.startsWith('{') ?? false;
  return ending !== 'tsv' && ending !== 'csv';
}

/**
 * The records of JSON Lines, one object a line; blank lines are passed over.
 *
 * @param expected what to say of a line that holds something else
 * @throws if a line is not JSON, or not of the schema (file and line are named)
 */
export function* parseJsonLines<T>(
  schema: z.ZodType<T>,
  file: string,
  lines: readonly string[],
  expected: string,
): Generator<{ readonly record: T; readonly place: string; readonly line: number }> {
  for (const [index, text] of lines.entries()) {
    if (text.trim() === '') continue;
    const place = `${file}, line ${index + 1}`;
    const value = parseLine(text, place);
    const parsed = schema.safeParse(value);
    if (!parsed.success) throw new Error(`${place}: ${misfit(parsed.error.issues, value) ?? expected}`);
    yield { record: parsed.data, place, line: index + 1 };
  }
}

function parseLine(text: string, place: string): unknown {
  if (text.trimStart().startsWith('['))
    throw new Error(`${place}: a JSON array. Expected one object a line.`);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${place}: not JSON (${(error as Error).message}). Expected one object a line.`);
  }
}

type Issue = z.core.$ZodIssue;

/** The issues with each of the forms that a record may have. */
const flat = (issues: readonly Issue[]): Issue[] =>
  issues.flatMap((issue) => (issue.code === 'invalid_union' ? issue.errors.flatMap(flat) : [issue]));

/** What to say of a field that is there with a value of another type. */
function misfit(issues: readonly Issue[], record: unknown): string | undefined {
  for (const issue of flat(issues)) {
    if (issue.code !== 'invalid_type' || issue.path.length === 0) continue;
    const value = issue.path.reduce(
      (part: unknown, name) => (isObject(part) ? part[String(name)] : undefined),
      record,
    );
    if (value === undefined) continue;
    return `"${issue.path.join('.')}" is ${excerpt(JSON.stringify(value))}. Expected a value of type ${issue.expected}.`;
  }
  return undefined;
}
