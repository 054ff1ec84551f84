"""Spark: an executor is killed half-way, and every line has its row."""

import json
import os
import sys
import tempfile
import unittest
from pathlib import Path

from support import BAD, COUNT, PTRMD, ROOT, Killing, Timer, check, first, lines

import pyspark
from pyspark.sql import SparkSession

from ptrm.batch import cost

os.environ["SPARK_HOME"] = os.path.dirname(pyspark.__file__)
os.environ["PYSPARK_PYTHON"] = sys.executable
PATH = os.pathsep.join([str(ROOT / "examples/python/src"), str(ROOT / "examples/pipelines")])


def session(master: str) -> SparkSession:
    builder = SparkSession.builder.master(master).appName("test").config("spark.ui.enabled", "false")
    for name, value in {"PTRMD": PTRMD, "PYTHONPATH": PATH}.items():
        builder = builder.config(f"spark.executorEnv.{name}", value)
    return builder.config("spark.sql.execution.arrow.maxRecordsPerBatch", 100).getOrCreate()


class SparkTests(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        (self.folder / "in.ndjson").write_text("\n".join(lines()) + "\n")

    def completed(self, spark: SparkSession, share: float) -> bool:
        tracker = spark.sparkContext.statusTracker()
        stages = [tracker.getStageInfo(stage) for stage in tracker.getActiveStageIds()]
        return any(stage and stage.numTasks >= 8 and stage.numCompletedTasks >= share * stage.numTasks for stage in stages)

    def test_an_executor_dies(self) -> None:
        import spark_map

        # Two executors of one core and a gigabyte each.
        spark = session("local-cluster[2,1,1024]")
        self.addCleanup(spark.stop)
        timer = Timer()
        # Numbering the lines is a stage of its own, without daemons.
        is_half_way = lambda: first("/spark-") is not None and self.completed(spark, 0.4)  # noqa: E731
        with Killing(lambda: first("CoarseGrainedExecutorBackend"), is_half_way) as killing:
            rows = spark_map.solve(spark_map.numbered(spark, str(self.folder / "in.ndjson"), 16), threads=1).collect()
        self.assertIsNotNone(killing.killed, "no executor was killed: this tests nothing")
        rows = [row.asDict() for row in rows]
        print(cost(rows, timer.seconds, 2))
        check(self, rows)

    def test_a_pipe_dies(self) -> None:
        import spark_pipe

        os.environ["PTRMD"] = PTRMD
        # Four tries for a task: `local[2]` has one.
        spark = session("local[2,4]")
        self.addCleanup(spark.stop)
        environment = {"PTRMD": PTRMD, "PATH": "/usr/bin:/bin"}
        numbered = spark.sparkContext.textFile(str(self.folder / "in.ndjson"), 8)
        with Killing(lambda: first("--ordered --threads 1"), lambda: self.completed(spark, 0.4)) as killing:
            replies = numbered.pipe(spark_pipe.COMMAND, env=environment, checkCode=True).collect()
        self.assertIsNotNone(killing.killed, "nothing was killed: this tests nothing")
        # In order: the number of a reply is that of its line.
        rows = []
        for number, reply in enumerate(map(json.loads, replies)):
            is_error = reply["type"] == "error"
            rows.append({
                "line": number, "id": str(reply["id"]), "status": "error" if is_error else reply["status"],
                "answer": reply.get("answer"), "error": reply.get("error"),
            })
        self.assertEqual(len(rows), COUNT)
        self.assertEqual([row["line"] for row in rows if row["status"] == "error"], sorted(BAD))
        check(self, rows)


if __name__ == "__main__":
    unittest.main()
