"""Golden values for the safetensors and half-float tests, from Python's safetensors and numpy.

    python3 -m venv venv && venv/bin/pip install numpy==2.4.6 safetensors==0.8.0
    venv/bin/python make_golden.py > safetensors.json
    venv/bin/python make_golden.py FILE      # what Python reads in a file that heed wrote
"""

import base64
import hashlib
import json
import struct
import sys

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

if len(sys.argv) > 1:
    for name, tensor in load(open(sys.argv[1], "rb").read()).items():
        digest = hashlib.sha256(tensor.tobytes()).hexdigest()
        print(name, tensor.dtype, tensor.shape, digest)
    sys.exit()


def base64_of(data):
    return base64.b64encode(data).decode()


def digest_of(array):
    return hashlib.sha256(array.tobytes()).hexdigest()


tensors = {
    "encoder.kernel": np.array([[0.5, -1.25, 3e-40], [3.4e38, -0.0, 7]], np.float32),
    "decoder.kernel": np.array([0, -0.0, 1, -2.5, 65504, 6e-8, 6.1e-5, 0.333], np.float16).reshape(2, 2, 2),
    "steps": np.array([0, -1, 2147483647, -2147483648], np.int32),
    "scalar": np.array(2.5, np.float32),
    "empty": np.zeros((0, 4), np.float32),
    "café.β": np.array([1], np.float16),
    "10": np.array([10], np.int32),
    "9": np.array([9], np.int32),
    "__proto__": np.array([1, 2], np.float32),
}

halves = np.arange(65536, dtype=np.uint16).view(np.float16).astype(np.float32)
halves[np.isnan(halves)] = 0

bits = np.arange(0, 2**32, 65521, dtype=np.uint64).astype(np.uint32)
with np.errstate(over="ignore"):
    rounded = bits.view(np.float32)[~np.isnan(bits.view(np.float32))].astype(np.float16)


def file_of(header, data=b"", size=None):
    header = header.encode() if isinstance(header, str) else header
    return struct.pack("<Q", len(header) if size is None else size) + header + data


def entry(shape, begin, end, dtype="F32"):
    return '{"dtype":"%s","shape":%s,"data_offsets":[%s,%s]}' % (dtype, shape, begin, end)


one = entry("[1]", 0, 4)
four = b"\0\0\0\0"
damaged = {
    "nothing": b"",
    "seven bytes": b"\0" * 7,
    "header beyond the file": file_of("{}", size=3),
    "header of 2^64 - 1 bytes": file_of("{}", size=2**64 - 1),
    "header over 100 MB": file_of("{}", size=100_000_001),
    "header not JSON": file_of('{"a":'),
    "header not an object": file_of("[]"),
    "header not UTF-8": file_of(b'{"\xff":' + one.encode() + b"}", four),
    "data cut short": file_of('{"a":%s}' % entry("[2]", 0, 8), four),
    "data too long": file_of('{"a":%s}' % one, four + four),
    "hole at the start": file_of('{"a":%s}' % entry("[1]", 4, 8), four + four),
    "hole in the middle": file_of('{"a":%s,"b":%s}' % (one, entry("[1]", 8, 12)), four * 3),
    "overlap": file_of('{"a":%s,"b":%s}' % (entry("[2]", 0, 8), entry("[2]", 4, 12)), four * 3),
    "the same bytes twice": file_of('{"a":%s,"b":%s}' % (one, one), four),
    "end before begin": file_of('{"a":%s}' % entry("[1]", 4, 0), four),
    "negative offset": file_of('{"a":%s}' % entry("[1]", -4, 0), four),
    "negative shape": file_of('{"a":%s}' % entry("[-1]", 0, 4), four),
    "fractional shape": file_of('{"a":%s}' % entry("[0.5]", 0, 2), b"\0\0"),
    "shape not a list": file_of('{"a":%s}' % entry("1", 0, 4), four),
    "shape that does not fit": file_of('{"a":%s}' % entry("[2]", 0, 4), four),
    "shape of 2^64 values": file_of('{"a":%s}' % entry("[4294967296,4294967296]", 0, 0)),
    "shape of 2^62 values": file_of('{"a":%s}' % entry("[4611686018427387904]", 0, 4), four),
    "offset of 2^64": file_of('{"a":%s}' % entry("[1]", 0, 2**64), four),
    "unknown dtype": file_of('{"a":%s}' % entry("[1]", 0, 4, "F33"), four),
    "three offsets": file_of('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,4]}}', four),
    "no dtype": file_of('{"a":{"shape":[1],"data_offsets":[0,4]}}', four),
    "no shape": file_of('{"a":{"dtype":"F32","data_offsets":[0,4]}}', four),
    "no offsets": file_of('{"a":{"dtype":"F32","shape":[1]}}', four),
    "null entry": file_of('{"a":null}'),
    "metadata not an object": file_of('{"__metadata__":[]}'),
    "metadata not text": file_of('{"__metadata__":{"a":1}}'),
    "text after the header's object": file_of('{"a":%s} x' % one, four),
}


def refused(data):
    try:
        load(data)
    except SafetensorError:
        return True
    return False


assert all(refused(data) for data in damaged.values()), [n for n, d in damaged.items() if not refused(d)]

golden = {
    "file": base64_of(save(tensors, {"format": "heed"})),
    "tensors": {
        name: {
            "dtype": {"float32": "F32", "float16": "F16", "int32": "I32"}[str(tensor.dtype)],
            "shape": tensor.shape,
            "values": base64_of(
                (tensor.astype(np.float32) if tensor.dtype == np.float16 else tensor).tobytes()
            ),
        }
        for name, tensor in tensors.items()
    },
    "halves": digest_of(halves),
    "rounded": digest_of(rounded),
    "damaged": {name: base64_of(data) for name, data in damaged.items()},
}
print(json.dumps(golden, ensure_ascii=False, indent=1))
