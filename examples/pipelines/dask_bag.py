"""Request lines solved by Dask: dask_bag.py INPUT OUTPUT [SCHEDULER]

Every line of INPUT becomes a line of JSON in OUTPUT, in order; a bad line becomes one with an `error`. A worker's process has one daemon,
shared by its threads, with as many threads as the worker. A worker that dies is replaced, and its partitions are solved again elsewhere.
Workers need the package (`pip install ptrm-*.whl`).
"""

import json
import sys
import threading
import time
from typing import Iterable, List, Optional

import dask.bag
from distributed import Client, get_worker, progress

import ptrm
from ptrm.batch import Row, answer_lines, batches, cost

_lock = threading.Lock()
_client: Optional[ptrm.Client] = None


def worker_client() -> ptrm.Client:
    """The one daemon of this worker's process."""
    global _client
    with _lock:
        if _client is None:
            _client = ptrm.Client(arguments=["--threads", str(get_worker().state.nthreads)])
        return _client


def solve_partition(lines: Iterable[str]) -> List[Row]:
    return [row for batch in batches(lines) for row in answer_lines(batch, worker_client())]


def solve(lines: "List[str]", partitions: int) -> dask.bag.Bag:
    return dask.bag.from_sequence(lines, npartitions=partitions).map_partitions(solve_partition)


def main(source: str, target: str, scheduler: Optional[str]) -> None:
    with Client(scheduler) as cluster, open(source, encoding="utf-8", errors="replace") as file:
        lines = [line for line in file.read().splitlines() if line.strip()]
        cores = sum(cluster.nthreads().values())
        begin = time.monotonic()
        rows = solve(lines, 4 * len(cluster.nthreads())).persist()
        progress(rows)
        answers = rows.compute()
        print("\n" + cost(answers, time.monotonic() - begin, cores))
    with open(target, "w", encoding="utf-8") as file:
        for number, row in enumerate(answers):
            file.write(json.dumps({"line": number, **row}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else None)
