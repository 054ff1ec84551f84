"""Sends the request lines of a file to a daemon's socket and prints the replies: python -m ptrm SOCKET [FILE]

Exits with 0 when every line was answered, 1 when some line was answered with an error or not at all, 2 when the file or
the socket is not there.
"""

from __future__ import annotations

import json
import sys
import warnings
from typing import Any, Dict, Iterator, TextIO

from .client import Client
from .errors import PtrmError, PtrmWarning


class _Lines:
    """The requests of a file; lines that are none cost themselves alone."""

    def __init__(self) -> None:
        self.errors = 0

    def requests(self, lines: TextIO) -> Iterator[Dict[str, Any]]:
        for number, line in enumerate(lines, 1):
            if number == 1:
                # A byte order mark is dropped, as the daemon does.
                line = line.lstrip("\ufeff")
            if not line.strip():
                continue
            try:
                request = json.loads(line)
                if not isinstance(request, dict):
                    raise ValueError("a request is a JSON object")
                json.dumps(request, allow_nan=False)
            except (ValueError, RecursionError) as error:
                self.errors += 1
                print(f"ptrm: line {number}: {error}", file=sys.stderr)
                continue
            yield request


def main(path: str, file: str) -> int:
    lines = _Lines()

    def show(message: Any, *_: Any, **__: Any) -> None:
        print(f"ptrm: warning: {message}", file=sys.stderr)

    warnings.simplefilter("always", PtrmWarning)
    warnings.showwarning = show
    # Bytes that are no UTF-8 spoil their line alone.
    with open(0 if file == "-" else file, encoding="utf-8", errors="surrogateescape") as source, Client(path) as client:
        for reply in client.request_many(lines.requests(source), ordered=False):
            lines.errors += reply["type"] == "error"
            print(json.dumps(reply, separators=(",", ":")), flush=True)
    return 1 if lines.errors else 0


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        print("usage: python -m ptrm SOCKET [FILE]", file=sys.stderr)
        sys.exit(2)
    try:
        sys.exit(main(sys.argv[1], sys.argv[2] if len(sys.argv) == 3 else "-"))
    except PtrmError as error:
        print(f"ptrm: {error}", file=sys.stderr)
        sys.exit(1)
    except OSError as error:
        print(f"ptrm: {error}", file=sys.stderr)
        # Of a file or a socket that cannot be opened, else of a connection that ended.
        sys.exit(2 if error.filename is not None else 1)
