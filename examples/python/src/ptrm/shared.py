"""One daemon for many processes of a machine."""

from __future__ import annotations

import fcntl
import os
import subprocess
import tempfile
import time
from pathlib import Path
from typing import IO, Any, Dict, Optional

from . import program as programs
from .client import Client, _Link, _SocketLink
from .errors import DaemonExited, PtrmError

#: Seconds that a daemon may take to load its models.
PATIENCE = 60.0


class SharedClient(Client):
    """A client of the daemon that all processes of this user on this machine share under a name.

    For workers that are many processes, as Spark's are: a daemon for each would bring threads and models for each, and
    batches of one. The process that comes first starts the daemon, which ends with that process; whoever is left then starts
    another at the next request.
    """

    def __init__(
        self, name: str, *, threads: Optional[int] = None, program: Optional[str] = None, retry_for: float = 300.0
    ) -> None:
        folder = Path(tempfile.gettempdir()) / f"ptrm-{os.getuid()}"
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.stat().st_uid != os.getuid():
            raise PtrmError(f"{folder} belongs to somebody else")
        super().__init__(str(folder / f"{name}.sock"), retry_for=retry_for)
        self.program = program
        self.arguments = () if threads is None else ("--threads", str(threads))

    def _open(self) -> _Link:
        assert self.socket is not None
        try:
            return _SocketLink(self.socket)
        except OSError:
            pass
        # One at a time: the others wait here until there is a daemon.
        with _locked(self.socket):
            return self._started(self.socket)

    def _started(self, path: str) -> _Link:
        process: "Optional[subprocess.Popen[bytes]]" = None
        end = time.monotonic() + PATIENCE
        while True:
            try:
                return _SocketLink(path)
            except OSError:
                if time.monotonic() >= end:
                    raise
            if process is None:
                process = _daemons[path] = self._start(path)
            elif process.poll() is not None:
                raise DaemonExited(process.returncode, Path(path + ".log").read_text(errors="replace")[-2000:])
            time.sleep(0.02)

    def _start(self, path: str) -> "subprocess.Popen[bytes]":
        _sweep(Path(path))
        with open(path + ".log", "wb") as log:
            # With --stdio the end of its input, which is the end of this process, is its own. A session of its own: what is
            # typed at a terminal is not for it.
            return subprocess.Popen(
                [self.program or programs.find(), "--socket", path, "--stdio", *self.arguments],
                stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=log, start_new_session=True,
            )


def _locked(path: str) -> IO[str]:
    """The file that whoever starts a daemon holds locked."""
    while True:
        lock = open(path + ".starting", "w")
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            if os.path.samestat(os.fstat(lock.fileno()), os.stat(lock.name)):
                return lock
        except FileNotFoundError:
            pass
        # Swept away before it was locked.
        lock.close()


def _sweep(own: Path) -> None:
    """Removes what daemons of other names left that are gone."""
    for file in own.parent.glob("*.sock.starting"):
        path = file.with_suffix("")
        if path == own or path.exists():
            continue
        try:
            with open(file, "w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if not path.exists():
                    Path(f"{path}.log").unlink(missing_ok=True)
                    file.unlink(missing_ok=True)
        except OSError:
            # Somebody is starting one, or has swept before.
            continue


#: What this process started: as long as it lives they hold the ends of the pipes that keep the daemons alive.
_daemons: Dict[str, Any] = {}
