"""Dask: a worker is killed half-way, and every line has its row."""

import os
import unittest

from support import ROOT, Killing, Timer, check, lines

import psutil
from distributed import Client, LocalCluster, wait

from ptrm.batch import cost

# Workers are processes of their own, which inherit it.
os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT / "examples/python/src"), str(ROOT / "examples/pipelines")])


class DaskTests(unittest.TestCase):
    def test_a_worker_dies(self) -> None:
        import dask_bag

        with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster) as client:
            workers = list(client.run(os.getpid).values())
            timer = Timer()
            futures = client.compute(dask_bag.solve(lines(), 16).to_delayed())
            is_half_way = lambda: sum(future.done() for future in futures) >= 6  # noqa: E731
            with Killing(lambda: psutil.Process(workers[0]), is_half_way) as killing:
                wait(futures)
                rows = [row for partition in client.gather(futures) for row in partition]
            self.assertIsNotNone(killing.killed, "no worker was killed: this tests nothing")
            print(cost(rows, timer.seconds, 2))
        # In order: the place in the list is the line.
        check(self, [{"line": number, **row} for number, row in enumerate(rows)])


if __name__ == "__main__":
    unittest.main()
