"""What a daemon of one's own says on stderr: to `logging`, and kept for when it ends."""

from __future__ import annotations

import collections
import logging
from typing import IO, Deque

_logger = logging.getLogger("ptrm.daemon")


class StderrTail:
    """The last lines; each goes to the logger `ptrm.daemon` as well."""

    def __init__(self) -> None:
        self._lines: Deque[str] = collections.deque(maxlen=20)

    @property
    def text(self) -> str:
        return "\n".join(self._lines)

    def take(self, line: bytes) -> None:
        text = line.decode("utf-8", "replace").rstrip("\n")
        self._lines.append(text[:2000])
        _logger.warning("%s", text)

    def follow(self, stream: "IO[bytes]") -> None:
        try:
            for line in stream:
                self.take(line)
        except (OSError, ValueError):
            pass
