"""Boards for training: NDJSON with model tokens in, batches with fresh symmetries and revealed cells out.

A line is what `ptrmd generate ... | ptrmd tokens` writes:
    {"task":"lightup","side":10,"vocab_size":10,"tokens":[1,7,...],"solution":[8,7,...]}
`tokens` and `solution` fill the model's `side` x `side` board, the puzzle at the top left, 0 elsewhere. A cell whose two
tokens differ is one to solve; revealing it means to put the solution's token into the input.
"""

import gzip
import json

import numpy as np
import torch


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
                if (row["task"], row["side"]) != (self.task, self.side):
                    raise SystemExit(f"{path}:{number + 1}: {row['task']} {row['side']}, the first line has another")
                tokens.append(row["tokens"])
                solutions.append(row["solution"])
        if not tokens:
            raise SystemExit(f"{path}: no boards")
        self.tokens = np.array(tokens, np.int64)
        self.solutions = np.array(solutions, np.int64)
        # Padding lies right of and below a board, so the last row and column with a token tell its size.
        filled = (self.tokens > 0).reshape(-1, self.side, self.side)
        ends = np.arange(1, self.side + 1)
        self.extents = np.stack([(filled.any(2) * ends).max(1), (filled.any(1) * ends).max(1)], 1)

    def __len__(self) -> int:
        return len(self.tokens)

    def keys(self) -> set[bytes]:
        """One key for all turns and mirrors of a board, to find the same puzzle in two files. (For sudoku's many more
        symmetries rely on `ptrmd generate --exclude`.)"""
        turns = self.turns()
        keys = set()
        for extent, puzzle in zip(self.extents, self.tokens):
            images = [puzzle[turn] for turn in turns[tuple(extent)]]
            keys.add(min(image.astype(np.int16).tobytes() for image in images))
        return keys

    def turns(self) -> dict[tuple, np.ndarray]:
        """For each size of board the ways to turn and mirror it: `image = board[turn]`. Oblong ones stay as they are."""
        table = {}
        for height, width in {tuple(e) for e in self.extents}:
            whole = np.arange(self.side**2).reshape(self.side, self.side)
            images = []
            board = whole[:height, :width]
            for mirrored in (board, board.T) if height == width else (board,):
                for quarter in range(4 if height == width else 1):
                    image = whole.copy()
                    image[:height, :width] = np.rot90(mirrored, quarter)
                    images.append(image.reshape(-1))
            table[(height, width)] = np.stack(images)
        return table


class Sampler:
    """Draws boards with a random symmetry each, some of their cells revealed."""

    def __init__(self, boards: Boards, rng: np.random.Generator):
        self.boards, self.rng = boards, rng
        self.turns = boards.turns()

    def draw(self, hidden: np.ndarray):
        """One board for each entry of `hidden`, the share of its cells to solve that stay hidden."""
        boards, rng, count = self.boards, self.rng, len(hidden)
        pick = rng.integers(len(boards), size=count)
        tokens, solutions = boards.tokens[pick], boards.solutions[pick]
        if boards.task == "sudoku":
            order = np.stack([sudoku_order(rng, boards.side) for _ in range(count)])
            names = np.stack([np.r_[0, 1, 2 + rng.permutation(boards.side)] for _ in range(count)])
        else:
            order = np.stack([self.turn(tuple(boards.extents[i])) for i in pick])
            names = None
        tokens, solutions = (np.take_along_axis(t, order, 1) for t in (tokens, solutions))
        if names is not None:
            tokens, solutions = (np.take_along_axis(names, t, 1) for t in (tokens, solutions))
        reveal = (rng.random(tokens.shape) >= hidden[:, None]) & (tokens != solutions)
        return torch.from_numpy(np.where(reveal, solutions, tokens)), torch.from_numpy(solutions)

    def turn(self, extent: tuple) -> np.ndarray:
        images = self.turns[extent]
        return images[self.rng.integers(len(images))]


def sudoku_order(rng: np.random.Generator, side: int) -> np.ndarray:
    """A random order of cells that keeps sudoku a sudoku: bands, rows in bands, stacks, columns in stacks, transpose."""
    band = {4: 2, 6: 2, 9: 3}[side]
    lines = lambda size: np.concatenate([b * size + rng.permutation(size) for b in rng.permutation(side // size)])
    grid = lines(band)[:, None] * side + lines(side // band)[None]
    return (grid.T if band * band == side and rng.random() < 0.5 else grid).reshape(-1)
