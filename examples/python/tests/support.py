"""A daemon for tests: `$PTRMD` or the one on the PATH."""

import os
import subprocess
import tempfile
import time
import unittest

PTRMD = os.environ.get("PTRMD", "ptrmd")
EASY = "53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79"
SOLUTION = "534678912672195348198342567859761423426853791713924856961537284287419635345286179"
UNSOLVABLE = "12345678." + "." * 26 + "9" + "." * 45
ENDLESS = {
    "K": 1000, "D": 100000, "q_threshold": None, "verify": "off", "stop": "all", "engines": ["ptrm"],
    "limits": {"max_steps": 10**9},
}


class SocketDaemon:
    """A daemon on a socket in a folder of its own."""

    def __init__(self, *arguments: str) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self.path = os.path.join(self._folder.name, "s")
        self.process = subprocess.Popen([PTRMD, "--socket", self.path, "--threads", "1", *arguments], stderr=subprocess.DEVNULL)
        for _ in range(12000):
            if os.path.exists(self.path):
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.01)
        raise RuntimeError("the daemon did not start")

    def end(self, case: unittest.TestCase) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            case.assertEqual(self.process.wait(), 0)
        self._folder.cleanup()
