import { floatsFromHalves, halvesFromFloats } from './half-float.js';
import { jsonFault } from './json-fault.js';
import { describe, ModelFileError, quote } from './model-file-error.js';

/** Numbers as they are stored, in row-major order. F16 is stored in half the space and held as float32. */
export type StoredTensor =
  | { readonly dtype: 'F32' | 'F16'; readonly shape: readonly number[]; readonly values: Float32Array }
  | { readonly dtype: 'I32'; readonly shape: readonly number[]; readonly values: Int32Array };

export interface Safetensors {
  tensors: Map<string, StoredTensor>;
  metadata: Record<string, string>;
}

/**
 * Writes tensors in the safetensors format (https://github.com/huggingface/safetensors#format), byte for byte
 * as the format's own library does: wider types first, then by name, the header padded to 8 bytes.
 *
 * @throws Error naming the tensor, if a shape does not fit its values, a value is not finite, or an F16 value
 *   is too large for a half.
 */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, StoredTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const entries = [...tensors].sort(
    ([nameA, a], [nameB, b]) => RANK[a.dtype] - RANK[b.dtype] || (nameA < nameB ? -1 : 1),
  );
  const header: string[] = [];
  if (Object.keys(metadata).length > 0) header.push(`"${METADATA}":${JSON.stringify(metadata)}`);
  const parts: Uint8Array[] = [];
  let size = 0;
  for (const [name, tensor] of entries) {
    const part = bytesOf(name, tensor);
    const entry = { dtype: tensor.dtype, shape: tensor.shape, data_offsets: [size, size + part.length] };
    header.push(`${JSON.stringify(name)}:${JSON.stringify(entry)}`);
    parts.push(part);
    size += part.length;
  }
  const json = new TextEncoder().encode(`{${header.join(',')}}`);
  const headerSize = Math.ceil(json.length / 8) * 8;
  if (headerSize > MAXIMUM_HEADER_BYTES) {
    throw new Error(
      `The header of ${tensors.size} tensors takes ${headerSize} bytes; at most 100 MB can be read.`,
    );
  }

  const bytes = new Uint8Array(8 + headerSize + size);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerSize), true);
  bytes.fill(SPACE, 8 + json.length, 8 + headerSize);
  bytes.set(json, 8);
  let offset = 8 + headerSize;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

/**
 * Reads the safetensors format. Sizes, offsets, names and shapes, and that the tensors cover the file without a
 * hole or an overlap, are checked before anything is allocated for them; then that every value is finite. Values are
 * views of `bytes` where these are aligned, copies where not.
 *
 * @param name the file's name or location, for errors
 * @throws ModelFileError naming the file, the tensor and the value
 */
export function decodeSafetensors(bytes: Uint8Array, name: string): Safetensors {
  const { header, data } = splitFile(bytes, name);
  const { [METADATA]: metadata, ...entries } = header;
  const places = Object.entries(entries).map(([tensor, entry]) => placeOf(name, tensor, entry));
  checkCoverage(name, places, data.length);
  const tensors = new Map<string, StoredTensor>();
  for (const place of places) tensors.set(place.tensor, readTensor(name, place, data));
  return { tensors, metadata: readMetadata(name, metadata) };
}

type StoredType = StoredTensor['dtype'];

const METADATA = '__metadata__';
const SPACE = 0x20;
const INFINITE_HALF = 0x7c00;
const MAXIMUM_HEADER_BYTES = 100_000_000;
const ITEM_BYTES = new Map<string, number>([
  ['F32', 4],
  ['I32', 4],
  ['F16', 2],
] satisfies [StoredType, number][]);
const WIDEST_ITEM = 4;
const RANK: Readonly<Record<StoredType, number>> = { F32: 0, I32: 1, F16: 2 };
const DAMAGED = 'The file is damaged or not in the safetensors format: fetch or write it again.';

interface Place {
  tensor: string;
  dtype: StoredType;
  shape: number[];
  begin: number;
  end: number;
}

function bytesOf(name: string, { dtype, shape, values }: StoredTensor): Uint8Array {
  const tensor = `Tensor ${quote(name)}`;
  if (name === METADATA) throw new Error(`${tensor}: the format keeps this name for itself; use another.`);
  if (elementsOf(shape) !== values.length) {
    throw new Error(`${tensor}: shape [${shape}] does not hold ${values.length} values.`);
  }
  const at = firstNotFinite(values);
  if (at !== -1)
    throw new Error(`${tensor}: value ${at} is ${values[at]}; only finite values can be stored.`);
  if (dtype !== 'F16') return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const halves = halvesFromFloats(values);
  for (let i = 0; i < halves.length; i++) {
    if ((halves[i]! & 0x7fff) !== INFINITE_HALF) continue;
    throw new Error(`${tensor}: value ${i} is ${values[i]}, beyond F16 (65504); store it as F32.`);
  }
  return new Uint8Array(halves.buffer);
}

function splitFile(bytes: Uint8Array, name: string): { header: Record<string, unknown>; data: Uint8Array } {
  const fail = (problem: string) => new ModelFileError(name, `${problem}. ${DAMAGED}`);
  if (bytes.length < 8) throw fail(`it has ${bytes.length} bytes, fewer than the 8 of the header's size`);
  const size = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  if (size > MAXIMUM_HEADER_BYTES) throw fail(`its header claims ${size} bytes, over the format's 100 MB`);
  const end = 8 + Number(size);
  if (end > bytes.length) throw fail(`its header claims ${size} bytes, the file has ${bytes.length} in all`);

  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(8, end));
  } catch {
    throw fail('its header is not UTF-8');
  }
  const fault = text.startsWith('{') ? jsonFault(text) : `a start other than "{": ${quote(text.slice(0, 8))}`;
  if (fault !== undefined) throw fail(`its header has ${fault}`);
  return { header: JSON.parse(text), data: bytes.subarray(end) };
}

function placeOf(file: string, tensor: string, entry: unknown): Place {
  const fail = (problem: string) =>
    new ModelFileError(file, `tensor ${quote(tensor)}: ${problem}. ${DAMAGED}`);
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) {
    throw fail(`${describe(entry)} where { dtype, shape, data_offsets } is expected`);
  }
  const fields = new Map(Object.entries(entry));
  for (const field of fields.keys()) {
    if (!['dtype', 'shape', 'data_offsets'].includes(field)) throw fail(`an unknown field ${quote(field)}`);
  }
  const dtype: unknown = fields.get('dtype');
  const itemBytes = typeof dtype === 'string' ? ITEM_BYTES.get(dtype) : undefined;
  if (itemBytes === undefined) {
    const problem = `dtype is ${describe(dtype)}; F32, F16 or I32 can be read`;
    throw new ModelFileError(file, `tensor ${quote(tensor)}: ${problem}. Convert the file to one of them.`);
  }
  const shape: unknown = fields.get('shape');
  if (!isSizes(shape)) throw fail(`shape is ${describe(shape)}; a list of whole numbers from 0 is expected`);
  const offsets: unknown = fields.get('data_offsets');
  if (!isSizes(offsets) || offsets.length !== 2) {
    throw fail(`data_offsets is ${describe(offsets)}; two whole numbers from 0 are expected`);
  }
  const [begin, end] = offsets as [number, number];
  const size = elementsOf(shape) * itemBytes;
  if (!Number.isSafeInteger(size)) throw fail(`shape ${describe(shape)} has more values than any file holds`);
  if (begin > end || end - begin !== size) {
    throw fail(
      `shape ${describe(shape)} of ${dtype} takes ${size} bytes, data_offsets [${begin}, ${end}] give ${end - begin}`,
    );
  }
  return { tensor, dtype: dtype as StoredType, shape, begin, end };
}

function checkCoverage(file: string, places: readonly Place[], size: number): void {
  let covered = 0;
  for (const { tensor, begin, end } of [...places].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== covered) {
      const problem =
        begin < covered ? 'overlaps the tensor before it' : `leaves a hole after byte ${covered}`;
      throw new ModelFileError(
        file,
        `tensor ${quote(tensor)}: data_offsets [${begin}, ${end}] ${problem}. ${DAMAGED}`,
      );
    }
    if (end > size) {
      const problem = `data_offsets [${begin}, ${end}] reach beyond the ${size} bytes of data: the file is cut short`;
      throw new ModelFileError(file, `tensor ${quote(tensor)}: ${problem}. Fetch or write it again.`);
    }
    covered = end;
  }
  if (covered !== size) {
    throw new ModelFileError(file, `its tensors cover ${covered} of ${size} bytes of data. ${DAMAGED}`);
  }
}

function readTensor(
  file: string,
  { tensor, dtype, shape, begin, end }: Place,
  data: Uint8Array,
): StoredTensor {
  const start = data.byteOffset + begin;
  const isAligned = start % WIDEST_ITEM === 0;
  const buffer = isAligned ? data.buffer : data.buffer.slice(start, data.byteOffset + end);
  const place = [buffer, isAligned ? start : 0, elementsOf(shape)] as const;
  if (dtype === 'I32') return { dtype, shape, values: new Int32Array(...place) };
  const values = dtype === 'F16' ? floatsFromHalves(new Uint16Array(...place)) : new Float32Array(...place);
  const at = firstNotFinite(values);
  if (at !== -1) {
    const problem = `value ${at} is ${values[at]}; every value must be finite`;
    throw new ModelFileError(file, `tensor ${quote(tensor)}: ${problem}. Train or fetch the model again.`);
  }
  return { dtype, shape, values };
}

function readMetadata(file: string, metadata: unknown): Record<string, string> {
  if (metadata === undefined) return {};
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) {
    throw new ModelFileError(file, `${METADATA} is ${describe(metadata)}; an object is expected. ${DAMAGED}`);
  }
  for (const [key, value] of Object.entries(metadata)) {
    if (typeof value === 'string') continue;
    const problem = `${METADATA}: ${quote(key)} is ${describe(value)}; a string is expected`;
    throw new ModelFileError(file, `${problem}. ${DAMAGED}`);
  }
  return metadata as Record<string, string>;
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

/** NaN when the product is beyond what a number counts exactly. */
function elementsOf(shape: readonly number[]): number {
  return shape.reduce(
    (product, size) => (Number.isSafeInteger(product * size) ? product * size : Number.NaN),
    1,
  );
}

function firstNotFinite(values: Float32Array | Int32Array): number {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return i;
  return -1;
}
