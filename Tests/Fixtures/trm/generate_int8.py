"""Recomputes the golden vectors of int8 beside this file, with numpy alone; see README.md.

    python3 generate_int8.py --check        compare with the committed files
    python3 generate_int8.py --out FOLDER   write them anew

What the plain path of int8 computes, written down once more: a scale for each output channel of a weight, one for each row of
activations, whole numbers from -127 to 127, exact sums, everything else in float32.
"""

import argparse
import json
import pathlib
import struct
import sys

import numpy as np

FOLDER = pathlib.Path(__file__).resolve().parent
f32 = np.float32


def read_safetensors(path):
    data = pathlib.Path(path).read_bytes()
    size = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + size])
    header.pop("__metadata__", None)
    kinds = {"F32": f32, "I32": np.int32}
    tensors = {}
    for name, entry in header.items():
        start, end = entry["data_offsets"]
        values = np.frombuffer(data[8 + size + start:8 + size + end], kinds[entry["dtype"]])
        tensors[name] = values.reshape(entry["shape"])
    return tensors


def write_safetensors(path, tensors):
    header, blobs, offset = {}, [], 0
    for name, array in sorted(tensors.items()):
        array = np.ascontiguousarray(array)
        kind = {np.dtype(f32): "F32", np.dtype(np.int32): "I32"}[array.dtype]
        header[name] = {"dtype": kind, "shape": list(array.shape), "data_offsets": [offset, offset + array.nbytes]}
        blobs.append(array.tobytes())
        offset += array.nbytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(blobs))


def rounded(x):
    """(whole numbers, scales) of the rows of x; a product of float32 numbers is exact in float64, so it is rounded once."""
    greatest = np.abs(x).max(-1, keepdims=True)
    usable = greatest >= f32(2.0 ** -100)
    inverse = np.where(usable, f32(127) / np.where(usable, greatest, f32(1)), f32(0))
    whole = np.rint(x.astype(np.float64) * inverse.astype(np.float64)).astype(np.int64)
    return whole, greatest * f32(1 / f32(127))


def product(x, weight):
    (a, row), (b, channel) = rounded(x), rounded(weight)
    return (a @ b.T).astype(f32) * row * channel[:, 0]


def swiglu(x, gate_up):
    gate, up = np.split(product(x, gate_up), 2, -1)
    return gate * (1 / (1 + np.exp(-gate.astype(np.float64)))).astype(f32) * up


def mix_tokens(x, gate_up, down, epsilon=f32(1e-5)):
    """x + SwiGLU over the positions of [position][channel], then the norm over them."""
    turned = np.ascontiguousarray(x.T)
    sums = turned + product(swiglu(turned, gate_up), down)
    return np.ascontiguousarray((sums / np.sqrt(np.square(sums).mean(-1, keepdims=True, dtype=f32) + epsilon)).T)


def vectors():
    random = np.random.default_rng(1)

    def normal(*shape):
        return random.standard_normal(shape).astype(f32)

    # Rows of many sizes, one of zeros, one of half-way cases.
    x = normal(13, 96) * np.exp2(np.arange(13, dtype=f32) * 4 - 20)[:, None]
    x[3], x[4, 5:] = 0, 0
    x[5] = np.rint(random.uniform(-126, 126, 96)) + f32(0.5)
    x[5, 0] = 127
    weight = normal(192, 96)
    weight[7] = 0
    inputs = normal(11, 96)
    tokens, gate_up, down = normal(33, 64), normal(512, 33) * f32(0.2), normal(33, 256) * f32(0.1)
    return {"x": x, "weight": weight, "product": product(x, weight), "inputs": inputs,
            "gated": swiglu(inputs, weight), "tokens": tokens, "gate_up": gate_up, "down": down,
            "mixed": mix_tokens(tokens, gate_up, down)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    action = parser.add_mutually_exclusive_group(required=True)
    action.add_argument("--check", action="store_true")
    action.add_argument("--out", type=pathlib.Path)
    options = parser.parse_args()
    name, found = "int8.expected.safetensors", vectors()
    if options.out:
        return write_safetensors(options.out / name, found)
    expected = read_safetensors(FOLDER / name)
    assert expected.keys() == found.keys()
    worst = max(float(np.abs(value - expected[key]).max() / np.abs(expected[key]).max()) for key, value in found.items())
    print(f"largest difference, to the largest number of its tensor: {worst:.3g}")
    sys.exit(worst > 1e-5)


if __name__ == "__main__":
    main()
