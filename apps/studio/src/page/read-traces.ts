import { type AttentionTrace, parseTrace } from '@heed/visualization';

const LARGEST = 50 * 2 ** 20;
/** Each is drawn. */
const MOST_TRACES = 50;

/** @throws Error naming the file if it is not what `heed predict --trace` writes */
export async function readTraces(file: File): Promise<AttentionTrace[]> {
  if (file.size > LARGEST)
    throw new Error(`${file.name} has ${file.size} bytes; at most ${LARGEST} are read`);
  const json = parseJson(await file.text(), file.name);
  const found = Array.isArray(json) ? json : [json];
  if (found.length === 0) throw new Error(`${file.name} holds no trace`);
  if (found.length > MOST_TRACES) {
    throw new Error(`${file.name} holds ${found.length} traces; at most ${MOST_TRACES} are shown`);
  }
  return found.map((trace, i) =>
    parseTrace(trace, found.length === 1 ? file.name : `${file.name}, trace ${i + 1},`),
  );
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${name} is not JSON: a trace is what \`heed predict --trace\` writes`);
  }
}
