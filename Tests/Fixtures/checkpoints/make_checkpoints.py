"""Writes the PyTorch files beside this script; run with PyTorch 2.x: python3 make_checkpoints.py

Every value can be computed: element i of the tensor that is n-th by name (from 0) is (7 i + n) % 512 / 8.
The model is the smallest that is still complete: MLP variant, hidden 4, seq_len 3, one slot, vocab 3, one layer.
"""
import argparse
import collections
import math
import os
import pathlib
import random
from collections import OrderedDict

import numpy
import torch
from torch import nn

HERE = os.path.dirname(os.path.abspath(__file__))
SHAPES = {
    "inner.H_init": (4,),
    "inner.L_init": (4,),
    "inner.L_level.layers.0.mlp.down_proj.weight": (4, 256),
    "inner.L_level.layers.0.mlp.gate_up_proj.weight": (512, 4),
    "inner.L_level.layers.0.mlp_t.down_proj.weight": (4, 256),
    "inner.L_level.layers.0.mlp_t.gate_up_proj.weight": (512, 4),
    "inner.embed_tokens.embedding_weight": (3, 4),
    "inner.lm_head.weight": (3, 4),
    "inner.puzzle_emb.weights": (5, 4),
    "inner.q_head.bias": (2,),
    "inner.q_head.weight": (2, 4),
}


def values(n, shape):
    return ((7 * torch.arange(math.prod(shape)) + n) % 512 / 8).reshape(shape)


def state(prefix=""):
    return OrderedDict((prefix + name, values(n, shape)) for n, (name, shape) in enumerate(SHAPES.items()))


class Holder(nn.Module):
    """A module tree with the given parameter names, so that state_dict() is a real one, with its _metadata."""

    def add(self, path, value):
        head, _, rest = path.partition(".")
        if not rest:
            self.register_parameter(head, nn.Parameter(value))
            return
        if head not in self._modules:
            self.add_module(head, Holder())
        self._modules[head].add(rest, value)


class Command:
    """Unpickled by Python, this runs a command."""

    def __reduce__(self):
        return (os.system, ("true",))


def things():
    """What people keep beside weights."""
    parameter = nn.Parameter(torch.ones(3))
    optimizer = torch.optim.AdamW([parameter], lr=1e-4)
    parameter.sum().backward()
    optimizer.step()
    history = collections.defaultdict(list, {"loss": [1.5, 0.5]})
    return {
        "optimizer": optimizer.state_dict(),
        "step": torch.tensor(5),
        "mask": torch.tensor([0, 1, 2], dtype=torch.uint8),
        "flags": torch.tensor([True, False]),
        "best": torch.tensor([0.25], dtype=torch.float64),
        "phase": torch.tensor([1j]),
        "args": argparse.Namespace(lr=1e-4, arch=argparse.Namespace(hidden_size=4)),
        "device": torch.device("cpu"),
        "shape": torch.Size([3, 4]),
        "dtype": torch.bfloat16,
        "history": history,
        "counts": collections.Counter("aab"),
        "names": {"a", "b"},
        "path": pathlib.PurePosixPath("runs/1"),
        "seed": 2**64 - 1,
        "noise": random.Random(1).getstate(),
        "rng": torch.get_rng_state(),
        "numpy": {"scalar": numpy.float64(0.5), "array": numpy.arange(3), "rng": numpy.random.default_rng(1)},
        "none": None,
        5: "under a number",
    }


def save(value, name, **options):
    torch.save(value, os.path.join(HERE, name), **options)


def main():
    # As the training script of the public repository saves a run: model, optimizers, step.
    holder = Holder()
    for name, value in state("_orig_mod.model.").items():
        holder.add(name, value)
    optimizer = torch.optim.AdamW(holder.parameters(), lr=1e-4)
    holder._modules["_orig_mod"]._modules["model"]._modules["inner"].H_init.sum().backward()
    optimizer.step()
    with torch.no_grad():
        for name, value in state("_orig_mod.model.").items():
            holder.get_parameter(name).copy_(value)
    save({"model": holder.state_dict(), "optimizers": [optimizer.state_dict()], "step": 1}, "training_run.pt")

    # The same values, but stored in ways that need strides and offsets.
    views = state("module.")
    names = list(views)
    latents = torch.cat([torch.full((3,), -1.0), views["module.inner.H_init"], views["module.inner.L_init"]])
    views["module.inner.H_init"], views["module.inner.L_init"] = latents[3:7], latents[7:11]
    for name in names:
        if "gate_up_proj" in name:
            views[name] = views[name].t().contiguous().t()
    wide = torch.full((3, 9), -1.0)
    wide[:, 2:6] = views["module.inner.lm_head.weight"]
    views["module.inner.lm_head.weight"] = wide[:, 2:6]
    save(dict(views), "views.pt")

    save({"inner.H_init": torch.zeros(1).expand(1000)}, "expanded.pt")
    save({**state(), "extra": Command()}, "foreign_global.pt")
    for protocol in (3, 4, 5):
        save({**state("_orig_mod.model."), **things()}, f"protocol_{protocol}.pt", pickle_protocol=protocol)
    save({"inner.H_init": values(0, (4,))}, "before_1.6.pt", _use_new_zipfile_serialization=False)

    # As people have them: weights beside whatever else they wanted to keep.
    save({"model": state("_orig_mod.model."), **things()}, "beside.pt")
    save({**state("model."), **things()}, "among.pt")
    raw, averaged = state("model."), OrderedDict((name, 2 * value) for name, value in state("model.").items())
    save({"model": raw, "ema_model": averaged}, "two_models.pt")
    save({"ema": averaged, "decay": 0.999}, "ema.pt")
    # The public trainer's own averages know parameters alone.
    shadow = OrderedDict((name, value) for name, value in averaged.items() if "_init" not in name and "puzzle_emb" not in name)
    save({"model": raw, "training": {"ema": {"shadow": shadow}}}, "shadow.pt")
    save({**state("online.model."), **{"target." + name: 2 * value for name, value in state().items()}}, "side_by_side.pt")
    wrapped = {name.replace("mlp.", "_fsdp_wrapped_module.mlp."): value for name, value in state("net.module.").items()}
    save({"_fsdp_wrapped_module." + name: value for name, value in wrapped.items()}, "wrapped.pt")
    save(OrderedDict((name.removeprefix("inner."), value) for name, value in state().items()), "inner_alone.pt")
    save(OrderedDict((name, value.double()) for name, value in state().items()), "float64.pt")
    layer = {name.replace("layers.0", "layers.1"): value for name, value in state().items() if "layers.0" in name}
    save({**state(), **layer}, "second_layer.pt")
    save({"weight": torch.zeros(3, 4), "head.bias": torch.zeros(3)}, "another_model.pt")
    whole = nn.Linear(2, 2)
    save(whole, "whole_module.pt")


if __name__ == "__main__":
    main()
