import type { z } from 'zod';

/**
 * The record on a line of JSON Lines.
 *
 * @param place file and line, for messages
 * @param expected what to say of a line that holds something else
 * @throws if the line is not JSON, or not of the schema
 */
export function parseJsonLine<T>(schema: z.ZodType<T>, line: string, place: string, expected: string): T {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new Error(`${place}: not JSON (${(error as Error).message}).`);
  }
  const record = schema.safeParse(value);
  if (!record.success) throw new Error(`${place}: ${expected}`);
  return record.data;
}
