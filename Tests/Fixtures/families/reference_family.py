"""The other members of the family in plain PyTorch, for comparison: TRM with one latent or seven, HRM, and nano-trm's
variants, one supervision step at a time. The layers are those of ../trm/reference_trm.py; a step is described by data."""

import json
import pathlib
import sys

import torch
import torch.nn.functional as F

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "trm"))
from reference_trm import TRM, read_safetensors  # noqa: E402

# Latents, and for each update of an outer cycle: target, stack, what is added up, and whether the input is added too.
LOWS = [f"z_L{i}" for i in range(1, 7)]


def recursion(config):
    cycles, arch = config["L_cycles"], config.get("arch", "trm")
    if arch == "trm_singlez":
        think, answer = ("z_L", "L_level", ["z_L"], True), ("z_L", "L_level", ["z_L"], False)
        return {"z_L": "L_init"}, [think] * cycles + [answer]
    if arch == "trm_hier6":
        latents = {name: f"L{i}_init" for i, name in enumerate(LOWS, 1)} | {"z_H": "H_init"}
        think = [(name, "L_level", LOWS + ["z_H"], True) for name in LOWS[:cycles]]
        return latents, think + [("z_H", "L_level", ["z_H"] + LOWS, False)]
    upper = "H_level" if arch == "hrm" else "L_level"
    think, answer = ("z_L", "L_level", ["z_L", "z_H"], True), ("z_H", upper, ["z_H", "z_L"], False)
    return {"z_H": "H_init", "z_L": "L_init"}, [think] * cycles + [answer]


def averaged_nano(path):
    """(tensors, config) of a Lightning checkpoint of nano-trm, by the reference code's names."""
    checkpoint = torch.load(path, map_location="cpu", weights_only=False)
    tensors = dict(checkpoint["state_dict"])
    tensors.update(checkpoint["callbacks"]["EMACallback"]["shadow"])
    renamed = {}
    for name, value in tensors.items():
        for nano, reference in [("z_H_init", "H_init"), ("z_L_init", "L_init"), ("lenet.", "L_level."),
                                ("input_embedding.", "embed_tokens.")]:
            if name.startswith(nano):
                name = reference + name[len(nano):]
        renamed["inner." + name] = value
    given = checkpoint["hyper_parameters"]
    config = {key: given[key] for key in ("hidden_size", "num_heads", "H_cycles", "L_cycles", "vocab_size", "seq_len",
                                          "rope_theta", "puzzle_emb_len")}
    config |= {"L_layers": given["num_layers"], "expansion": given["ffn_expansion"], "mlp_t": given["use_mlp_t"],
               "puzzle_emb_ndim": given["puzzle_emb_dim"],
               "mlp_conv": "board" if given["use_board_swiglu"] else "sequence" if given["use_conv_swiglu"] else "none",
               "pos_encodings": {"1d": "rope", "2d": "rope2d"}.get(given["pos_emb_type"], "none")}
    return renamed, config


class Family(TRM):
    def __init__(self, path, dtype=torch.float32):
        if path.suffix == ".ckpt":
            tensors, config = averaged_nano(path)
        else:
            tensors, metadata = read_safetensors(path)
            config = json.loads(metadata["trm.config"])
        config.setdefault("mlp_t", False)
        if config.get("arch") == "hrm":
            config["puzzle_emb_len"] = 0
        self.setup(tensors, config, dtype)
        self.latents, self.cycle = recursion(config)
        self.read_out = "z_L" if "z_H" not in self.latents else "z_H"
        if config["pos_encodings"] == "rope2d" and not config["mlp_t"]:
            self.turn_by_row_and_column()

    def turn_by_row_and_column(self):
        half = self.hidden // self.heads // 2
        frequencies = 1.0 / (self.config["rope_theta"] ** (torch.arange(half, dtype=torch.float32) / half))
        side = int(self.config["seq_len"] ** 0.5)
        cells = torch.arange(side * side)
        quarter = frequencies[:half // 2]
        board = torch.cat([torch.outer((cells // side).float(), quarter), torch.outer((cells % side).float(), quarter)], -1)
        slots = torch.outer(torch.arange(self.slots, dtype=torch.float32), frequencies)
        angles = torch.cat([slots, board])
        self.angles = torch.cat((angles, angles), -1)
        self.register_buffer("cos", self.angles.cos(), persistent=False)
        self.register_buffer("sin", self.angles.sin(), persistent=False)

    def swiglu(self, x, name):
        convolution = self.config.get("mlp_conv", "none")
        if convolution == "none" or name.endswith("mlp_t"):
            return super().swiglu(x, name)
        both = F.linear(x, self.weight(f"{name}.gate_up_proj.weight"))
        if convolution == "sequence":
            both = F.conv1d(both.transpose(1, 2), self.weight(f"{name}.dwconv.weight"), self.weight(f"{name}.dwconv.bias"),
                            padding=1, groups=both.shape[-1]).transpose(1, 2)
            gate, up = both.chunk(2, -1)
            return F.linear(F.silu(gate) * up, self.weight(f"{name}.down_proj.weight"))
        side = int(self.config["seq_len"] ** 0.5)
        slots, board = both[:, :self.slots], both[:, self.slots:]
        image = board.transpose(1, 2).reshape(len(x), -1, side, side)
        image = F.conv2d(image, self.weight(f"{name}.board_conv.weight"), self.weight(f"{name}.board_conv.bias"),
                         padding=1, groups=image.shape[1])
        gate, up = torch.cat([slots, image.flatten(2).transpose(1, 2)], 1).chunk(2, -1)
        return F.linear(F.silu(gate) * up, self.weight(f"{name}.down_proj.weight"))

    def stack(self, name, x):
        layer = 0
        while any(key.startswith(f"{name}/layers/{layer}/") for key in self.weights):
            x = self.layer(x, f"{name}.layers.{layer}")
            layer += 1
        return x

    def forward(self, carry, e):
        carry = dict(carry)
        for _ in range(self.config["H_cycles"]):
            for target, stack, addends, adds_input in self.cycle:
                x = carry[addends[0]]
                # As the reference: low-level latents are added up, and what is injected is added to the sum.
                if stack == "L_level" and len(addends) > 2 and adds_input:
                    x = sum((carry[name] for name in addends[1:-1]), x) + (carry[addends[-1]] + e)
                elif len(addends) > 1:
                    injected = sum((carry[name] for name in addends[2:]), carry[addends[1]])
                    x = x + (injected + e if adds_input else injected)
                elif adds_input:
                    x = x + e
                carry[target] = self.stack(stack, x)
        return carry

    def fresh(self, batch):
        shape = (batch, self.positions, self.hidden)
        return {name: self.weight(initial).expand(shape).clone() for name, initial in self.latents.items()}
