"""Makes the golden vectors beside this file with the trainer's own model; see README.md.

    python3 generate.py --check        compare with the committed files
    python3 generate.py --out FOLDER   write them anew
"""

import argparse
import pathlib
import sys

import torch
from safetensors.torch import load_file, save_file

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parents[2] / "examples" / "training"))

from export import load, write  # noqa: E402
from lattice import first_states  # noqa: E402
from ldt import LDT  # noqa: E402
from model import Config  # noqa: E402

PASSES = 3
# 4x4 boards: tokens 1 for a blank, 2 to 5 for the digits.
PUZZLES = ["1...3..4..2..4.1", "................", "..3.4......2.1.."]


def new_model() -> LDT:
    """Random weights, every one of them large enough to matter."""
    torch.manual_seed(27)
    model = LDT(Config(
        seq_len=16, vocab_size=6, hidden_size=32, num_heads=2, expansion=2.0, H_cycles=2, L_cycles=1, L_layers=1,
        puzzle_emb_ndim=32))
    with torch.no_grad():
        for parameter in model.parameters():
            parameter += torch.randn_like(parameter) * 0.1
    return model


@torch.no_grad()
def vectors(model: LDT) -> dict[str, torch.Tensor]:
    """Three passes; after each some candidates go by chance, so that the sets are of every size, the empty one too."""
    generator = torch.Generator().manual_seed(5)
    tokens = torch.tensor([[1 if c == "." else 1 + int(c) for c in puzzle] for puzzle in PUZZLES])
    states = first_states(tokens, 6)
    z_H, z_L = model.fresh(len(tokens))
    bits = 1 << torch.arange(6)
    out = {"inputs": tokens.int()}
    for number in range(PASSES):
        out[f"{number}.candidates"] = (states * bits).sum(-1).int()
        z_H, z_L, logits, q = model(z_H, z_L, tokens, states)
        out |= {f"{number}.z_H": z_H, f"{number}.z_L": z_L, f"{number}.logits": logits, f"{number}.q_halt": q}
        states = states & (torch.rand(states.shape, generator=generator) < 0.7)
    return {name: tensor.contiguous() for name, tensor in out.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    action = parser.add_mutually_exclusive_group(required=True)
    action.add_argument("--check", action="store_true")
    action.add_argument("--out", type=pathlib.Path)
    options = parser.parse_args()
    torch.set_num_threads(1)
    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)
        model = new_model()
        write(model, "sudoku", str(options.out / "ldt.safetensors"))
        save_file(vectors(model), str(options.out / "ldt.float32.expected.safetensors"))
        return
    committed = load_file(FOLDER / "ldt.float32.expected.safetensors")
    found = vectors(load(str(FOLDER / "ldt.safetensors")))
    if found.keys() != committed.keys():
        sys.exit(f"other tensors: {sorted(found.keys() ^ committed.keys())}")
    worst = 0.0
    for name, tensor in committed.items():
        error = ((found[name] - tensor).float().norm() / tensor.float().norm()).item()
        worst = max(worst, error)
        print(f"{name}: relative difference {error:.2e}")
    sys.exit(0 if worst < 5e-5 else 1)


if __name__ == "__main__":
    main()
