"""What a model begins with: knowledge of boards and tokens instead of chance, or a model of other boards."""

import dataclasses
import math

import torch

from model import TRM


@torch.no_grad()
def start_from_parts(model: TRM, parts: torch.Tensor):
    """Lets the embeddings of tokens that say several things start as the sum of an embedding for each thing, so that what
    is learned of a border or a number holds for all tokens with it. `parts` is [vocab_size, things]."""
    table = model.embed_tokens.embedding_weight
    several = parts.sum(1) > 0
    things = torch.randn(parts.shape[1], table.shape[1]) * table.std() / parts[several].sum(1).mean().sqrt()
    things[:, table.abs().sum(0) == 0] = 0  # channels that are kept free
    table[several] = (parts @ things)[several]


def wave_speeds(model: TRM, side: int, most: int = 8) -> torch.Tensor:
    """How far each wave turns from one row or column to the next, [frequencies]; the slowest turns half around on boards
    of `side`. Twice as far they begin again."""
    width, size = model.config.hidden_size, model.config.hidden_size // model.config.num_heads
    return math.pi * torch.arange(1, min(most, size // 4, width // 4) + 1) / side


def wave_table(speeds: torch.Tensor, side: int, width: int, amplitude: float = 1.5) -> torch.Tensor:
    """Sines and cosines of row and of column on the first channels, [side, side, width]."""
    angles = torch.arange(side)[:, None] * speeds
    waves = torch.cat((angles.sin(), angles.cos()), 1) * amplitude * math.sqrt(2.0 / width)
    count = 2 * len(speeds)
    table = torch.zeros(side, side, width)
    table[:, :, :count] = waves[:, None]
    table[:, :, count : 2 * count] = waves[None, :]
    return table


@torch.no_grad()
def start_on_a_grid(model: TRM, layers: int, waves: int | None = None, gain: float = 1.5):
    """Lets a small attention model begin with what a board is, instead of spending its short training on it.

    The learned positions start as sines and cosines of row and column, and the first four heads of the first `layers`
    layers attend to the four cells next to a cell, so that news can travel cell by cell; two more would attend to its row
    and its column. Nothing is fixed: all of it is trained like any weight. `waves` is the side of the boards that the
    waves are made for, when the model is to grow.
    """
    config = model.config
    side = math.isqrt(config.seq_len)
    assert config.pos_encodings == "learned" and not config.mlp_t and side * side == config.seq_len
    width, size = config.hidden_size, config.hidden_size // config.num_heads
    speeds = wave_speeds(model, waves or side)
    count = 2 * len(speeds)
    table = wave_table(speeds, side, width)
    model.embed_pos.embedding_weight[config.puzzle_emb_len :] = table.view(-1, width)
    # Nothing else speaks on these channels at first.
    for other in (model.embed_tokens.embedding_weight, model.H_init, model.L_init):
        other[..., : 2 * count] = 0

    def turn(shift: int) -> torch.Tensor:
        """Takes the waves of place p to those of place p + shift."""
        cos, sin = (shift * speeds).cos().diag(), (shift * speeds).sin().diag()
        return torch.cat((torch.cat((cos, sin), 1), torch.cat((-sin, cos), 1)), 0)

    def seek(weight: torch.Tensor, head: int, down: torch.Tensor, across: torch.Tensor, strength: float):
        """Lets a head's queries look for keys whose waves are the query's, moved by `down` and `across`."""
        rows = slice(head * size, (head + 1) * size)
        query, key = weight[:width][rows], weight[width : 2 * width][rows]
        query *= 0.5
        key *= 0.5
        query[:count, :count] += strength * down
        query[count : 2 * count, count : 2 * count] += strength * across
        key[: 2 * count, : 2 * count] += strength * torch.eye(2 * count)

    one, none = torch.eye(count), torch.zeros(count, count)
    plans = [(turn(-1), one), (turn(1), one), (one, turn(-1)), (one, turn(1)), (one, none), (none, one)]
    for number, layer in enumerate(model.L_level.layers[:layers]):
        for head, (down, across) in enumerate(plans[: config.num_heads]):
            seek(layer.self_attn.qkv_proj.weight, head, down, across, gain if number == 0 else 1.6 * gain)


@torch.no_grad()
def resized(model: TRM, side: int, waves: int | None) -> TRM:
    """A model for boards of `side` with the weights of one for others, which trains on as if it had always been so.

    New rows and columns go on with the waves that the model started with, made for boards of the side `waves` (None: it
    did not start on a grid), and take what it has learned about each place from the nearest place it knows.
    """
    config = model.config
    old = math.isqrt(config.seq_len)
    if config.mlp_t or config.pos_encodings != "learned":
        raise SystemExit("only a model with attention and learned positions can change its size")
    if waves is not None and side > 2 * waves:
        raise SystemExit(f"waves made for a side of {waves} begin again after {2 * waves}, boards have {side}: see --waves")
    other = TRM(dataclasses.replace(config, seq_len=side * side))
    state = model.state_dict()
    positions = state["embed_pos.embedding_weight"]
    first, table = positions[: config.puzzle_emb_len], positions[config.puzzle_emb_len :].view(old, old, -1)
    near = torch.arange(side).clamp(max=old - 1)
    table = table[near[:, None], near[None, :]]
    if waves is not None:
        grid = wave_table(wave_speeds(model, waves), side, config.hidden_size)
        table = table + grid - grid[near[:, None], near[None, :]]
    state["embed_pos.embedding_weight"] = torch.cat((first, table.view(side * side, -1)))
    other.load_state_dict(state)
    return other


@torch.no_grad()
def deeper(model: TRM, layers: int) -> TRM:
    """The same model with more layers, which says what it said before and trains on from there.

    A new layer adds nothing at first: what its attention and its MLP give out is zero, and the norms leave what the layer
    before has normed. (Token mixing norms over positions, which changes what was normed over channels.) Its queries and
    keys are those of the last layer, so that it looks where that one does."""
    config = model.config
    if config.mlp_t:
        raise SystemExit("only a model with attention can take more layers")
    if layers < config.L_layers:
        raise SystemExit(f"a model of {config.L_layers} layers cannot lose any: --layers {layers}")
    other = TRM(dataclasses.replace(config, L_layers=layers))
    other.load_state_dict(other.state_dict() | model.state_dict())
    last = model.L_level.layers[-1]
    for layer in other.L_level.layers[config.L_layers :]:
        layer.mlp.down_proj.weight.zero_()
        layer.self_attn.qkv_proj.weight.copy_(last.self_attn.qkv_proj.weight)
        layer.self_attn.o_proj.weight.zero_()
    return other
