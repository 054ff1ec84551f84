"""Which daemon a client asks, and how it is carried to another process."""

from __future__ import annotations

import os
from typing import Any, Dict, Optional, Sequence

#: Seconds that `close` waits for a subprocess to end by itself, and again once it has been asked to.
PATIENCE = 1.0


class Target:
    """What both clients are made from. A pickled one takes that along and makes a connection of its own."""

    def __init__(
        self, socket: Optional[str] = None, *, program: Optional[str] = None, arguments: Sequence[str] = (),
        retry_for: float = 300.0,
    ) -> None:
        self.socket = socket if socket is not None or program is not None or arguments else os.environ.get("PTRM_SOCKET")
        self.program = program
        self.arguments = tuple(arguments)
        self.retry_for = retry_for
        self._reset()

    def _reset(self) -> None:
        """Without a connection."""
        raise NotImplementedError

    def __getstate__(self) -> Dict[str, Any]:
        return {name: getattr(self, name) for name in ("socket", "program", "arguments", "retry_for")}

    def __setstate__(self, state: Dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._reset()
