"""Writes the averaged weights of a training checkpoint as a `.safetensors` file that ptrmd loads, and reads one."""

import json
import sys

import torch
from safetensors import safe_open
from safetensors.torch import save_file

from ldt import LDT
from model import Config, TRM


def load(path: str) -> TRM:
    """A model with the weights of a file that `main` wrote."""
    with safe_open(path, "pt") as file:
        config = json.loads(file.metadata()["trm.config"])
        kind = LDT if config.get("arch") == "ldt" else TRM
        model = kind(Config(**{key: config[key] for key in Config.__dataclass_fields__ if key in config}))
        tensors = {name.removeprefix("inner."): file.get_tensor(name).float() for name in file.keys()}
    left = model.load_state_dict(tensors, strict=False)
    # H_init and L_init are buffers; everything else must be there, and nothing more.
    if left.missing_keys or left.unexpected_keys:
        raise SystemExit(f"{path}: missing {left.missing_keys}, not expected {left.unexpected_keys}")
    return model


def main(checkpoint: str, out: str):
    saved = torch.load(checkpoint, map_location="cpu", weights_only=True)
    config = Config(**saved["config"])
    model = LDT(config) if saved.get("arch") == "ldt" else TRM(config)
    model.load_state_dict(saved["ema"])
    count = write(model, saved["task"], out)
    print(f"{out}: {saved['task']}, {saved['step']} steps, {saved['hours']:.2f} hours, {count} tensors")


def write(model: TRM, task: str, out: str) -> int:
    """Writes a model with its configuration; gives the number of tensors."""
    config = model.config.dictionary() | ({"arch": "ldt"} if isinstance(model, LDT) else {})
    tensors = {f"inner.{name}": t.detach().float().contiguous() for name, t in model.state_dict().items()}
    save_file(tensors, out, metadata={"trm.config": json.dumps(config), "trm.task": task})
    return len(tensors)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit("usage: export.py CHECKPOINT OUT.safetensors")
    main(*sys.argv[1:])
