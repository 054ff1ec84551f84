"""Writes the averaged weights of a training checkpoint as a `.safetensors` file that ptrmd loads."""

import json
import sys

import torch
from safetensors.torch import save_file

from model import Config, TRM


def main(checkpoint: str, out: str):
    saved = torch.load(checkpoint, map_location="cpu", weights_only=True)
    config = Config(**saved["config"])
    model = TRM(config)
    model.load_state_dict(saved["ema"])
    tensors = {f"inner.{name}": t.detach().float().contiguous() for name, t in model.state_dict().items()}
    metadata = {"trm.config": json.dumps(config.dictionary()), "trm.task": saved["task"]}
    save_file(tensors, out, metadata=metadata)
    print(f"{out}: {saved['task']}, {saved['step']} steps, {saved['hours']:.2f} hours, {len(tensors)} tensors")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit("usage: export.py CHECKPOINT OUT.safetensors")
    main(*sys.argv[1:])
