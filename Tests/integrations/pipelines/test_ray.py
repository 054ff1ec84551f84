"""Ray Data: a worker is killed half-way, and every line has its row."""

import os
import tempfile
import unittest
from pathlib import Path

os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")

from support import ROOT, Killing, Timer, check, first, lines

import ray

from ptrm.batch import cost

PATH = os.pathsep.join([str(ROOT / "examples/python/src"), str(ROOT / "examples/pipelines")])


class RayTests(unittest.TestCase):
    def test_a_worker_dies(self) -> None:
        import ray_data

        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = Path(folder.name) / "in.ndjson"
        path.write_text("\n".join(lines()) + "\n")
        environment = {"PYTHONPATH": PATH, "PTRMD": os.environ["PTRMD"]}
        # Workers are niced by 15 otherwise, and stand still beside whatever else the machine does.
        ray.init(
            num_cpus=2, include_dashboard=False, runtime_env={"env_vars": environment}, _system_config={"worker_niceness": 0}
        )
        self.addCleanup(ray.shutdown)
        timer = Timer()
        # A daemon that has worked for a while is one in the middle of its blocks.
        worked = lambda: any(sum(p.cpu_times()[:2]) > 3 for p in _daemons())  # noqa: E731
        with Killing(lambda: first("ray::MapWorker"), worked) as killing:
            answers = ray_data.solve(ray_data.numbered(str(path), 16), cores=1, actors=2, batch_size=100)
            rows = list(answers.iter_rows())
        self.assertIsNotNone(killing.killed, "no worker was killed: this tests nothing")
        print(cost(rows, timer.seconds, 2))
        check(self, rows)


def _daemons():
    from support import descendants

    return descendants(os.environ["PTRMD"])


if __name__ == "__main__":
    unittest.main()
