"""Puzzles as people give them become requests."""

from __future__ import annotations

import re
from typing import Any, Dict, List, Mapping, Union

#: A puzzle in its task's notation.
Puzzle = Union[str, List[Any], Dict[str, Any]]

#: What addresses call some tasks.
_ALIASES = {"akari": "lightup", "light-up": "lightup"}
_ADDRESS = re.compile(r"^\s*https?://[^/\s]+/+p(?:\.html)?\?([a-z-]+)/", re.IGNORECASE)


def recognise(puzzle: Puzzle) -> str:
    """The task of a puzzle that says it: an address, or a sudoku's characters. Others raise ValueError."""
    if isinstance(puzzle, str):
        address = _ADDRESS.match(puzzle)
        if address:
            name = address.group(1).lower()
            return _ALIASES.get(name, name)
        cells = re.sub(r"[\s|+/,;_-]", "", puzzle)
        if re.fullmatch(r"[.0-9A-PxX*]+", cells) and len(cells) in (16, 36, 64, 81, 100, 144, 256, 625):
            return "sudoku"
        if re.fullmatch(r"[.\d\s|+/,;_\-xX*]+", puzzle) and sum(c.isdigit() or c in "._xX*" for c in puzzle) >= 16:
            return "sudoku"
    raise ValueError("the puzzle does not say what it is; give task=, or profile=")


def request(puzzle: Union[Puzzle, Mapping[str, Any]], members: Mapping[str, Any]) -> Dict[str, Any]:
    """A request for one puzzle, or a request that is one already (an object with `puzzle` or `method`)."""
    if isinstance(puzzle, Mapping) and ("puzzle" in puzzle or "method" in puzzle):
        made = {**members, **puzzle}
    else:
        made = {**members, "puzzle": puzzle}
    if "method" not in made and made.get("task") is None and made.get("profile") is None:
        made["task"] = recognise(made["puzzle"])
    return made
