"""Request lines solved by Spark: spark_map.py INPUT OUTPUT

Every line of INPUT becomes a row of OUTPUT (Parquet), with its number in `line`; a bad line becomes a row with an `error`. One daemon
an executor is shared by the executor's tasks, so that models are loaded once and the batch is filled by all of them. Executors need
the package (`pip install ptrm-*.whl`), pandas and pyarrow; on a cluster:

    spark-submit --executor-cores 8 --conf spark.ptrm.threads=8 spark_map.py hdfs:///puzzles.ndjson hdfs:///answers
"""

import os
import sys
import time
from typing import Iterator

import pandas
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.functions import col

from ptrm import SharedClient
from ptrm.batch import answer_lines, cost

SCHEMA = (
    "line long, id string, status string, answer string, verified boolean, confidence double, engine string, "
    "stop_reason string, steps long, conflicts long, error string"
)


def solve(lines: DataFrame, threads: int) -> DataFrame:
    """`lines` has `line` and `value`; what comes back has a row for each, in order within a partition."""

    def solve_partition(frames: Iterator[pandas.DataFrame]) -> Iterator[pandas.DataFrame]:
        # The executor's Python workers are children of one process, whose number names the executor.
        with SharedClient(f"spark-{os.getppid()}", threads=threads) as client:
            for frame in frames:
                rows = answer_lines(frame["value"].tolist(), client)
                yield pandas.DataFrame(rows).assign(line=frame["line"].to_numpy())

    return lines.mapInPandas(solve_partition, SCHEMA)


def numbered(spark: SparkSession, path: str, partitions: int) -> DataFrame:
    """The lines of text files with their numbers, in many partitions: a text file of a few megabytes is one otherwise."""
    lines = spark.sparkContext.textFile(path, partitions).zipWithIndex()
    return lines.map(lambda pair: (pair[1], pair[0])).toDF("line long, value string").filter(col("value") != "")


def main(source: str, target: str) -> None:
    # A batch of Arrow is what one call of the daemon gets: large enough to fill the compute threads' batch.
    spark = SparkSession.builder.appName("ptrm").config("spark.sql.execution.arrow.maxRecordsPerBatch", 500).getOrCreate()
    threads = int(spark.conf.get("spark.ptrm.threads", spark.conf.get("spark.executor.cores", str(os.cpu_count()))))
    cores = spark.sparkContext.defaultParallelism
    begin = time.monotonic()
    solve(numbered(spark, source, 4 * cores), threads).write.mode("overwrite").parquet(target)
    seconds = time.monotonic() - begin
    rows = spark.read.parquet(target).select("status", "steps").toLocalIterator()
    print(cost((row.asDict() for row in rows), seconds, cores))
    spark.stop()


if __name__ == "__main__":
    main(*sys.argv[1:3])
