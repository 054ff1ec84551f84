"""The Python package's own tests, all of them: `make test` runs those of the asyncio client and those without a daemon."""

import sys
import unittest
from pathlib import Path

TESTS = str(Path(__file__).parents[3] / "examples" / "python" / "tests")


def load_tests(loader: unittest.TestLoader, tests: unittest.TestSuite, pattern: str) -> unittest.TestSuite:
    sys.path.insert(0, TESTS)
    return unittest.TestLoader().discover(TESTS, pattern="test_*.py")
