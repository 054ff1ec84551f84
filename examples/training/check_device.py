"""Runs train.py on a device that is not the CPU, on a machine that has none: give it what train.py takes.

PyTorch lets a program register a device of its own. This one keeps its values on the CPU and computes there, but it is
another device in every other way, and an operation with tensors of both is an error, as it is with CUDA. It is slow: a
minute of training (`--hours 0.01`) shows that boards, hints, losses, gradients, optimisers, checkpoints and measurements
all stay on one device. What only CUDA's own kernels could show, it does not."""

import os
import runpy
import sys

import torch
from torch.utils._python_dispatch import TorchDispatchMode, _disable_current_modes
from torch.utils._pytree import tree_flatten, tree_map
from torch.utils.backend_registration import _setup_privateuseone_for_python_backend

NAME = "pretended"
COPIES = ("aten._to_copy.default", "aten.copy_.default")
counts: dict[str, int] = {}


class There(torch.Tensor):
    """A tensor on the pretended device."""

    @staticmethod
    def __new__(cls, values):
        return torch.Tensor._make_wrapper_subclass(
            cls, values.size(), strides=values.stride(), storage_offset=values.storage_offset(), dtype=values.dtype,
            device=torch.device(NAME, 0))

    def __init__(self, values):
        self.values_here = values

    def tolist(self):
        return self.values_here.tolist()

    __torch_function__ = torch._C._disabled_torch_function_impl

    @classmethod
    def __torch_dispatch__(cls, operation, types, args=(), kwargs=None):
        return run(operation, args, kwargs or {})


def is_there(device) -> bool:
    return device is not None and torch.device(device).type == NAME


def here(value):
    return value.values_here if isinstance(value, There) else value


def run(operation, args, kwargs):
    name = str(operation)
    counts[name] = counts.get(name, 0) + 1
    tensors = [t for t in tree_flatten((args, kwargs))[0] if isinstance(t, torch.Tensor)]
    there = [t for t in tensors if isinstance(t, There)]
    # CUDA too takes numbers from the CPU.
    foreign = [tuple(t.shape) for t in tensors if not isinstance(t, There) and t.dim() > 0]
    if there and foreign and name not in COPIES:
        raise RuntimeError(f"{name} takes tensors of two devices; those of shape {foreign} are on the CPU")
    target = kwargs.get("device")
    values = dict(tree_map(here, kwargs))
    if target is not None:
        values["device"] = torch.device("cpu")
    result = operation(*tree_map(here, args), **values)
    if name == "aten._to_copy.default" and target is not None and not is_there(target):
        return result
    if name == "aten.copy_.default":
        return args[0]
    known = {id(t.values_here): t for t in there}

    def wrapped(value):
        if not isinstance(value, torch.Tensor):
            return value
        return known[id(value)] if id(value) in known else There(value)

    return tree_map(wrapped, result)


class Dispatch(TorchDispatchMode):
    def __torch_dispatch__(self, operation, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        if is_there(kwargs.get("device")) or any(isinstance(t, There) for t in tree_flatten((args, kwargs))[0]):
            return run(operation, args, kwargs)
        return operation(*args, **kwargs)


def with_files_of_values(save, load):
    """torch.save and torch.load for tensors that PyTorch's own do not know."""

    def saved(value, path):
        with _disable_current_modes():
            save(tree_map(lambda t: here(t).detach().clone() if isinstance(t, torch.Tensor) else t, value), path)

    def loaded(path, map_location=None, **options):
        with _disable_current_modes():
            value = load(path, map_location="cpu", **options)
        return tree_map(lambda t: t.to(map_location) if isinstance(t, torch.Tensor) and is_there(map_location) else t, value)

    return saved, loaded


if __name__ == "__main__":
    _setup_privateuseone_for_python_backend(NAME)
    library = torch.library.Library("_", "IMPL")
    library.fallback(lambda operation, *args, **kwargs: run(operation, args, kwargs), "PrivateUse1")
    torch.save, torch.load = with_files_of_values(torch.save, torch.load)
    folder = os.path.dirname(os.path.abspath(__file__))
    sys.argv = [os.path.join(folder, "train.py"), *sys.argv[1:], "--device", NAME]
    with Dispatch():
        runpy.run_path(sys.argv[0], run_name="__main__")
    print(f"{sum(counts.values())} operations of {len(counts)} kinds on the pretended device")
