import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ModelFileError } from '../../src/persistence/model-file-error.js';
import {
  decodeSafetensors,
  encodeSafetensors,
  type StoredTensor,
} from '../../src/persistence/safetensors.js';
import { golden } from './golden.js';

const FILE = 'model.safetensors';
const fromBase64 = (text: string) => new Uint8Array(Buffer.from(text, 'base64'));

const goldenTensors = new Map(
  Object.entries(golden.tensors).map(([name, { dtype, shape, values }]) => {
    const { buffer } = fromBase64(values);
    const typed = dtype === 'I32' ? new Int32Array(buffer) : new Float32Array(buffer);
    return [name, { dtype, shape, values: typed } as StoredTensor];
  }),
);

function fileOf(header: string, data: readonly number[] = []): Uint8Array {
  const json = new TextEncoder().encode(header);
  const size = new Uint8Array(new BigUint64Array([BigInt(json.length)]).buffer);
  return new Uint8Array([...size, ...json, ...data]);
}

function errorOf(bytes: Uint8Array): string {
  try {
    decodeSafetensors(bytes, FILE);
  } catch (error) {
    expect(error).toBeInstanceOf(ModelFileError);
    expect((error as ModelFileError).file).toBe(FILE);
    return (error as ModelFileError).message;
  }
  return 'no error';
}

describe("against Python's safetensors", () => {
  it('reads what it writes', () => {
    const { tensors, metadata } = decodeSafetensors(fromBase64(golden.file), FILE);
    expect(metadata).toEqual({ format: 'heed' });
    expect(new Map([...tensors].sort())).toEqual(new Map([...goldenTensors].sort()));
  });

  it('writes what it writes, byte for byte', () => {
    expect(encodeSafetensors(goldenTensors, { format: 'heed' })).toEqual(fromBase64(golden.file));
  });

  it.each(Object.entries(golden.damaged))('refuses what it refuses: %s', (_, file) => {
    expect(errorOf(fromBase64(file))).toMatch(/^model\.safetensors: .+/);
  });
});

describe('a round trip', () => {
  const shape = fc.array(fc.nat({ max: 4 }), { maxLength: 4 });
  const tensor: fc.Arbitrary<StoredTensor> = shape.chain((sizes) => {
    const length = sizes.reduce((product, size) => product * size, 1);
    const exactly = { minLength: length, maxLength: length };
    const floats = fc.float32Array({ ...exactly, noNaN: true, noDefaultInfinity: true });
    const halves = fc.array(fc.integer({ min: -65504, max: 65504 }), exactly);
    return fc.oneof(
      floats.map((values) => ({ dtype: 'F32' as const, shape: sizes, values })),
      // Whole numbers up to 2048 are halves.
      halves.map((values) => ({
        dtype: 'F16' as const,
        shape: sizes,
        values: Float32Array.from(values, (value) => value % 2049),
      })),
      fc.int32Array(exactly).map((values) => ({ dtype: 'I32' as const, shape: sizes, values })),
    );
  });
  const name = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', '0', '', 'é"\\\n'));
  const text = fc.string();

  it('keeps names, types, shapes, values and metadata, from any place in memory', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(name, tensor), { selector: ([key]) => key, maxLength: 6 }),
        fc.dictionary(text, text, { noNullPrototype: true }),
        fc.nat({ max: 7 }),
        (entries, metadata, shift) => {
          const tensors = new Map(entries.filter(([key]) => key !== '__metadata__'));
          const bytes = encodeSafetensors(tensors, metadata);
          const shifted = Buffer.alloc(bytes.length + 16, 1);
          shifted.set(bytes, shift);
          const decoded = decodeSafetensors(shifted.subarray(shift, shift + bytes.length), FILE);
          expect(new Map(decoded.tensors)).toEqual(tensors);
          expect(decoded.metadata).toEqual(metadata);
          // The data starts at a multiple of 8 bytes.
          expect((8 + new DataView(bytes.buffer).getUint32(0, true)) % 8).toBe(0);
        },
      ),
    );
  });

  it('rounds to halves', () => {
    const values = new Float32Array([0.1, 1e-8, -65519, 3]);
    const bytes = encodeSafetensors(new Map([['a', { dtype: 'F16', shape: [4], values }]]));
    expect(decodeSafetensors(bytes, FILE).tensors.get('a')?.values).toEqual(
      new Float32Array([0.0999755859375, 0, -65504, 3]),
    );
  });
});

describe('encoding refuses', () => {
  const encode = (name: string, tensor: StoredTensor) => () => encodeSafetensors(new Map([[name, tensor]]));

  it.each<[string, string, StoredTensor]>([
    ['"b": shape [2] does not hold 3 values', 'b', { dtype: 'F32', shape: [2], values: new Float32Array(3) }],
    ['"b": value 1 is NaN', 'b', { dtype: 'F32', shape: [2], values: new Float32Array([1, Number.NaN]) }],
    [
      '"b": value 0 is 65520, beyond F16',
      'b',
      { dtype: 'F16', shape: [], values: new Float32Array([65520]) },
    ],
    [
      '"__metadata__": the format keeps this name',
      '__metadata__',
      { dtype: 'I32', shape: [0], values: new Int32Array() },
    ],
  ])('%s', (message, name, tensor) => {
    expect(encode(name, tensor)).toThrow(message);
  });
});

describe('reading names the tensor and the value', () => {
  const entry = (shape: string, begin: number, end: number, dtype = 'F32') =>
    `{"dtype":"${dtype}","shape":${shape},"data_offsets":[${begin},${end}]}`;
  const nothing = [0, 0, 0, 0];

  it.each<[string, Uint8Array, string]>([
    ['no size', new Uint8Array(3), 'it has 3 bytes'],
    [
      'a duplicate name',
      fileOf(`{"a":${entry('[1]', 0, 4)},"a":${entry('[1]', 0, 4)}}`, nothing),
      'the key "a" twice',
    ],
    ['a duplicate field', fileOf('{"a":{"dtype":"F32","dtype":"I32"}}'), 'the key "dtype" twice'],
    ['a header after a space', fileOf(' {}'), 'a start other than "{"'],
    ['a byte order mark', fileOf('\ufeff{}'), 'a start other than "{"'],
    [
      'a shape too small',
      fileOf(`{"w":${entry('[3]', 0, 4)}}`, nothing),
      'tensor "w": shape [3] of F32 takes 12 bytes, data_offsets [0, 4] give 4',
    ],
    [
      'a shape too large to count',
      fileOf(`{"w":${entry('[99999999,99999999,9]', 0, 4)}}`, nothing),
      'tensor "w": shape [99999999, 99999999, 9] has more values',
    ],
    ['a negative size', fileOf(`{"w":${entry('[-1]', 0, 4)}}`, nothing), 'tensor "w": shape is [-1]'],
    [
      'a type not known',
      fileOf(`{"w":${entry('[2]', 0, 4, 'BF16')}}`, nothing),
      'tensor "w": dtype is "BF16"; F32, F16 or I32',
    ],
    ['a prototype', fileOf('{"__proto__":{"dtype":"toString"}}'), 'tensor "__proto__": dtype is "toString"'],
    [
      'a field not known',
      fileOf('{"w":{"dtype":"F32","shape":[0],"data_offsets":[0,0],"x":1}}'),
      'tensor "w": an unknown field "x"',
    ],
    [
      'an overlap',
      fileOf(`{"a":${entry('[1]', 0, 4)},"b":${entry('[1]', 0, 4)}}`, nothing),
      'tensor "b": data_offsets [0, 4] overlaps',
    ],
    [
      'a hole',
      fileOf(`{"b":${entry('[1]', 4, 8)}}`, [...nothing, ...nothing]),
      'tensor "b": data_offsets [4, 8] leaves a hole after byte 0',
    ],
    [
      'a file cut short',
      fileOf(`{"b":${entry('[2]', 0, 8)}}`, nothing),
      'tensor "b": data_offsets [0, 8] reach beyond the 4 bytes',
    ],
    ['data of no tensor', fileOf('{}', nothing), 'its tensors cover 0 of 4 bytes'],
    [
      'NaN',
      fileOf(`{"b":${entry('[2]', 0, 8)}}`, [...nothing, 0, 0, 0xc0, 0x7f]),
      'tensor "b": value 1 is NaN',
    ],
    [
      'an infinite half',
      fileOf(`{"b":${entry('[2]', 0, 4, 'F16')}}`, [0, 0xfc, 0, 0]),
      'tensor "b": value 0 is -Infinity',
    ],
    ['metadata that is no text', fileOf('{"__metadata__":{"a":1}}'), '__metadata__: "a" is 1'],
  ])('%s', (_, bytes, message) => {
    expect(errorOf(bytes)).toContain(message);
  });

  it('in one printable line of bounded length', () => {
    const name = `\\u001b[2J\\u202e${'long'.repeat(100_000)}`;
    const message = errorOf(fileOf(`{"${name}":${entry('[1,2,3,4,5,6,7,8,9]', 0, 4)}}`, nothing));
    expect(message).toMatch(/^[^\p{C}]{1,400}$/u);
    expect(message).toContain('a list of 9');
  });
});

describe('a damaged file', () => {
  const valid = fromBase64(golden.file);
  const headerEnd = 8 + new DataView(valid.buffer).getUint32(0, true);

  function readsOrRefuses(bytes: Uint8Array): void {
    let values = 0;
    try {
      for (const { values: held } of decodeSafetensors(bytes, FILE).tensors.values()) {
        expect(held.every(Number.isFinite)).toBe(true);
        values += held.length;
      }
    } catch (error) {
      if (!(error instanceof ModelFileError)) throw error;
    }
    expect(values).toBeLessThanOrEqual(bytes.length / 2);
  }

  it('is refused wherever it is cut', () => {
    for (let size = 0; size < valid.length; size++)
      expect(errorOf(valid.subarray(0, size))).not.toBe('no error');
  });

  it('is read or refused, whichever bytes change', () => {
    const change = fc.tuple(fc.nat({ max: valid.length - 1 }), fc.nat({ max: 255 }));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), (changes) => {
        const bytes = valid.slice();
        for (const [at, value] of changes) bytes[at] = value;
        readsOrRefuses(bytes);
      }),
      { numRuns: 1000 },
    );
  });

  it('is read or refused, whatever its header says', () => {
    const header = new TextDecoder().decode(valid.subarray(8, headerEnd));
    const data = [...valid.subarray(headerEnd)];
    const tokens = header.match(/"[^"]*"|\d+|./g)!;
    const strange = fc.oneof(
      fc.constantFrom(
        '0',
        '-1',
        '1e400',
        '4294967296',
        '9007199254740992',
        '18446744073709551616',
        '0.5',
        'null',
      ),
      fc.constantFrom(
        '[]',
        '{}',
        '"F16"',
        '"F32"',
        '"shape"',
        '""',
        '"__proto__"',
        '"__metadata__"',
        'true',
        ',',
      ),
      fc.json(),
    );
    const change = fc.tuple(fc.nat({ max: tokens.length - 1 }), strange);
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        const changed = [...tokens];
        for (const [at, token] of changes) changed[at] = token;
        readsOrRefuses(fileOf(changed.join(''), data));
      }),
      { numRuns: 1000 },
    );
  });
});
