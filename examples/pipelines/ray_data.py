"""Request lines solved by Ray Data: ray_data.py INPUT OUTPUT [CORES]

Every line of INPUT becomes a row of OUTPUT (Parquet); a bad line becomes a row with an `error`. An actor holds a daemon with as many
threads as it reserves cores: one actor a machine is best, since what it solves shares one batch. Ray runs an actor's lost
blocks again when its worker dies. Workers need the package (`pip install ptrm-*.whl`).
"""

import sys
import time
from typing import Dict

import numpy
import ray

import ptrm
from ptrm.batch import answer_lines, cost


class Solver:
    """One worker's daemon."""

    def __init__(self, threads: int) -> None:
        self.client = ptrm.Client(arguments=["--threads", str(threads)])

    def __call__(self, batch: "Dict[str, numpy.ndarray]") -> "Dict[str, numpy.ndarray]":
        rows = answer_lines(list(batch["text"]), self.client)
        columns = {name: numpy.array([row[name] for row in rows], dtype=object) for name in rows[0]}
        return {"line": batch["line"], **columns, "steps": columns["steps"].astype(int)}


def solve(lines: ray.data.Dataset, cores: int, actors: int = 1, batch_size: int = 500) -> ray.data.Dataset:
    """`lines` has `line` and `text`."""
    return lines.map_batches(
        Solver, fn_constructor_kwargs={"threads": cores}, batch_size=batch_size, num_cpus=cores,
        compute=ray.data.ActorPoolStrategy(size=actors),
    )


def numbered(path: str, blocks: int) -> ray.data.Dataset:
    with open(path, encoding="utf-8", errors="replace") as file:
        lines = [{"line": number, "text": line} for number, line in enumerate(file.read().splitlines()) if line.strip()]
    return ray.data.from_items(lines, override_num_blocks=blocks)


def main(source: str, target: str, cores: int) -> None:
    ray.init()
    actors = max(1, int(ray.cluster_resources().get("CPU", 1)) // cores)
    begin = time.monotonic()
    # Progress bars are Ray Data's own.
    answers = solve(numbered(source, 8 * actors), cores, actors).materialize()
    seconds = time.monotonic() - begin
    answers.sort("line").write_parquet(target)
    print(cost(answers.select_columns(["status", "steps"]).iter_rows(), seconds, cores * actors))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 1)
