"""Request lines solved by Spark's `pipe`, without any package on the executors: spark_pipe.py INPUT OUTPUT

`RDD.pipe` starts one ptrmd a partition and is one line, with five traps; this is the line that avoids them.

- The program gets an empty environment, without PATH: give its full path, or an environment.
- Every partition's process would take all cores of its machine: `--threads 1`.
- Replies come as they are ready: `--ordered` keeps the order of the partition's lines.
- The exit code of a bad line is 1. With `checkCode=True` one bad line fails the job; without it a ptrmd that dies is silence, and
  its lines are missing. Hence the shell: line errors are answers, anything else fails the task, and Spark tries it again.
- A model is loaded, and a process started, for every partition: a few large ones, not many small ones.
"""

import os
import sys

from pyspark.sql import SparkSession

COMMAND = """sh -c '"$PTRMD" --ordered --threads 1; code=$?; [ $code -le 1 ]'"""


def main(source: str, target: str) -> None:
    spark = SparkSession.builder.appName("ptrm-pipe").getOrCreate()
    lines = spark.sparkContext.textFile(source, spark.sparkContext.defaultParallelism)
    environment = {"PTRMD": os.environ.get("PTRMD", "/usr/local/bin/ptrmd"), "PATH": "/usr/bin:/bin"}
    lines.pipe(COMMAND, env=environment, checkCode=True).saveAsTextFile(target)
    spark.stop()


if __name__ == "__main__":
    main(*sys.argv[1:3])
