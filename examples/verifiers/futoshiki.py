#!/usr/bin/env python3
"""A verifier for the declared task futoshiki4 (examples/tasks): a rule that no table of rules states.

A board of 4x4 numbers has signs between them, so that rows and columns with an even index hold numbers and signs: `<` and `>`
between two numbers of a row, `^` (the upper one is smaller) and `v` between two of a column, `-` for no sign.
"""

import json
import sys


def broken(puzzle, answer):
    """The first broken rule and its cells, or None."""
    board, asked = answer.split("\n"), puzzle.split("\n")
    size = len(board)
    cells = [(row, column) for row in range(size) for column in range(size)]
    for row, column in cells:
        given, value = asked[row][column], board[row][column]
        if given != "." and given != value:
            return "given_changed", [[row, column]]
        if row % 2 == 0 and column % 2 == 0 and value not in "1234":
            return "no_number", [[row, column]]
    numbers = range(0, size, 2)
    for rule, line in [("row", lambda i, k: (i, k)), ("column", lambda i, k: (k, i))]:
        for i in numbers:
            seen = {}
            for k in numbers:
                row, column = line(i, k)
                if board[row][column] in seen:
                    return rule + "_repeats_number", [seen[board[row][column]], [row, column]]
                seen[board[row][column]] = [row, column]
    for row, column in cells:
        sign = asked[row][column]
        if sign in "<>":
            first, second = (row, column - 1), (row, column + 1)
        elif sign in "^v":
            first, second = (row - 1, column), (row + 1, column)
        else:
            continue
        less = board[first[0]][first[1]] < board[second[0]][second[1]]
        if less != (sign in "<^"):
            return "sign_is_wrong", [list(first), list(second)]
    return None


for line in sys.stdin:
    question = json.loads(line)
    fault = broken(question["puzzle"], question["answer"])
    verdict = {"id": question["id"], "valid": fault is None}
    if fault:
        verdict.update(rule=fault[0], cells=fault[1])
    print(json.dumps(verdict), flush=True)
