#!/usr/bin/env python3
"""A verifier that checks by rules: sudoku of 9x9, as an example of the conversation.

ptrmd starts it (see profiles.yaml beside it), writes a question a line to its stdin and reads a verdict a line from its
stdout. A verdict has the question's id; everything else that it prints has to go to stderr.
"""

import json
import sys

ROWS = [[(r, c) for c in range(9)] for r in range(9)]
COLUMNS = [[(r, c) for r in range(9)] for c in range(9)]
BOXES = [[(b // 3 * 3 + i // 3, b % 3 * 3 + i % 3) for i in range(9)] for b in range(9)]


def broken(puzzle, answer):
    """The first broken rule and its cells, or None."""
    for cell, (given, value) in enumerate(zip(puzzle, answer)):
        if given in "123456789" and given != value:
            return "given_changed", [[cell // 9, cell % 9]]
    for rule, units in (("row", ROWS), ("column", COLUMNS), ("box", BOXES)):
        for unit in units:
            seen = {}
            for row, column in unit:
                digit = answer[9 * row + column]
                if digit not in "123456789":
                    return "no_digit", [[row, column]]
                if digit in seen:
                    return rule + "_repeats_digit", [list(seen[digit]), [row, column]]
                seen[digit] = (row, column)
    return None


for line in sys.stdin:
    question = json.loads(line)
    fault = broken(question["puzzle"], question["answer"])
    verdict = {"id": question["id"], "valid": fault is None}
    if fault:
        verdict.update(rule=fault[0], cells=fault[1])
    print(json.dumps(verdict), flush=True)
