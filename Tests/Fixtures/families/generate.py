"""Recomputes the golden vectors beside this file; see README.md.

    python3 generate.py --check        compare with the committed files
    python3 generate.py --out FOLDER   write them anew
"""

import argparse
import pathlib
import sys

import torch

from reference_family import LOWS, Family
from reference_trm import read_safetensors, write_safetensors

NAMES = ["hrm_rope", "hrm_learned_noemb", "hrm_mlp", "singlez_rope", "singlez_mlp", "hier6_rope"]
NANO = ["nano_mlp", "nano_rope1d", "nano_rope2d", "nano_board", "nano_sequence"]
CHAINS = {"det": [], "noise_z_L": ["z_L"], "noise_z_H": ["z_H"], "noise_z_L_all": LOWS}
STEPS = 3


@torch.no_grad()
def vectors(path, given, dtypes):
    """{"float32": ...}: the inputs, the noise, and every step of every chain that the committed file has."""
    models = {kind: Family(path, dtype) for kind, dtype in dtypes.items()}
    inputs = {key: given[key] for key in ("inputs", "puzzle_identifiers", "noise")}
    out = {kind: dict(inputs) for kind in models}
    for chain in sorted({key.split(".")[0] for key in given if "." in key}):
        carry = models["float32"].fresh(inputs["inputs"].shape[0])
        for step in range(STEPS):
            for latent in CHAINS[chain]:
                carry[latent] = carry[latent] + inputs["noise"][step]
            for kind, model in models.items():
                start = {name: value.to(model.dtype) for name, value in carry.items()}
                end = model(start, model.embed(inputs["inputs"], inputs["puzzle_identifiers"]))
                logits, q = model.heads_of(end[model.read_out])
                results = {name: value.float() for name, value in end.items()} | {"logits": logits, "q_halt": q}
                out[kind].update({f"{chain}.{step}.{key}": value for key, value in results.items()})
            # Both precisions take the next step from the float32 carry.
            carry = {key: out["float32"][f"{chain}.{step}.{key}"] for key in carry}
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    action = parser.add_mutually_exclusive_group(required=True)
    action.add_argument("--check", action="store_true")
    action.add_argument("--out", type=pathlib.Path)
    options = parser.parse_args()
    torch.set_num_threads(1)
    folder = pathlib.Path(__file__).resolve().parent
    worst = {"float32": 0.0, "bfloat16": 0.0}
    for name in NAMES + NANO:
        dtypes = {"float32": torch.float32} | ({"bfloat16": torch.bfloat16} if name in NAMES else {})
        committed = {kind: read_safetensors(folder / f"{name}.{kind}.expected.safetensors")[0] for kind in dtypes}
        path = folder / f"{name}.{'ckpt' if name in NANO else 'safetensors'}"
        for kind, tensors in vectors(path, committed["float32"], dtypes).items():
            file = f"{name}.{kind}.expected.safetensors"
            if options.out:
                options.out.mkdir(parents=True, exist_ok=True)
                write_safetensors(options.out / file, tensors)
                continue
            if tensors.keys() != committed[kind].keys():
                sys.exit(f"{file}: other tensors: {sorted(tensors.keys() ^ committed[kind].keys())}")
            for part in sorted({key.split(".")[2] for key in tensors if "." in key}):
                names = [key for key in tensors if key.endswith(f".{part}")]
                difference = sum((tensors[key] - committed[kind][key]).square().sum() for key in names).sqrt()
                error = (difference / sum(committed[kind][key].square().sum() for key in names).sqrt()).item()
                worst[kind] = max(worst[kind], error)
                print(f"{file} {part}: relative difference {error:.2e}")
    if options.check:
        print(f"worst: float32 {worst['float32']:.2e}, bfloat16 {worst['bfloat16']:.2e}")
        sys.exit(0 if worst["float32"] < 5e-5 and worst["bfloat16"] < 0.05 else 1)


if __name__ == "__main__":
    main()
