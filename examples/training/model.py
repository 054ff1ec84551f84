"""A Tiny Recursive Model whose state dict has the tensor names of the public TRM checkpoints (arXiv 2510.04871)."""

import math
from dataclasses import asdict, dataclass

import torch
import torch.nn as nn
import torch.nn.functional as F


@dataclass
class Config:
    """The keys of `trm.config`, in the words of the public reference code."""

    seq_len: int
    vocab_size: int
    hidden_size: int = 128
    num_heads: int = 4
    expansion: float = 4.0
    H_cycles: int = 2
    L_cycles: int = 2
    L_layers: int = 2
    mlp_t: bool = False
    pos_encodings: str = "learned"
    puzzle_emb_ndim: int = 128
    puzzle_emb_len: int = 1
    num_puzzle_identifiers: int = 1
    rms_norm_eps: float = 1e-5
    rope_theta: float = 10000.0

    @property
    def positions(self) -> int:
        return self.seq_len + self.puzzle_emb_len

    def dictionary(self) -> dict:
        return asdict(self)


def truncated_normal(*shape: int, std: float) -> torch.Tensor:
    return nn.init.trunc_normal_(torch.empty(shape), std=std, a=-2 * std, b=2 * std)


def intermediate(width: int, expansion: float) -> int:
    """Width of a SwiGLU over `width` channels: two thirds of the expansion, up to a multiple of 256."""
    return -(round(expansion * width * 2 / 3) // -256) * 256


class Linear(nn.Module):
    def __init__(self, inputs: int, outputs: int, bias: bool = False):
        super().__init__()
        self.weight = nn.Parameter(truncated_normal(outputs, inputs, std=inputs**-0.5))
        self.bias = nn.Parameter(torch.zeros(outputs)) if bias else None

    def forward(self, x):
        return F.linear(x, self.weight.to(x.dtype), None if self.bias is None else self.bias.to(x.dtype))


class Embedding(nn.Module):
    def __init__(self, rows: int, width: int):
        super().__init__()
        self.embedding_weight = nn.Parameter(truncated_normal(rows, width, std=width**-0.5))


class PuzzleEmbedding(nn.Module):
    def __init__(self, rows: int, width: int):
        super().__init__()
        self.weights = nn.Parameter(torch.zeros(rows, width))


class SwiGLU(nn.Module):
    def __init__(self, width: int, expansion: float):
        super().__init__()
        inner = intermediate(width, expansion)
        self.gate_up_proj = Linear(width, 2 * inner)
        self.down_proj = Linear(inner, width)

    def forward(self, x):
        gate, up = self.gate_up_proj(x).chunk(2, -1)
        return self.down_proj(F.silu(gate) * up)


def half_turn(x):
    first, second = x.chunk(2, -1)
    return torch.cat((-second, first), -1)


class Attention(nn.Module):
    def __init__(self, config: Config):
        super().__init__()
        self.heads = config.num_heads
        self.qkv_proj = Linear(config.hidden_size, 3 * config.hidden_size)
        self.o_proj = Linear(config.hidden_size, config.hidden_size)

    def forward(self, x, rotation):
        batch, length, width = x.shape
        size = width // self.heads
        q, k, v = self.qkv_proj(x).view(batch, length, 3, self.heads, size).unbind(2)
        if rotation is not None:
            cos, sin = (part[:, None] for part in rotation)
            q, k = ((t.float() * cos + half_turn(t.float()) * sin).to(x.dtype) for t in (q, k))
        q, k, v = (t.transpose(1, 2) for t in (q, k, v))
        if x.is_cuda:
            out = F.scaled_dot_product_attention(q, k, v)
        else:
            # Spelled out, two matrix products are faster on a CPU than the fused kernel, its backward pass above all.
            q, k, v = (t.reshape(batch * self.heads, length, size) for t in (q, k, v))
            shares = torch.softmax(torch.bmm(q, k.transpose(1, 2)) * size**-0.5, -1)
            out = torch.bmm(shares, v).view(batch, self.heads, length, size)
        return self.o_proj(out.transpose(1, 2).reshape(batch, length, width))


class Block(nn.Module):
    def __init__(self, config: Config):
        super().__init__()
        self.eps = config.rms_norm_eps
        if config.mlp_t:
            self.mlp_t = SwiGLU(config.positions, config.expansion)
        else:
            self.self_attn = Attention(config)
        self.mlp = SwiGLU(config.hidden_size, config.expansion)

    def norm(self, x):
        wide = x.float()
        return (wide * torch.rsqrt(wide.square().mean(-1, keepdim=True) + self.eps)).to(x.dtype)

    def forward(self, x, rotation):
        if hasattr(self, "mlp_t"):
            turned = x.transpose(1, 2)
            x = self.norm(turned + self.mlp_t(turned)).transpose(1, 2)
        else:
            x = self.norm(x + self.self_attn(x, rotation))
        return self.norm(x + self.mlp(x))


class Level(nn.Module):
    def __init__(self, config: Config):
        super().__init__()
        self.layers = nn.ModuleList(Block(config) for _ in range(config.L_layers))

    def forward(self, state, injection, rotation):
        x = state + injection
        for layer in self.layers:
            x = layer(x, rotation)
        return x


class TRM(nn.Module):
    """One call is one supervision step: `H_cycles` times (`L_cycles` z_L updates, one z_H update)."""

    def __init__(self, config: Config):
        super().__init__()
        self.config = config
        width = config.hidden_size
        self.embed_tokens = Embedding(config.vocab_size, width)
        self.lm_head = Linear(width, config.vocab_size)
        self.q_head = Linear(width, 2, bias=True)
        self.puzzle_emb = PuzzleEmbedding(config.num_puzzle_identifiers, config.puzzle_emb_ndim)
        if config.pos_encodings == "learned":
            self.embed_pos = Embedding(config.positions, width)
        self.L_level = Level(config)
        self.register_buffer("H_init", truncated_normal(width, std=1.0))
        self.register_buffer("L_init", truncated_normal(width, std=1.0))
        if config.pos_encodings == "rope":
            size = width // config.num_heads
            turns = config.rope_theta ** (-torch.arange(0, size, 2).float() / size)
            angles = torch.outer(torch.arange(config.positions).float(), turns).repeat(1, 2)
            self.register_buffer("cos", angles.cos(), persistent=False)
            self.register_buffer("sin", angles.sin(), persistent=False)
        with torch.no_grad():
            # The Q head starts at "not solved", so that no slot halts before it has learned anything.
            self.q_head.weight.zero_()
            self.q_head.bias.fill_(-5)

    def fresh(self, batch: int, dtype=torch.float32):
        """The carry (z_H, z_L) of a puzzle not yet begun."""
        shape = (batch, self.config.positions, self.config.hidden_size)
        return tuple(init.to(dtype).expand(shape).clone() for init in (self.H_init, self.L_init))

    def embed_cells(self, tokens, dtype):
        table = self.embed_tokens.embedding_weight.to(dtype)
        if tokens.dim() == 3:
            # Clues, and what has been revealed besides (training only).
            return F.embedding(tokens[..., 0], table) + F.embedding(tokens[..., 1], table) * (tokens[..., 1:] > 0)
        return F.embedding(tokens, table)

    def embed(self, e):
        """What each position is told in every update, from the embeddings of the cells."""
        config, width, dtype = self.config, self.config.hidden_size, e.dtype
        if config.puzzle_emb_len:
            row = self.puzzle_emb.weights[0].to(dtype)
            row = F.pad(row, (0, config.puzzle_emb_len * width - row.shape[-1])).view(1, -1, width)
            e = torch.cat((row.expand(len(e), -1, -1), e), 1)
        if config.pos_encodings == "learned":
            e = math.sqrt(0.5) * (e + self.embed_pos.embedding_weight.to(dtype))
        return math.sqrt(width) * e

    def cycle(self, z_H, z_L, e, rotation):
        for _ in range(self.config.L_cycles):
            z_L = self.L_level(z_L, z_H + e, rotation)
        return self.L_level(z_H, z_L, rotation), z_L

    def forward(self, z_H, z_L, tokens):
        """Takes tokens [batch, seq_len], or [batch, seq_len, 2] where clues and revealed cells are told apart. Gives z_H,
        z_L, the logits [batch, seq_len, vocab_size] and the halt logits [batch]."""
        return self.step(z_H, z_L, self.embed(self.embed_cells(tokens, z_H.dtype)))

    def step(self, z_H, z_L, e):
        rotation = (self.cos, self.sin) if self.config.pos_encodings == "rope" else None
        with torch.no_grad():
            for _ in range(self.config.H_cycles - 1):
                z_H, z_L = self.cycle(z_H, z_L, e, rotation)
        z_H, z_L = self.cycle(z_H, z_L, e, rotation)
        return z_H, z_L, self.lm_head(z_H)[:, self.config.puzzle_emb_len :], self.q_head(z_H[:, 0]).float()[:, 0]
