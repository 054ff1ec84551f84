"""Things about a solution that follow from it and are easier to learn than the solution: an extra output of the training,
left out of the exported model.

A rule such as "a lamp's light goes on to the next black cell" takes many passes to work out, and the loss of the cells to
solve says little about the steps between. A hint names one: whether a cell is lit from the left. Each function takes clues
and solutions as model tokens [batch, side, side] and gives bits [batch, side, side, hints].
"""

import torch
import torch.nn.functional as F


def lightup(clues: torch.Tensor, solution: torch.Tensor) -> torch.Tensor:
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


def beside(values: torch.Tensor, direction: int) -> torch.Tensor:
    """For each cell the value above (0), to the right (1), below (2), to the left (3) of it; 0 beyond the edge."""
    padded = F.pad(values, (1, 1, 1, 1))
    row, column = ((0, 1), (1, 2), (2, 1), (1, 0))[direction]
    side = values.shape[-1]
    return padded[:, row : row + side, column : column + side]


def spread(values: torch.Tensor, passes: list[torch.Tensor]) -> torch.Tensor:
    """Spreads each region's greatest value over it. `passes[d]`: may a value come in from direction d?"""
    while True:
        wider = values
        for direction in range(4):
            wider = torch.maximum(wider, beside(wider, direction) * passes[direction])
        if torch.equal(wider, values):
            return values
        values = wider


def numbers(values: torch.Tensor, count: int) -> torch.Tensor:
    """A bit for each of the values 1 to `count`, the last for all beyond."""
    return torch.stack([values == n for n in range(1, count)] + [values >= count], -1).float()


def bits(values: torch.Tensor, count: int) -> torch.Tensor:
    return torch.stack([values >> place & 1 for place in range(count)], -1).float()


def totals(values: torch.Tensor, regions: torch.Tensor) -> torch.Tensor:
    """For each cell the sum of `values` over its region. `regions` holds numbers below 1024."""
    flat = torch.zeros(len(values), 1024, dtype=values.dtype, device=values.device)
    flat.scatter_add_(1, regions.flatten(1), values.flatten(1))
    return flat.gather(1, regions.flatten(1)).view_as(values)


def heyawake(clues: torch.Tensor, solution: torch.Tensor) -> torch.Tensor:
    """The shaded cells around; does the white run to each side cross a border? And which room is this, and how many of its
    cells are shaded: a room is named by its first cell, in binary, so that a head can find the cells that have the same
    name."""
    inside, white, shaded = solution > 0, solution == 257, solution == 258
    walls = (clues - 1).clamp(min=0) // 16
    wall = [(walls >> direction & 1).bool() for direction in range(4)]
    passes = [~w & inside for w in wall]
    side = solution.shape[-1]
    place = torch.arange(side, device=clues.device)
    room = 1023 - spread((1023 - 32 * place[:, None] - place) * inside, passes)
    crossings = []
    for direction in range(4):
        runs = white & beside(white, direction)
        crossed = runs & wall[direction]
        for _ in range(side):
            crossed = crossed | (runs & beside(crossed, direction))
        crossings.append(crossed)
    return torch.cat((
        around(solution, 258), torch.stack(crossings, -1).float(), bits(room, 10),
        numbers(totals(shaded.long(), room), 5)), -1)


def nurikabe(clues: torch.Tensor, solution: torch.Tensor) -> torch.Tensor:
    """The shaded cells around, and the number of the island that a white cell belongs to (token 2 is "?")."""
    island = (solution > 0) & (solution != 103)
    number = spread(torch.where(island & (clues > 1) & (clues < 102), clues - 1, 0), [island] * 4)
    return torch.cat((around(solution, 103), numbers(number, 10)), -1)


def shakashaka(clues: torch.Tensor, solution: torch.Tensor) -> torch.Tensor:
    """Where the triangles around are, and which ones stand above, to the right, below and to the left."""
    triangles = solution >= 9
    beside_ones = [beside(solution, direction) == token for direction in range(4) for token in range(9, 13)]
    return torch.cat((around(triangles.long(), 1), torch.stack(beside_ones, -1).float()), -1)


def maze(clues: torch.Tensor, solution: torch.Tensor) -> torch.Tensor:
    """From each free cell, to which sides is it nearer to the start, and to which nearer to the goal?"""
    free = solution > 1
    sides = []
    for end in (3, 4):
        far = 10_000 * torch.ones_like(solution)
        distance = torch.where(solution == end, 0, far)
        while True:
            near = torch.stack([beside(distance - far, side) + far for side in range(4)])  # beyond the edge is far
            wider = torch.where(free, torch.minimum(distance, near.amin(0) + 1), far)
            if torch.equal(wider, distance):
                break
            distance = wider
        sides.append((near == distance - 1) & free)
    return torch.cat(sides).movedim(0, -1).float()


HINTS = {
    "lightup": (4, lightup),
    "tapa": (8, lambda clues, solution: around(solution, 45)),
    "heyawake": (27, heyawake),
    "nurikabe": (18, nurikabe),
    "shakashaka": (24, shakashaka),
    "maze": (8, maze),
}


def heyawake_parts(vocab_size: int) -> torch.Tensor:
    """A heyawake clue token says for each side whether it is a border, and which number its room has."""
    token = torch.arange(1, 257)
    parts = torch.zeros(vocab_size, 4 + 16)
    for side in range(4):
        parts[token, side] = ((token - 1) // 16 >> side & 1).float()
    parts[token, 4 + (token - 1) % 16] = 1
    return parts


# Tokens that say several things, as 0 and 1 [vocab_size, things]: their embeddings start as sums.
PARTS = {"heyawake": heyawake_parts}
