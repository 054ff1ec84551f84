"""Does a drift along the gradient of Q help the noise? PTRM's Appendix C asks it of Langevin dynamics; here on the bundled
sudoku model. An experiment only: ptrmd has no gradients.

    ptrmd generate --task sudoku --minimal --hard --count 24 --seed 990 > puzzles.ndjson
    python langevin.py puzzles.ndjson

Before each supervision step z_H takes sigma * noise + drift * g, where g is the gradient of log sigmoid(Q after the next
step) by z_H, scaled to a root mean square of 1. A gradient costs a step more and its backward pass, about three steps.
"""

import json
import os
import sys
import time

import torch
import torch.nn.functional as F

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../training"))
from export import load  # noqa: E402

MODEL = os.path.join(HERE, "../../Sources/CBundledFiles/models/sudoku-9x9.safetensors")


def bundled():
    return load(MODEL).requires_grad_(False)


def differentiable_step(model, z_H, z_L, tokens):
    """`TRM.forward` lets gradients into its last cycle only."""
    e = model.embed(tokens, z_H.dtype)
    for _ in range(model.config.H_cycles):
        z_H, z_L = model.cycle(z_H, z_L, e, None)
    return model.q_head(z_H[:, 0])[:, 0]


def rollouts(model, tokens, depth, sigma, drift, noise):
    """The Q logits [steps, rollouts] and the boards [steps, rollouts, cells]."""
    z_H, z_L = model.fresh(len(tokens))
    q_all, boards = [], []
    for _ in range(depth):
        push = sigma * torch.randn(z_H.shape, generator=noise)
        if drift:
            z = z_H.clone().requires_grad_()
            with torch.enable_grad():
                loss = F.logsigmoid(differentiable_step(model, z, z_L, tokens)).sum()
                gradient = torch.autograd.grad(loss, z)[0]
            push = push + drift * gradient / gradient.square().mean((1, 2), keepdim=True).sqrt().clamp(min=1e-12)
        z_H, z_L, logits, q = model(z_H + push, z_L, tokens)
        q_all.append(q)
        boards.append(logits.argmax(-1))
    return torch.stack(q_all), torch.stack(boards)


def main(path, depth=16):
    model = bundled()
    puzzles = [json.loads(line) for line in open(path)]
    print(f"{len(puzzles)} puzzles, D = {depth}")
    print("| sigma | drift | K | single rollout | right at some step | best-Q@K | first q >= 2 right | steps to it | seconds |")
    print("|---|---|---|---|---|---|---|---|---|")
    # The second takes about as long as those with a drift.
    arms = ((0.3, 0, 8), (0.3, 0, 28), (0.3, 0.03, 8), (0.3, 0.1, 8), (0.3, 0.3, 8), (0, 0.1, 8), (0, 0.3, 8))
    for sigma, drift, width in arms:
        noise, begun = torch.Generator().manual_seed(0), time.time()
        single = passed = best = offered = 0
        steps = []
        for puzzle in puzzles:
            tokens = torch.tensor([1 if c in ".0" else int(c) + 1 for c in puzzle["puzzle"]]).expand(width, -1)
            wanted = torch.tensor([int(c) + 1 for c in puzzle["solution"]])
            q, boards = rollouts(model, tokens, depth, sigma, drift, noise)
            right = (boards == wanted).all(-1)
            single += right[-1].float().mean().item()
            passed += bool(right.any())
            best += bool(right[-1, q[-1].argmax()])
            above = (q >= 2).any(1).nonzero()
            if len(above):
                t = int(above[0])
                offered += bool(right[t, q[t].argmax()])
                steps.append((t + 1) * width)
        n = len(puzzles)
        print(
            f"| {sigma} | {drift} | {width} | {single / n:.1%} | {passed / n:.1%} | {best / n:.1%} | {offered} of {len(steps)} "
            f"| {sum(steps) / max(1, len(steps)):.1f} | {time.time() - begun:.0f} |", flush=True)


if __name__ == "__main__":
    with torch.no_grad():
        main(sys.argv[1])
