"""What a model that deduces works on: for each cell the set of values still possible.

A state is a boolean tensor [batch, cells, vocabulary]: may this cell have this token? States only shrink: deduction and
branching take candidates away, and nothing comes back within a branch. A cell without candidates is a contradiction, a
state with one candidate in each cell an answer.
"""

import torch

BLANK = 1  # sudoku's token of an open cell; 0 is outside the board, 2 is the digit 1


def first_states(tokens: torch.Tensor, vocab_size: int) -> torch.Tensor:
    """Before anything is deduced: a given cell has its value, an open one any."""
    values = torch.arange(vocab_size, device=tokens.device)
    given = values == tokens[..., None]
    return torch.where(tokens[..., None] == BLANK, values > BLANK, given)


def projected(states: torch.Tensor, impossible: torch.Tensor, thresholds: torch.Tensor) -> torch.Tensor:
    """The states without the candidates whose logit "impossible" [batch, cells, vocabulary] is above its threshold [batch]."""
    return states & ~(impossible > thresholds[:, None, None])


def contradictory(states: torch.Tensor) -> torch.Tensor:
    return ~states.any(-1).all(-1)


def settled(states: torch.Tensor) -> torch.Tensor:
    return (states.sum(-1) == 1).all(-1)


def holds(states: torch.Tensor, solutions: torch.Tensor) -> torch.Tensor:
    """Is the solution still in the state?"""
    return states.gather(-1, solutions[..., None]).squeeze(-1).all(-1)


def targets(states: torch.Tensor, solutions: torch.Tensor) -> torch.Tensor:
    """The best abstraction of the solutions that remain, [batch, cells, vocabulary]: which candidates are impossible. With one
    solution these are all but its values; when a branch has lost it no solution remains, and everything is impossible."""
    values = torch.arange(states.shape[-1], device=states.device)
    return (values != solutions[..., None]) | ~holds(states, solutions)[:, None, None]


def choices(states: torch.Tensor, impossible: torch.Tensor, temperature: float) -> torch.Tensor:
    """A candidate of an undecided cell for each state, as cell * vocabulary + value: drawn by how sure the model is that it
    is possible, so that the surest placements come first."""
    open_cells = states & (states.sum(-1, keepdim=True) > 1)
    shares = torch.where(open_cells, -impossible, -torch.inf).log_softmax(-1).nan_to_num(-torch.inf, neginf=-torch.inf)
    scores = torch.where(open_cells, shares, -torch.inf).flatten(1)
    if temperature <= 0:
        return scores.argmax(1)
    noise = -torch.log(-torch.log(torch.rand_like(scores).clamp(1e-9, 1 - 1e-9)))
    return (scores / temperature + noise).argmax(1)
