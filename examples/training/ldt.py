"""A Lattice Deduction Transformer (arXiv 2605.08605) of TRM blocks: it names candidates that are impossible, or keeps them."""

import torch
import torch.nn.functional as F

from lattice import BLANK
from model import Config, Embedding, TRM


class LDT(TRM):
    """One call is one pass: a supervision step of a TRM that is told, beside the puzzle, which candidates are still possible.
    What it gives for (cell, token) is the logit of "this cell cannot have this token"; the halt logit says whether the
    state still has a solution.

    `embed_candidates` has two rows for each token: one that is added while the cell may have the token, and one that is
    added besides when it is the only one left."""

    def __init__(self, config: Config):
        super().__init__(config)
        self.embed_candidates = Embedding(2 * config.vocab_size, config.hidden_size)
        with torch.no_grad():
            self.q_head.bias.zero_()

    def forward(self, z_H, z_L, tokens, states):
        """Takes tokens [batch, cells] and states [batch, cells, vocab_size]; gives z_H, z_L, the logits [batch, cells,
        vocab_size] and the halt logits [batch]."""
        single = states & (states.sum(-1, keepdim=True) == 1)
        candidates = torch.cat((states, single), -1).to(z_H.dtype) @ self.embed_candidates.embedding_weight.to(z_H.dtype)
        return self.step(z_H, z_L, self.embed(self.embed_cells(tokens, z_H.dtype) + candidates))


@torch.no_grad()
def start_from_solver(solver: TRM) -> LDT:
    """A model that begins with what a TRM of the same task knows, and says the same in other words.

    What is settled enters as a revealed cell does, which the TRM has met in its training: the token of the open cell and that of the
    value together. A given cell is settled too, so its token says nothing any more. What the TRM finds likely is not
    impossible: the head is turned round, and measured against the mean over the tokens."""
    model = LDT(solver.config)
    state = solver.state_dict()
    tokens = state["embed_tokens.embedding_weight"].clone()
    candidates = torch.zeros_like(model.embed_candidates.embedding_weight)
    candidates[solver.config.vocab_size + BLANK + 1 :] = tokens[BLANK + 1 :]
    tokens[BLANK + 1 :] = 0
    head = state["lm_head.weight"]
    state |= {
        "embed_tokens.embedding_weight": tokens, "embed_candidates.embedding_weight": candidates,
        "lm_head.weight": head[BLANK + 1 :].mean(0) - head, "q_head.weight": model.q_head.weight, "q_head.bias": model.q_head.bias}
    model.load_state_dict(state)
    return model


@torch.no_grad()
def start_on_units(model: LDT, side: int, band: int, gain: float = 2.0):
    """Lets a model for sudoku begin with what a board is, instead of spending its short training on it.

    Its positions start as the names of row, column and box, and three heads of every layer attend to a cell's row, its
    column and its box. Candidates and settled cells have directions of their own, of which these heads give on how many
    cells of the unit have each. Nothing is fixed: all of it is trained like any weight."""
    config = model.config
    width, size, vocab = config.hidden_size, config.hidden_size // config.num_heads, config.vocab_size
    count, seen = 3 * side, 2 * vocab
    assert config.num_heads >= 3 and size >= max(side, seen) and count + 4 * seen <= width
    rows = torch.arange(side).repeat_interleave(side)
    columns = torch.arange(side).repeat(side)
    boxes = (rows // band) * band + columns // (side // band)
    names = torch.cat([F.one_hot(unit, side).float() for unit in (rows, columns, boxes)], 1)
    positions = model.embed_pos.embedding_weight
    positions.zero_()
    positions[config.puzzle_emb_len :, :count] = names * 4 / width**0.5
    directions = torch.zeros(width - count, width)
    directions[:, count:] = torch.linalg.qr(torch.randn(width - count, width - count))[0]
    # What a candidate and a settled cell add to a cell's input, and how strong that is there.
    strength = torch.cat((torch.full((vocab,), 0.35), torch.ones(vocab)))
    model.embed_candidates.embedding_weight.copy_(directions[:seen] * strength[:, None])
    amplitude = strength * (0.5 * width) ** 0.5
    for other in (model.embed_tokens.embedding_weight, model.H_init, model.L_init):
        other[..., :count] = 0
    model.lm_head.weight.zero_()
    for number, layer in enumerate(model.L_level.layers):
        weight = layer.self_attn.qkv_proj.weight
        output = layer.self_attn.o_proj.weight
        for head in range(3):
            heads = slice(head * size, (head + 1) * size)
            unit = slice(head * side, (head + 1) * side)
            strength = gain if number == 0 else 2 * gain
            for part in (weight[:width][heads], weight[width : 2 * width][heads]):
                part *= 0.3
                part[:side, unit] += strength * torch.eye(side)
            # The mean over a unit times its size is a number of cells; a settled one counts twice.
            values = weight[2 * width :][heads]
            values[:seen] = directions[:seen] * (side / amplitude)[:, None]
            values[vocab:seen] *= 2
            output[:, heads][:, :seen] = directions[seen * (head + 1) : seen * (head + 2)].T
