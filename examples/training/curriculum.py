"""How much of each board is hidden, and for how many supervision steps a board stays."""

import numpy as np


class Curriculum:
    """`level` is the largest share of a board's open cells that is hidden. It rises when enough of the boards that leave
    training were solved.

    With little hidden nearly every cell follows from its surroundings, which is what a model learns first; and it gives
    whole solutions, without which the Q head learns nothing. At level 1 a third of the boards are shown without help.
    """

    def __init__(self, level: float, rise: float, goal: float, max_steps: int, window: int = 400):
        self.level, self.rise, self.goal, self.max_steps, self.window = level, rise, goal, max_steps, window
        self.seen = self.solved = 0

    def draw(self, count: int, rng: np.random.Generator) -> np.ndarray:
        share = self.level * (1 - 0.7 * rng.random(count))
        if self.level >= 1:
            share[rng.random(count) < 1 / 3] = 1
        return share

    def patience(self) -> int:
        """Steps after which a slot takes a new board: few while little is hidden, so that training sees many boards."""
        return max(3, round(self.max_steps * self.level**2))

    def record(self, solved: int, seen: int):
        self.seen += seen
        self.solved += solved
        if self.seen < self.window:
            return
        if self.solved >= self.goal * self.seen:
            self.level = min(1.0, self.level + self.rise)
        self.seen = self.solved = 0
