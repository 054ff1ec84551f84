"""Things about a solution that follow from it and are easier to learn than the solution: an extra output of the training,
left out of the exported model.

A rule such as "a lamp's light goes on to the next black cell" takes many passes to work out, and the loss of the cells to
solve says little about the steps between. A hint names one: whether a cell is lit from the left. Each function takes
solutions as model tokens [batch, side, side] and gives bits [batch, side, side, hints].
"""

import torch
import torch.nn.functional as F


def lightup(solution: torch.Tensor) -> torch.Tensor:
    """Is there a lamp in sight to the left, right, top and bottom?"""
    lamp, stops = solution == 9, solution < 8
    views = []
    for axis in (2, 1):
        for backwards in (False, True):
            l, s = (t.movedim(axis, 0) for t in (lamp, stops))
            if backwards:
                l, s = l.flip(0), s.flip(0)
            sight = [torch.zeros_like(l[0])]
            for place in range(1, len(l)):
                sight.append((l[place - 1] | sight[-1]) & ~s[place - 1])
            view = torch.stack(sight)
            views.append((view.flip(0) if backwards else view).movedim(0, axis))
    return torch.stack(views, -1).float()


def around(solution: torch.Tensor, token: int) -> torch.Tensor:
    """Which of the eight cells around have this token?"""
    board = F.pad((solution == token).float(), (1, 1, 1, 1))
    side = solution.shape[-1]
    places = [(r, c) for r in range(3) for c in range(3) if (r, c) != (1, 1)]
    return torch.stack([board[:, r : r + side, c : c + side] for r, c in places], -1)


HINTS = {
    "lightup": (4, lightup),
    "tapa": (8, lambda solution: around(solution, 45)),
}
