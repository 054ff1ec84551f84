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
NAMES = ["mlp", "att_rope"]
CHAINS = {"det": None, "noise_z_L": "z_L", "noise_z_H": "z_H"}
STEPS = 2
f32 = np.float32


def read_safetensors(path):
    data = pathlib.Path(path).read_bytes()
    size = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + size])
    metadata = header.pop("__metadata__", {})
    kinds = {"F32": f32, "I32": np.int32}
    tensors = {}
    for name, entry in header.items():
        start, end = entry["data_offsets"]
        values = np.frombuffer(data[8 + size + start:8 + size + end], kinds[entry["dtype"]])
        tensors[name] = values.reshape(entry["shape"])
    return tensors, metadata


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


class TRM:
    """One supervision step of a Tiny Recursive Model for one puzzle."""

    def __init__(self, path):
        tensors, metadata = read_safetensors(path)
        self.weights = {name.removeprefix("inner."): value for name, value in tensors.items()}
        self.config = c = json.loads(metadata["trm.config"])
        self.hidden, self.heads = c["hidden_size"], c["num_heads"]
        ndim = c["puzzle_emb_ndim"]
        self.slots = (c["puzzle_emb_len"] or -(-ndim // self.hidden)) if ndim else 0
        self.positions = self.slots + c["seq_len"]
        self.epsilon = f32(c.get("rms_norm_eps", 1e-5))
        size = self.hidden // self.heads
        turns = np.arange(0, size, 2) / size
        angles = np.outer(np.arange(self.positions), 1.0 / c.get("rope_theta", 10000.0) ** turns)
        self.cos, self.sin = np.cos(angles).astype(f32)[:, None], np.sin(angles).astype(f32)[:, None]

    def norm(self, x):
        return x / np.sqrt(np.square(x).mean(-1, keepdims=True, dtype=f32) + self.epsilon)

    def swiglu(self, x, name):
        gate, up = np.split(product(x, self.weights[f"{name}.gate_up_proj.weight"]), 2, -1)
        hidden = gate * (1 / (1 + np.exp(-gate.astype(np.float64)))).astype(f32) * up
        return product(hidden, self.weights[f"{name}.down_proj.weight"])

    def rotate(self, x):
        first, second = np.split(x, 2, -1)
        return np.concatenate((first * self.cos - second * self.sin, second * self.cos + first * self.sin), -1)

    def attention(self, x, name):
        qkv = product(x, self.weights[f"{name}.qkv_proj.weight"]).reshape(self.positions, 3, self.heads, -1)
        q, k, v = self.rotate(qkv[:, 0]), self.rotate(qkv[:, 1]), qkv[:, 2]
        scores = np.einsum("qhc,khc->hqk", q, k) / f32(np.sqrt(q.shape[-1]))
        weights = np.exp(scores - scores.max(-1, keepdims=True))
        out = np.einsum("hqk,khc->qhc", weights / weights.sum(-1, keepdims=True), v)
        return product(out.reshape(self.positions, -1), self.weights[f"{name}.o_proj.weight"])

    def layer(self, x, name):
        if self.config["mlp_t"]:
            turned = np.ascontiguousarray(x.T)
            x = np.ascontiguousarray(self.norm(turned + self.swiglu(turned, f"{name}.mlp_t")).T)
        else:
            x = self.norm(x + self.attention(x, f"{name}.self_attn"))
        return self.norm(x + self.swiglu(x, f"{name}.mlp"))

    def level(self, z, injection):
        x = z + injection
        for layer in range(self.config["L_layers"]):
            x = self.layer(x, f"L_level.layers.{layer}")
        return x

    def step(self, z_H, z_L, e):
        for _ in range(self.config["H_cycles"]):
            for _ in range(self.config["L_cycles"]):
                z_L = self.level(z_L, z_H + e)
            z_H = self.level(z_H, z_L)
        logits = (z_H @ self.weights["lm_head.weight"].T)[self.slots:]
        q = z_H[0] @ self.weights["q_head.weight"].T + self.weights["q_head.bias"]
        return {"z_H": z_H, "z_L": z_L, "logits": logits, "q_halt": q[0]}

    def embed(self, inputs, identifier):
        e = self.weights["embed_tokens.embedding_weight"][inputs]
        if self.slots:
            prefix = self.weights["puzzle_emb.weights"][identifier]
            prefix = np.pad(prefix, (0, self.slots * self.hidden - prefix.shape[-1]))
            e = np.concatenate((prefix.reshape(self.slots, self.hidden), e))
        return f32(np.sqrt(self.hidden)) * e


def steps(name):
    """Every step of every chain, each from the float32 reference's carry of the step before."""
    model = TRM(FOLDER / f"{name}.safetensors")
    given, _ = read_safetensors(FOLDER / f"{name}.float32.expected.safetensors")
    batch = given["inputs"].shape[0]
    out = {}
    for chain, noisy in CHAINS.items():
        for step in range(STEPS):
            results = []
            for puzzle in range(batch):
                carry = {latent: given[f"{chain}.{step - 1}.{latent}"][puzzle] if step else
                         np.tile(model.weights[f"{latent[-1]}_init"], (model.positions, 1)) for latent in ("z_H", "z_L")}
                if noisy:
                    carry[noisy] = carry[noisy] + given["noise"][step][puzzle]
                embedding = model.embed(given["inputs"][puzzle], given["puzzle_identifiers"][puzzle])
                results.append(model.step(carry["z_H"], carry["z_L"], embedding))
            for part in results[0]:
                out[f"{chain}.{step}.{part}"] = np.stack([result[part] for result in results]).astype(f32)
    return out


def products():
    """Rows of many sizes of numbers times a weight: what comes out is exact to the last bit."""
    random = np.random.default_rng(1)
    x = random.standard_normal((13, 96)).astype(f32) * np.exp2(np.arange(13, dtype=f32) * 4 - 20)[:, None]
    x[3], x[4, 5:] = 0, 0
    x[5] = np.rint(random.uniform(-127, 127, 96)) + f32(0.5)  # ties
    x[5, 0] = 127
    weight = random.standard_normal((192, 96)).astype(f32)
    weight[7] = 0
    return {"x": x, "weight": weight, "product": product(x, weight)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    action = parser.add_mutually_exclusive_group(required=True)
    action.add_argument("--check", action="store_true")
    action.add_argument("--out", type=pathlib.Path)
    options = parser.parse_args()
    files = {f"{name}.int8.expected.safetensors": steps(name) for name in NAMES}
    files["products.int8.expected.safetensors"] = products()
    worst = 0.0
    for name, tensors in files.items():
        if options.out:
            write_safetensors(options.out / name, tensors)
            continue
        expected, _ = read_safetensors(FOLDER / name)
        assert expected.keys() == tensors.keys(), name
        for key, value in tensors.items():
            worst = max(worst, float(np.abs(value - expected[key]).max() / np.abs(expected[key]).max()))
    if options.check:
        print(f"largest difference, to the largest number of its tensor: {worst:.3g}")
        sys.exit(worst > 1e-3)


if __name__ == "__main__":
    main()
