"""Writes the PyTorch files beside this script; run with PyTorch 2.x: python3 make_checkpoints.py

Every value can be computed: element i of the tensor that is n-th by name (from 0) is (7 i + n) % 512 / 8.
The model is the smallest that is still complete: MLP variant, hidden 4, seq_len 3, one slot, vocab 3, one layer.
"""
import math
import os
import torch
from collections import OrderedDict
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
    save({"inner.H_init": values(0, (4,)), "extra": Command()}, "foreign_global.pt")
    save({"inner.H_init": values(0, (4,)).double()}, "double.pt")
    save({"inner.H_init": values(0, (4,))}, "protocol_4.pt", pickle_protocol=4)
    save({"inner.H_init": values(0, (4,))}, "before_1.6.pt", _use_new_zipfile_serialization=False)


if __name__ == "__main__":
    main()
