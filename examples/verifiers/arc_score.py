#!/usr/bin/env python3
"""A verifier that scores: how well does a candidate grid fit what the pairs of an ARC task show?

No rules say whether an ARC answer is right, so `valid` is null, and the score is a hand-made one: the sum of the logarithms of
how often, over the train pairs, the outputs have the properties that the candidate has. It knows nothing of the task's
meaning, which is enough to tell a likely grid from an unlikely one. With `selection: score` the highest one answers.
"""

import json
import math
import sys


def size(grid):
    return (len(grid), len(grid[0]) if grid else 0)


def colours(grid):
    return {cell for row in grid for cell in row}


def counts(grid):
    table = {}
    for row in grid:
        for cell in row:
            table[cell] = table.get(cell, 0) + 1
    return table


def symmetries(grid):
    return (grid == grid[::-1], grid == [row[::-1] for row in grid])


def changed(before, after):
    """The share of cells that differ, when the sizes are the same."""
    total = sum(len(row) for row in before)
    return sum(a != b for x, y in zip(before, after) for a, b in zip(x, y)) / max(1, total)


def relations(given, grid):
    """What an output may have in common with its input."""
    a, b = size(given), size(grid)
    yield "same size", a == b
    yield "size turned", a == b[::-1]
    yield "rows", b[0] / max(1, a[0])
    yield "columns", b[1] / max(1, a[1])
    yield "size", b
    yield "colours are given ones", colours(grid) <= colours(given)
    yield "colours added", tuple(sorted(colours(grid) - colours(given)))
    yield "colours lost", tuple(sorted(colours(given) - colours(grid)))
    yield "symmetries", symmetries(grid)
    yield "counts kept", counts(given) == counts(grid)
    yield "is the input", given == grid
    if a == b:
        yield "background kept", all(
            y == x for rows in zip(given, grid) for x, y in zip(*rows) if x != 0)


def score(task, test, candidate):
    given = task["test"][test]["input"]
    if not candidate or any(len(row) != len(candidate[0]) for row in candidate):
        return -100.0
    pairs = task["train"]
    shown = [dict(relations(pair["input"], pair["output"])) for pair in pairs]
    total = 0.0
    for name, value in relations(given, candidate):
        # One imagined pair with and one without, so that nothing is ever certain.
        agreeing = sum(1 for table in shown if table.get(name) == value)
        total += math.log((agreeing + 0.5) / (len(pairs) + 1))
    if size(given) == size(candidate) and all(size(p["input"]) == size(p["output"]) for p in pairs):
        usual = sum(changed(p["input"], p["output"]) for p in pairs) / max(1, len(pairs))
        total -= 4 * abs(changed(given, candidate) - usual)
    return total


for line in sys.stdin:
    question = json.loads(line)
    value = score(question["puzzle"], question.get("test", 0), question["answer"])
    print(json.dumps({"id": question["id"], "valid": None, "score": round(value, 6)}), flush=True)
