"""Boards for training: NDJSON with model tokens in, batches with fresh symmetries and revealed cells out.

A line is what `ptrmd generate ... | ptrmd tokens` writes:
    {"task":"lightup","side":10,"vocab_size":10,"tokens":[1,7,...],"solution":[8,7,...]}
`tokens` and `solution` fill the model's `side` x `side` board, the puzzle at the top left, 0 elsewhere. A cell whose two
tokens differ is one to solve; revealing it means to put the solution's token into the input. Where a clue and the state of
its cell are two things (heyawake), a revealed cell has both tokens: the input is then [batch, cells, 2], the second 0 where
nothing is revealed.
"""

import gzip
import json

import numpy as np
import torch

# Tasks whose cells keep their clue token when they are revealed.
CLUES_STAY = {"heyawake"}


def reveal(task: str, tokens: np.ndarray, solutions: np.ndarray, shown: np.ndarray) -> np.ndarray:
    """The model's input for boards of which the cells `shown` are revealed."""
    shown = shown & (tokens != solutions)
    if task in CLUES_STAY:
        return np.stack((tokens, np.where(shown, solutions, 0)), -1)
    return np.where(shown, solutions, tokens)


def still_hidden(tokens: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Which cells are to be solved, [batch, cells]."""
    return (target > 0) & (target != tokens if tokens.dim() == 2 else tokens[..., 1] == 0)


def clues(tokens: torch.Tensor) -> torch.Tensor:
    """The clue tokens of an input, [batch, cells]; revealed cells are among them unless clues stay."""
    return tokens if tokens.dim() == 2 else tokens[..., 0]


class Boards:
    def __init__(self, path: str, limit: int | None = None):
        tokens, solutions = [], []
        with (gzip.open if path.endswith(".gz") else open)(path, "rt") as file:
            for number, line in enumerate(file):
                if limit is not None and number >= limit:
                    break
                row = json.loads(line)
                if number == 0:
                    self.task, self.side, self.vocab_size = row["task"], row["side"], row["vocab_size"]
                    # Its symmetries are not known here: views of it stand in the file.
                    self.fixed = row.get("fixed", False)
                    if self.side is None:
                        raise SystemExit(f"{path}: this trainer takes square boards only")
                if (row["task"], row["side"]) != (self.task, self.side):
                    raise SystemExit(f"{path}:{number + 1}: {row['task']} {row['side']}, the first line has another")
                tokens.append(row["tokens"])
                solutions.append(row["solution"])
        if not tokens:
            raise SystemExit(f"{path}: no boards")
        self.tokens = np.array(tokens, np.int64)
        self.solutions = np.array(solutions, np.int64)
        if self.task == "maze":
            self.solutions = np.stack([first_way(puzzle, self.side) for puzzle in self.tokens])
        # Padding lies right of and below a board, so the last row and column with a token tell its size.
        filled = (self.tokens > 0).reshape(-1, self.side, self.side)
        ends = np.arange(1, self.side + 1)
        self.extents = np.stack([(filled.any(2) * ends).max(1), (filled.any(1) * ends).max(1)], 1)

    def __len__(self) -> int:
        return len(self.tokens)

    def keys(self) -> set[bytes]:
        """One key for all turns and mirrors of a board, to find the same puzzle in two files. (For sudoku's many more
        symmetries rely on `ptrmd generate --exclude`.)"""
        if self.fixed:
            return {puzzle.astype(np.int16).tobytes() for puzzle in self.tokens}
        turns, names = self.turns(), relabellings(self.task, self.vocab_size)
        keys = set()
        for extent, puzzle in zip(self.extents, self.tokens):
            images = [name[puzzle[turn]] for turn, name in zip(turns[tuple(extent)], names)]
            keys.add(min(image.astype(np.int16).tobytes() for image in images))
        return keys

    def turns(self) -> dict[tuple, np.ndarray]:
        """For each size of board the eight ways to turn and mirror it, at the top left of the model's board:
        `image = board[turn]`. The order is that of `relabellings`."""
        table = {}
        for height, width in {tuple(e) for e in self.extents}:
            whole = np.arange(self.side**2).reshape(self.side, self.side)
            padding = np.setdiff1d(whole, whole[:height, :width])
            images = []
            for board in dihedral(whole[:height, :width]):
                image = np.full_like(whole, -1)
                image[: board.shape[0], : board.shape[1]] = board
                image[image < 0] = padding
                images.append(image.reshape(-1))
            table[(height, width)] = np.stack(images)
        return table


def dihedral(board: np.ndarray) -> list[np.ndarray]:
    """The eight turns and mirrors of a board, itself first."""
    return [np.rot90(mirrored, quarter) for mirrored in (board, board.T) for quarter in range(4)]


def relabellings(task: str, vocab_size: int) -> np.ndarray:
    """For each of the eight turns the token that each token becomes, [8, vocab_size]: some speak of a side or a corner."""
    names = np.tile(np.arange(vocab_size), (8, 1))
    offsets = {(-1, 0): 0, (0, 1): 1, (1, 0): 2, (0, -1): 3}  # top, right, bottom, left
    for turn, image in enumerate(dihedral(np.arange(9).reshape(3, 3))):
        # Where does the neighbour at `old` of the middle cell go?
        goes = {}
        for row, column in np.ndindex(3, 3):
            old = divmod(image[row, column], 3)
            goes[(old[0] - 1, old[1] - 1)] = (row - 1, column - 1)
        if task == "heyawake":
            for walls in range(16):
                turned = sum(1 << offsets[goes[side]] for side, bit in offsets.items() if walls >> bit & 1)
                names[turn, 1 + 16 * walls : 17 + 16 * walls] = np.arange(1 + 16 * turned, 17 + 16 * turned)
        if task == "shakashaka":
            corners = {(1, -1): 9, (1, 1): 10, (-1, 1): 11, (-1, -1): 12}
            for corner, token in corners.items():
                names[turn, token] = corners[goes[corner]]
    return names


class Sampler:
    """Draws boards with a random symmetry each, some of their cells revealed."""

    def __init__(self, boards: Boards, rng: np.random.Generator):
        self.boards, self.rng = boards, rng
        self.turns, self.names = boards.turns(), relabellings(boards.task, boards.vocab_size)

    def draw(self, hidden: np.ndarray):
        """One board for each entry of `hidden`, the share of its cells to solve that stay hidden."""
        boards, rng, count = self.boards, self.rng, len(hidden)
        pick = rng.integers(len(boards), size=count)
        tokens, solutions = boards.tokens[pick], boards.solutions[pick]
        if boards.fixed:
            inputs = reveal(boards.task, tokens, solutions, rng.random(tokens.shape) >= hidden[:, None])
            return torch.from_numpy(inputs), torch.from_numpy(solutions)
        if boards.task == "sudoku":
            order = np.stack([sudoku_order(rng, boards.side) for _ in range(count)])
            names = np.stack([np.r_[0, 1, 2 + rng.permutation(boards.side)] for _ in range(count)])
        else:
            turns = [rng.integers(len(self.turns[tuple(boards.extents[i])])) for i in pick]
            order = np.stack([self.turns[tuple(boards.extents[i])][turn] for i, turn in zip(pick, turns)])
            names = self.names[turns]
        tokens, solutions = (np.take_along_axis(t, order, 1) for t in (tokens, solutions))
        tokens, solutions = (np.take_along_axis(names, t, 1) for t in (tokens, solutions))
        if boards.task == "maze":
            solutions = np.stack([first_way(puzzle, boards.side) for puzzle in tokens])
        inputs = reveal(boards.task, tokens, solutions, rng.random(tokens.shape) >= hidden[:, None])
        return torch.from_numpy(inputs), torch.from_numpy(solutions)


def first_way(tokens: np.ndarray, side: int) -> np.ndarray:
    """A maze's solution, the same for the same maze: of the shortest ways the one that goes up where it can, else to a side,
    else down. A model can't learn to guess which of many ways somebody marked. Of the two ways around the corner of an open
    square this takes the upper one, and so would the way back: which of them it is can be told without knowing where
    the start lies."""
    start, goal = (int(np.flatnonzero(tokens == token)[0]) for token in (3, 4))
    beside = []
    for cell in range(side * side):
        row, column = divmod(cell, side)
        places = ((row - 1, column), (row, column + 1), (row, column - 1), (row + 1, column))
        beside.append([r * side + c for r, c in places if 0 <= r < side and 0 <= c < side and tokens[r * side + c] > 1])
    distance, wave = {goal: 0}, [goal]
    for cell in wave:
        for next_cell in beside[cell]:
            if next_cell not in distance:
                distance[next_cell] = distance[cell] + 1
                wave.append(next_cell)
    solution, cell = tokens.copy(), start
    while distance[cell] > 1:
        cell = next(c for c in beside[cell] if distance.get(c, side**2) < distance[cell])
        solution[cell] = 5
    return solution


def sudoku_order(rng: np.random.Generator, side: int) -> np.ndarray:
    """A random order of cells that keeps sudoku a sudoku: bands, rows in bands, stacks, columns in stacks, transpose."""
    band = {4: 2, 6: 2, 9: 3}[side]
    lines = lambda size: np.concatenate([b * size + rng.permutation(size) for b in rng.permutation(side // size)])
    grid = lines(band)[:, None] * side + lines(side // band)[None]
    return (grid.T if band * band == side and rng.random() < 0.5 else grid).reshape(-1)
