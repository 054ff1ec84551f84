#!/usr/bin/env python3
"""Supervision steps per second: ptrmd against PyTorch on the same weights, taking turns in one run.

    python3 examples/benchmarks/compare_pytorch.py                     all shapes of `ptrmd bench`
    python3 examples/benchmarks/compare_pytorch.py mlp small --turns 5
    python3 examples/benchmarks/compare_pytorch.py --model sudoku.safetensors --rollouts 16

Each turn runs `ptrmd bench --json` once and each PyTorch variant (fp32 and bf16, eager and compiled) for about as long;
medians over the turns are printed, and how many times faster ptrmd is than the best variant. Needs torch and numpy.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import torch

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests/Fixtures/trm"))
from reference_trm import TRM, write_safetensors  # noqa: E402  the compact TRM that the golden vectors come from

# Rollouts and configuration, as in Sources/StepBenchmarking/BenchmarkShape.swift.
SHAPES = {
    "mlp": (8, dict(seq_len=81, H_cycles=3, L_cycles=6, mlp_t=True)),
    "attention": (8, dict(seq_len=100, H_cycles=3, L_cycles=4, mlp_t=False)),
    "attention-long": (2, dict(seq_len=900, H_cycles=3, L_cycles=4, mlp_t=False)),
    "small": (16, dict(seq_len=81, H_cycles=2, L_cycles=2, mlp_t=True, hidden_size=128, num_heads=4,
                       puzzle_emb_ndim=128, puzzle_emb_len=1)),
}


def configuration(changes):
    config = dict(vocab_size=12, hidden_size=512, num_heads=8, expansion=4, L_layers=2, puzzle_emb_ndim=512,
                  puzzle_emb_len=16, num_puzzle_identifiers=1) | changes
    return config | {"pos_encodings": "none" if config["mlp_t"] else "rope"}


def random_model(path, config):
    """Writes a model of random weights of the reference's initial scale."""
    def intermediate(width):
        return -(-round(config["expansion"] * width * 2 / 3) // 256) * 256

    hidden, positions = config["hidden_size"], config["puzzle_emb_len"] + config["seq_len"]
    shapes = {"embed_tokens.embedding_weight": (config["vocab_size"], hidden), "lm_head.weight":
              (config["vocab_size"], hidden), "q_head.weight": (2, hidden), "q_head.bias": (2,), "H_init": (hidden,),
              "L_init": (hidden,), "puzzle_emb.weights": (1, config["puzzle_emb_ndim"])}
    for layer in range(config["L_layers"]):
        name = f"L_level.layers.{layer}"
        shapes |= {f"{name}.mlp.gate_up_proj.weight": (2 * intermediate(hidden), hidden),
                   f"{name}.mlp.down_proj.weight": (hidden, intermediate(hidden))}
        if config["mlp_t"]:
            shapes |= {f"{name}.mlp_t.gate_up_proj.weight": (2 * intermediate(positions), positions),
                       f"{name}.mlp_t.down_proj.weight": (positions, intermediate(positions))}
        else:
            shapes |= {f"{name}.self_attn.qkv_proj.weight": (3 * hidden, hidden),
                       f"{name}.self_attn.o_proj.weight": (hidden, hidden)}
    torch.manual_seed(1)
    tensors = {f"inner.{name}": torch.randn(shape) / (shape[-1] ** 0.5 if len(shape) > 1 else 1)
               for name, shape in shapes.items()}
    write_safetensors(path, tensors, {"trm.config": json.dumps(config)})


class Variant:
    """One way of PyTorch to step all rollouts together."""

    def __init__(self, path, dtype, compiled, rollouts):
        self.name = f"{'compiled' if compiled else 'eager'} {'bf16' if dtype is torch.bfloat16 else 'fp32'}"
        self.rollouts = rollouts
        self.model = TRM(path, dtype)
        self.step = torch.compile(self.model, dynamic=False) if compiled else self.model
        tokens = torch.arange(self.model.config["seq_len"]).remainder(self.model.config["vocab_size"])
        self.embedding = self.model.embed(tokens.expand(rollouts, -1), torch.zeros(rollouts))
        self.carry = self.model.fresh(rollouts)
        self.rates = []
        self.once()

    def once(self):
        z_H, z_L = self.carry
        self.carry = self.step(z_H, z_L + 0.2 * torch.randn_like(z_L), self.embedding)
        return self.model.heads_of(self.carry[0])[1]

    def turn(self, seconds):
        times, start = [], time.perf_counter()
        while not times or time.perf_counter() - start < seconds:
            before = time.perf_counter()
            self.once()
            times.append(time.perf_counter() - before)
        self.rates.append(self.rollouts / statistics.median(times))


def ptrmd(options, path, rollouts):
    command = [str(options.ptrmd), "bench", "--model", str(path), "--rollouts", str(rollouts), "--threads",
               str(options.threads), "--precision", options.precision, "--seconds", str(options.seconds), "--json"]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def compare(options, name, path, rollouts):
    variants = []
    for dtype in (getattr(torch, name) for name in options.dtypes):
        for compiled in (False,) if options.eager else (False, True):
            try:
                variants.append(Variant(path, dtype, compiled, rollouts))
            except Exception as error:  # no C++ compiler for Inductor, or a type this CPU lacks: say so, go on
                print(f"  left out: {'compiled' if compiled else 'eager'} {dtype}: {str(error).splitlines()[0]}")
    reports = []
    for _ in range(options.turns):
        reports.append(ptrmd(options, path, rollouts))
        for variant in variants:
            variant.turn(options.seconds)
    last = reports[-1]
    ours = statistics.median(report["steps_per_second"] for report in reports)
    share = statistics.median(report["share_of_peak"] for report in reports)
    print(f"{name}: {last['positions']} positions x {last['hidden_size']}, {rollouts} rollouts")
    print(f"  {'ptrmd ' + last['instruction_set'] + ' ' + last['precision']:24}{ours:8.2f} rollout-steps/s, "
          f"{100 * share:.1f} % of the register-only peak")
    rates = {variant.name: statistics.median(variant.rates) for variant in variants}
    for variant, rate in rates.items():
        print(f"  {'PyTorch ' + variant:24}{rate:8.2f} rollout-steps/s")
    best = max(rates, key=rates.get)
    print(f"  {ours / rates[best]:.2f} times the best PyTorch variant ({best})", flush=True)


@torch.no_grad()
def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shapes", nargs="*", metavar="shape", help=f"of {', '.join(SHAPES)}; default: all")
    parser.add_argument("--model", type=pathlib.Path, help="a model file instead of random weights")
    parser.add_argument("--rollouts", type=int, help="alive together; default: what the shape is measured with")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--precision", default="auto", help="of ptrmd: auto, fp32 or bf16")
    parser.add_argument("--dtypes", nargs="+", default=["float32", "bfloat16"], choices=["float32", "bfloat16"],
                        help="of PyTorch; its bfloat16 takes minutes where the CPU has no such arithmetic")
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0, help="of each measurement")
    parser.add_argument("--eager", action="store_true", help="leave out torch.compile, which takes minutes to start")
    parser.add_argument("--ptrmd", type=pathlib.Path, default=ROOT / ".build/release/ptrmd")
    options = parser.parse_args()
    if unknown := [name for name in options.shapes if name not in SHAPES]:
        parser.error(f"there is no shape {unknown[0]}; there are {', '.join(SHAPES)}")
    torch.set_num_threads(options.threads)
    print(f"PyTorch {torch.__version__}, {options.threads} threads, medians of {options.turns} turns")
    if options.model:
        return compare(options, options.model.name, options.model, options.rollouts or 8)
    with tempfile.TemporaryDirectory() as folder:
        for name in options.shapes or SHAPES:
            rollouts, changes = SHAPES[name]
            path = pathlib.Path(folder) / f"{name}.safetensors"
            random_model(path, configuration(changes))
            compare(options, name, path, options.rollouts or rollouts)


if __name__ == "__main__":
    main()
