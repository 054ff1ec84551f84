"""Solves puzzles with ptrmd.

    import ptrm

    answer = ptrm.solve("53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79")
    print(answer.answer, answer.verified)

    with ptrm.Client() as client:
        for answer in client.solve_many(puzzles, task="tapa"):
            ...

`ptrm.solve` and `ptrm.solve_many` share one daemon of the process, which starts at the first use and ends with it; with
`$PTRM_SOCKET` set they ask the daemon there.
"""

from __future__ import annotations

import atexit
import threading
from typing import Any, Iterable, Iterator, Mapping, Optional, Union

from .aio import AsyncClient
from .answer import Answer
from .client import Client
from .errors import (
    Busy,
    ConnectionLost,
    DaemonExited,
    InternalError,
    InvalidRequest,
    ProgramNotFound,
    PtrmError,
    PtrmWarning,
    RequestError,
    ShuttingDown,
)
from .requests import Puzzle
from .shared import SharedClient
from .version import __version__

__all__ = [
    "Answer", "AsyncClient", "Busy", "Client", "ConnectionLost", "DaemonExited", "InternalError", "InvalidRequest",
    "ProgramNotFound", "PtrmError", "PtrmWarning", "Puzzle", "RequestError", "SharedClient", "ShuttingDown", "__version__", "solve",
    "solve_many",
]

_shared: Optional[Client] = None
_shared_lock = threading.Lock()


def _client() -> Client:
    global _shared
    with _shared_lock:
        if _shared is None:
            _shared = Client()
            atexit.register(_shared.close)
        return _shared


def solve(puzzle: Puzzle, **members: Any) -> Answer:
    """`Client.solve` with the daemon that the process shares."""
    return _client().solve(puzzle, **members)


def solve_many(puzzles: "Iterable[Union[Puzzle, Mapping[str, Any]]]", **members: Any) -> "Iterator[Union[Answer, RequestError]]":
    """`Client.solve_many` with the daemon that the process shares."""
    return _client().solve_many(puzzles, **members)
