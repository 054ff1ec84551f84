#!/usr/bin/env python3
"""Supervision steps per second: ptrmd against PyTorch, OpenVINO and ONNX Runtime on the same weights, taking turns in one run.

    pip install -r examples/benchmarks/requirements.txt
    python3 examples/benchmarks/compare.py                        all shapes of `ptrmd bench`
    python3 examples/benchmarks/compare.py mlp small --turns 5 --peers eager openvino
    python3 examples/benchmarks/compare.py --model Sources/CBundledFiles/models/sudoku-9x9.safetensors --rollouts 16

Each turn measures `ptrmd bench` in each precision once and each peer for about as long; medians over the turns are printed. Beside
the speed stand the error of the logits after one step (to those of PyTorch in fp32: the norm of the difference to their norm), and the
share of cells that are the same after four. A peer is as accurate as ptrmd where its error is at most 1.25 times as large; the ratio is
to the fastest of those. A peer that is not installed, or cannot do a kind of arithmetic, is left out and named.
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

import numpy as np
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


class Peer:
    """One way to step all rollouts together; `step` takes and gives NumPy arrays or tensors (z_H, z_L, embedding) -> (z_H, z_L)."""

    def __init__(self, name, kind, reference, rollouts):
        self.name, self.kind, self.rollouts, self.rates = name, kind, rollouts, []
        self.embedding, self.fresh, self.heads = reference.embedding, reference.fresh, reference.heads
        self.prepare(reference)
        self.outputs = self.noiseless(reference)
        self.carry = self.start()
        self.once()

    def start(self):
        return self.fresh

    def noiseless(self, reference):
        """(logits after one step, tokens after four) of one rollout without noise."""
        carry, logits = self.start(), []
        for _ in range(4):
            carry = self.step(carry[0], carry[1], self.embedding)
            logits.append(reference.heads(torch.as_tensor(carry[0][:1])))
        return logits[0], logits[3].argmax(-1)

    def once(self):
        z_H, z_L = self.carry
        self.carry = self.step(z_H, z_L + self.noise(z_L), self.embedding)

    def turn(self, seconds):
        times, start = [], time.perf_counter()
        while not times or time.perf_counter() - start < seconds:
            before = time.perf_counter()
            self.once()
            times.append(time.perf_counter() - before)
        self.rates.append(self.rollouts / statistics.median(times))


class PyTorch(Peer):
    MODES = {"eager": None, "compiled": {}, "max-autotune": {"mode": "max-autotune-no-cudagraphs"}}

    def prepare(self, reference):
        dtype = torch.bfloat16 if self.kind == "bf16" else torch.float32
        model = TRM(reference.path, dtype)
        options = self.MODES[self.name]
        self.step = model if options is None else torch.compile(model, dynamic=False, **options)
        self.fresh = tuple(value.to(dtype) for value in reference.fresh)
        self.embedding = model.embed(reference.tokens, torch.zeros(self.rollouts))

    def noise(self, z):
        return 0.2 * torch.randn_like(z)


class Exported(Peer):
    """A peer that runs the exported graph on NumPy arrays."""

    def start(self):
        return tuple(value.numpy() for value in self.fresh)

    def noise(self, z):
        return 0.2 * np.random.standard_normal(z.shape).astype(np.float32)


class ONNXRuntime(Exported):
    def prepare(self, reference):
        import onnxruntime
        if self.kind == "bf16":
            raise ValueError("its CPU kernels have no bf16")
        path = reference.onnx()
        if self.kind == "int8":
            from onnxruntime.quantization import QuantType, quantize_dynamic
            whole = path.with_suffix(".int8.onnx")
            quantize_dynamic(path, whole, per_channel=True, weight_type=QuantType.QInt8)
            path = whole
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = torch.get_num_threads()
        session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        self.embedding = reference.embedding.numpy()
        names = [value.name for value in session.get_inputs()]
        self.step = lambda *values: session.run(None, dict(zip(names, values)))


class OpenVINO(Exported):
    def prepare(self, reference):
        import openvino
        model = openvino.convert_model(reference.onnx())
        settings = {"INFERENCE_NUM_THREADS": torch.get_num_threads(), "PERFORMANCE_HINT": "LATENCY",
                    "INFERENCE_PRECISION_HINT": "bf16" if self.kind == "bf16" else "f32"}
        if self.kind == "int8":
            import nncf
            model = nncf.compress_weights(model, mode=nncf.CompressWeightsMode.INT8_SYM)
            settings["DYNAMIC_QUANTIZATION_GROUP_SIZE"] = 128
        request = openvino.Core().compile_model(model, "CPU", settings).create_infer_request()
        self.embedding = reference.embedding.numpy()

        def step(*values):
            results = request.infer(list(values), share_inputs=True)
            return results[0].copy(), results[1].copy()
        self.step = step


PEERS = {"eager": PyTorch, "compiled": PyTorch, "max-autotune": PyTorch, "openvino": OpenVINO, "onnxruntime": ONNXRuntime}


class Reference:
    """PyTorch's eager fp32, whose outputs the others are compared with, and what all of them start from."""

    def __init__(self, path, rollouts, folder):
        self.path, self.folder = path, folder
        self.model = TRM(path)
        config = self.model.config
        self.tokens = torch.arange(config["seq_len"]).remainder(config["vocab_size"]).expand(rollouts, -1)
        self.embedding = self.model.embed(self.tokens, torch.zeros(rollouts))
        self.fresh = self.model.fresh(rollouts)

    def heads(self, z_H):
        return self.model.heads_of(z_H.float())[0][0]

    def onnx(self):
        path = pathlib.Path(self.folder) / "model.onnx"
        if not path.exists():
            torch.onnx.export(self.model, (*self.fresh, self.embedding), path, dynamo=False, opset_version=17,
                              input_names=["z_H", "z_L", "embedding"], output_names=["next_H", "next_L"])
        return path


def ptrmd(options, path, rollouts, precision, seconds):
    command = [str(options.ptrmd), "bench", "--model", str(path), "--rollouts", str(rollouts), "--threads",
               str(options.threads), "--precision", precision, "--seconds", str(seconds), "--json", "--outputs"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise ValueError(done.stderr.strip())
    return json.loads(done.stdout)


def compare(options, name, path, rollouts):
    with tempfile.TemporaryDirectory() as folder:
        reference = Reference(path, rollouts, folder)
        exact = PyTorch("eager", "fp32", reference, rollouts).outputs

        def accuracy(outputs):
            logits, tokens = outputs
            error = float((logits - exact[0]).norm() / exact[0].norm())
            return error, float((tokens == exact[1]).float().mean())

        rows = []  # (name, kind, rates, error, share of equal cells)
        for precision in options.precisions:
            try:
                outputs = ptrmd(options, path, rollouts, precision, 0.01)["outputs"]
            except ValueError as error:
                print(f"  left out: ptrmd {precision}: {error}")
                continue
            logits = torch.tensor(outputs["logits"]).view_as(exact[0])
            rows.append(("ptrmd", precision, [], *accuracy((logits, torch.tensor(outputs["tokens"])))))
        peers = []
        for peer in options.peers:
            for kind in options.kinds:
                if kind == "int8" and PEERS[peer] is PyTorch:
                    continue
                try:
                    peers.append(PEERS[peer](peer, kind, reference, rollouts))
                except Exception as error:  # not installed, no C++ compiler, or a type this CPU lacks: say so, go on
                    print(f"  left out: {peer} {kind}: {(str(error) or repr(error)).splitlines()[0]}")
        for _ in range(options.turns):
            for row in rows:
                row[2].append(ptrmd(options, path, rollouts, row[1], options.seconds)["steps_per_second"])
            for peer in peers:
                peer.turn(options.seconds)
        rows += [(peer.name, peer.kind, peer.rates, *accuracy(peer.outputs)) for peer in peers]
        show(name, rollouts, rows)


def show(name, rollouts, rows):
    print(f"{name}, {rollouts} rollouts")
    print("| | rollout-steps/s | error after a step | equal cells after four | ptrmd to the fastest as accurate |\n"
          "|---|---|---|---|---|")
    for who, kind, rates, error, equal in rows:
        rate, ratio = statistics.median(rates), ""
        if who == "ptrmd":
            as_good = [(statistics.median(row[2]), f"{row[0]} {row[1]}") for row in rows
                       if row[0] != "ptrmd" and row[3] <= 1.25 * error + 1e-5]
            if as_good:
                best = max(as_good)
                ratio = f"{rate / best[0]:.2f} ({best[1]})"
        print(f"| {who} {kind} | {rate:.2f} | {error:.1e} | {100 * equal:.0f} % | {ratio} |", flush=True)


@torch.no_grad()
def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shapes", nargs="*", metavar="shape", help=f"of {', '.join(SHAPES)}; default: all")
    parser.add_argument("--model", type=pathlib.Path, help="a model file instead of random weights")
    parser.add_argument("--rollouts", type=int, help="alive together; default: what the shape is measured with")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--precisions", nargs="+", default=["auto", "fp32", "int8"], help="of ptrmd")
    parser.add_argument("--peers", nargs="+", default=list(PEERS), choices=list(PEERS))
    parser.add_argument("--kinds", nargs="+", default=["fp32", "int8"], choices=["fp32", "bf16", "int8"],
                        help="of the peers; PyTorch's bf16 takes minutes where the CPU has no such arithmetic")
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0, help="of each measurement")
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
