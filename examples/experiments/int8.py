"""What would int8 cost in accuracy? Weights with a scale per output channel, activations with a scale per row taken as they
come, products in whole numbers; fp32 elsewhere: what `precision: int8` does, written in PyTorch.

    ptrmd generate --task sudoku --minimal --count 200 --seed 990 > puzzles.ndjson
    python int8.py puzzles.ndjson

Rollout 0 has no noise, the others sigma 0.3 on z_H, the same noise for both arithmetics.
"""

import json
import sys

import torch
import torch.nn.functional as F

import langevin
from model import Linear  # langevin.py has put ../training on the path


def rounded(values: torch.Tensor, scale: torch.Tensor) -> torch.Tensor:
    return (values / scale).round().clamp(-127, 127)


def int8_product(layer: Linear, x: torch.Tensor) -> torch.Tensor:
    """Exact in fp32: a sum of 512 products of at most 127 x 127 stays below 2**24."""
    down = layer.weight.abs().amax(1, keepdim=True).clamp(min=1e-12) / 127
    across = x.abs().amax(-1, keepdim=True).clamp(min=1e-12) / 127
    out = F.linear(rounded(x, across), rounded(layer.weight, down)) * across * down.T
    return out if layer.bias is None else out + layer.bias


def main(path, width=8, depth=16):
    model = langevin.bundled()
    puzzles = [json.loads(line) for line in open(path)]
    plain = Linear.forward
    kinds = {"fp32": plain, "int8": int8_product}
    solved = {kind: [0, 0, 0] for kind in kinds}
    apart = 0.0
    for number, puzzle in enumerate(puzzles):
        tokens = torch.tensor([1 if c in ".0" else int(c) + 1 for c in puzzle["puzzle"]]).expand(width, -1)
        wanted = torch.tensor([int(c) + 1 for c in puzzle["solution"]])
        firsts = []
        for kind, product in kinds.items():
            Linear.forward = product
            noise = torch.Generator().manual_seed(number)
            z_H, z_L = model.fresh(width)
            for step in range(depth):
                push = 0.3 * torch.randn(z_H.shape, generator=noise)
                push[0] = 0
                z_H, z_L, logits, q = model(z_H + push, z_L, tokens)
                if step == 0:
                    firsts.append(q)
            right = (logits.argmax(-1) == wanted).all(-1)
            for place, one in enumerate((right[0], right.any(), right[q.argmax()])):
                solved[kind][place] += bool(one)
        apart += (firsts[0] - firsts[1]).abs().mean().item()
        if number % 20 == 19:
            print(number + 1, solved, f"mean |q difference| after one step {apart / (number + 1):.3f}", flush=True)
    print("| arithmetic | noiseless rollout | pass@K | best-Q@K |\n|---|---|---|---|")
    for kind, counts in solved.items():
        print(f"| {kind} | " + " | ".join(f"{count} of {len(puzzles)}" for count in counts) + " |")


if __name__ == "__main__":
    with torch.no_grad():
        main(sys.argv[1])
