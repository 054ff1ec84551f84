"""Where the program is."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import NoReturn

from .errors import ProgramNotFound


def find() -> str:
    """The program: `$PTRMD` when it is set, else the one that this package carries, else the first on the PATH."""
    named = os.environ.get("PTRMD")
    if named:
        return named
    carried = Path(__file__).parent / "bin" / "ptrmd"
    if carried.exists():
        return str(carried)
    # Not the little command of this package itself, which would find itself again.
    own = Path(sys.argv[0]).resolve() if sys.argv and sys.argv[0] else None
    found = shutil.which("ptrmd")
    if found is None or (own is not None and Path(found).resolve() == own):
        raise ProgramNotFound(
            "there is no ptrmd: this package carries none for this platform, $PTRMD is not set, and none is on the PATH"
        )
    return found


def main() -> NoReturn:
    """The command `ptrmd` of an installed package: becomes the program."""
    try:
        path = find()
        os.execv(path, [path, *sys.argv[1:]])
    except OSError as error:
        print(f"ptrmd: {error}", file=sys.stderr)
        sys.exit(127)
