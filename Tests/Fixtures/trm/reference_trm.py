"""A Tiny Recursive Model in plain PyTorch, written for comparison: the arithmetic of the public reference code
(TinyRecursiveReasoningModel_ACTV1 of "Less is More: Recursive Reasoning with Tiny Networks", arXiv 2510.04871), one
supervision step at a time, from a safetensors file in this project's format."""

import json
import math
import struct

import numpy as np
import torch
import torch.nn.functional as F

DTYPES = {"F32": np.float32, "F16": np.float16, "I32": np.int32}


def read_safetensors(path):
    """(tensors, metadata) of a safetensors file."""
    data = open(path, "rb").read()
    size = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + size])
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        start, end = entry["data_offsets"]
        raw = data[8 + size + start:8 + size + end]
        if entry["dtype"] == "BF16":
            bits = np.frombuffer(raw, np.uint16).astype(np.uint32) << 16
            array = bits.view(np.float32)
        else:
            array = np.frombuffer(raw, DTYPES[entry["dtype"]])
        tensors[name] = torch.from_numpy(array.reshape(entry["shape"]).copy())
    return tensors, metadata


def write_safetensors(path, tensors, metadata=None):
    """Writes float32 and int32 tensors, in order of name."""
    header, blobs, offset = {}, [], 0
    if metadata:
        header["__metadata__"] = metadata
    for name, tensor in sorted(tensors.items()):
        array = np.ascontiguousarray(tensor.numpy())
        kind = {np.dtype(value): key for key, value in DTYPES.items()}[array.dtype]
        header[name] = {"dtype": kind, "shape": list(array.shape), "data_offsets": [offset, offset + array.nbytes]}
        blobs.append(array.tobytes())
        offset += array.nbytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(blobs))


class TRM(torch.nn.Module):
    """forward(zH, zL, e) is one supervision step without the heads, so that torch.compile gets all of the work."""

    def __init__(self, path, dtype=torch.float32):
        tensors, metadata = read_safetensors(path)
        self.setup(tensors, json.loads(metadata["trm.config"]), dtype)

    def setup(self, tensors, config, dtype):
        torch.nn.Module.__init__(self)
        self.config = c = config
        self.dtype = dtype
        # The reference casts float32 weights to the activations' type at every use; once gives the same numbers.
        self.weights = torch.nn.ParameterDict({
            name.removeprefix("inner.").replace(".", "/"): torch.nn.Parameter(value.to(dtype), requires_grad=False)
            for name, value in tensors.items()})
        self.hidden, self.heads = c["hidden_size"], c["num_heads"]
        ndim = c["puzzle_emb_ndim"]
        self.slots = (c["puzzle_emb_len"] or -(-ndim // self.hidden)) if ndim else 0
        self.positions = self.slots + c["seq_len"]
        self.epsilon = c.get("rms_norm_eps", 1e-5)
        self.angles = None
        if c["pos_encodings"] == "rope" and not c["mlp_t"]:
            size = self.hidden // self.heads
            frequencies = 1.0 / (c.get("rope_theta", 10000.0) ** (torch.arange(0, size, 2, dtype=torch.float32) / size))
            angles = torch.outer(torch.arange(self.positions, dtype=torch.float32), frequencies)
            self.angles = torch.cat((angles, angles), -1)
            self.register_buffer("cos", self.angles.cos(), persistent=False)
            self.register_buffer("sin", self.angles.sin(), persistent=False)

    def weight(self, name):
        return self.weights[name.replace(".", "/")]

    def norm(self, x):
        wide = x.float()
        return (wide * torch.rsqrt(wide.square().mean(-1, keepdim=True) + self.epsilon)).to(x.dtype)

    def swiglu(self, x, name):
        gate, up = F.linear(x, self.weight(f"{name}.gate_up_proj.weight")).chunk(2, -1)
        return F.linear(F.silu(gate) * up, self.weight(f"{name}.down_proj.weight"))

    def rotate(self, x):
        first, second = x.float().chunk(2, -1)
        turned = torch.cat((-second, first), -1)
        return (x.float() * self.cos[:, None] + turned * self.sin[:, None]).to(x.dtype)

    def attention(self, x, name):
        batch, length, _ = x.shape
        qkv = F.linear(x, self.weight(f"{name}.qkv_proj.weight"))
        q, k, v = qkv.view(batch, length, 3, self.heads, -1).unbind(2)
        if self.angles is not None:
            q, k = self.rotate(q), self.rotate(k)
        out = F.scaled_dot_product_attention(q.transpose(1, 2), k.transpose(1, 2), v.transpose(1, 2))
        return F.linear(out.transpose(1, 2).reshape(batch, length, -1), self.weight(f"{name}.o_proj.weight"))

    def layer(self, x, name):
        if self.config["mlp_t"]:
            turned = x.transpose(1, 2)
            x = self.norm(turned + self.swiglu(turned, f"{name}.mlp_t")).transpose(1, 2)
        else:
            x = self.norm(x + self.attention(x, f"{name}.self_attn"))
        return self.norm(x + self.swiglu(x, f"{name}.mlp"))

    def level(self, z, injection):
        x = z + injection
        for layer in range(self.config["L_layers"]):
            x = self.layer(x, f"L_level.layers.{layer}")
        return x

    def forward(self, z_H, z_L, e):
        for _ in range(self.config["H_cycles"]):
            for _ in range(self.config["L_cycles"]):
                z_L = self.level(z_L, z_H + e)
            z_H = self.level(z_H, z_L)
        return z_H, z_L

    def embed(self, inputs, identifiers):
        e = F.embedding(inputs.long(), self.weight("embed_tokens.embedding_weight"))
        if self.slots:
            prefix = F.embedding(identifiers.long(), self.weight("puzzle_emb.weights"))
            prefix = F.pad(prefix, (0, self.slots * self.hidden - prefix.shape[-1]))
            e = torch.cat((prefix.view(-1, self.slots, self.hidden), e), 1)
        if self.config["pos_encodings"] == "learned":
            e = 0.707106781 * (e + self.weight("embed_pos.embedding_weight"))
        return math.sqrt(self.hidden) * e

    def fresh(self, batch):
        shape = (batch, self.positions, self.hidden)
        return tuple(self.weight(name).expand(shape).clone() for name in ("H_init", "L_init"))

    def heads_of(self, z_H):
        """(logits of the puzzle's positions, halt logit)"""
        logits = F.linear(z_H, self.weight("lm_head.weight"))[:, self.slots:]
        q = F.linear(z_H[:, 0], self.weight("q_head.weight"), self.weight("q_head.bias"))
        return logits.float(), q.float()[:, 0]
