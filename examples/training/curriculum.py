"""How much of each board is hidden: little at first, more as the model solves what it gets."""

import numpy as np


class Curriculum:
    """`level` is the largest hidden share drawn. It rises when most boards that leave training were solved.

    Without it a hard task gives no whole solution for hours, and the Q head, which learns from whole solutions,
    learns nothing. At level 1 half of the boards are shown without any help.
    """

    def __init__(self, level: float = 0.2, rise: float = 0.02, goal: float = 0.75, window: int = 400):
        self.level, self.rise, self.goal, self.window = level, rise, goal, window
        self.seen = self.solved = 0

    def draw(self, count: int, rng: np.random.Generator) -> np.ndarray:
        share = self.level * (1 - 0.6 * rng.random(count))
        if self.level >= 1:
            share[rng.random(count) < 0.5] = 1
        return share

    def record(self, solved: int, seen: int):
        self.seen += seen
        self.solved += solved
        if self.seen < self.window:
            return
        if self.solved >= self.goal * self.seen:
            self.level = min(1.0, self.level + self.rise)
        self.seen = self.solved = 0
