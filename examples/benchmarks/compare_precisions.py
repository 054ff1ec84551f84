#!/usr/bin/env python3
"""What int8 costs in answers: the same puzzles solved by the model alone in each precision.

    ptrmd generate --task sudoku --minimal --count 1000 --seed 991 > sudoku.ndjson
    python3 examples/benchmarks/compare_precisions.py sudoku.ndjson

Prints the share verified with its 95 % interval (Wilson) and the steps a puzzle; boards that the model does not take are left out. A
model is marked as no worse in int8 (`is_as_good_in_int8` in Sources/CBundledFiles/CBundledFiles.c, with this table in its card) where on
1,000 puzzles the share is within half a point of fp32's and the steps within 5 %.
"""

import argparse
import json
import pathlib
import re
import statistics
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]


def wilson(count, total, z=1.96):
    share, spread = count / total, z * z / total
    middle, half = share + spread / 2, z * (share * (1 - share) / total + spread / total / 4) ** 0.5
    return f"{100 * share:.1f} % ({100 * (middle - half) / (1 + spread):.1f}-{100 * (middle + half) / (1 + spread):.1f})"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("puzzles", nargs="+", type=pathlib.Path, metavar="file", help="a request on each line")
    parser.add_argument("--precisions", nargs="+", default=["fp32", "int8"])
    parser.add_argument("--profiles", type=pathlib.Path, default=ROOT / "Config/profiles.yaml")
    parser.add_argument("--limit", type=int, default=1000, help="puzzles of each file")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--ptrmd", type=pathlib.Path, default=ROOT / ".build/release/ptrmd")
    options = parser.parse_args()
    print("| puzzles | precision | verified | steps a puzzle | median |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for file in options.puzzles:
            lines = [json.loads(line) for line in file.read_text().splitlines() if line.strip()][:options.limit]
            for line in lines:
                line["overrides"] = line.get("overrides", {}) | {"engines": ["ptrm"]}
            requests = "".join(json.dumps(line) + "\n" for line in lines)
            for precision in options.precisions:
                profiles = pathlib.Path(folder) / "profiles.yaml"
                text = re.sub(r"(?m)^ *precision:.*\n", "", options.profiles.read_text())
                profiles.write_text(re.sub(r"(?m)^defaults:\n", f"defaults:\n  precision: {precision}\n", text))
                done = subprocess.run(
                    [str(options.ptrmd), "--profiles", str(profiles), "--threads", str(options.threads), "--fail-on", "none"],
                    input=requests, capture_output=True, text=True, check=True)
                replies = [json.loads(reply) for reply in done.stdout.splitlines()]
                answers = [reply for reply in replies if reply["type"] == "answer"]
                steps = [reply["steps"] for reply in answers]
                verified = sum(reply["verified"] is True for reply in answers)
                print(f"| {file.stem}, {len(answers)} | {precision} | {wilson(verified, len(answers))} | "
                      f"{statistics.mean(steps):.1f} | {statistics.median(steps):.0f} |", flush=True)


if __name__ == "__main__":
    main()
