"""What the daemon exposes, read with the parser of Prometheus' own client library."""

import json
import os
import re
import socket
import subprocess
import tempfile
import time
import unittest
import urllib.error
import urllib.request
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

import ptrm

EXAMPLES = Path(__file__).parents[3] / "examples"


class MetricsTests(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.socket = os.path.join(folder.name, "s")
        self.log = os.path.join(folder.name, "log")
        with open(self.log, "w") as log:
            self.daemon = subprocess.Popen(
                [os.environ["PTRMD"], "--socket", self.socket, "--metrics-listen", "127.0.0.1:0"], stderr=log
            )
        self.addCleanup(self.end)
        self.address = ""
        for _ in range(6000):
            found = re.search(r"at=(127\.0\.0\.1:\d+)", Path(self.log).read_text())
            if found:
                self.address = found.group(1)
                break
            time.sleep(0.01)

    def end(self) -> None:
        self.daemon.terminate()
        self.assertEqual(self.daemon.wait(), 0)

    def get(self, path: str) -> str:
        with urllib.request.urlopen(f"http://{self.address}{path}", timeout=30) as response:
            self.assertEqual(response.status, 200)
            return response.read().decode()

    def test_every_metric_is_taken(self) -> None:
        with ptrm.Client(self.socket) as client:
            self.assertTrue(client.solve("53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79").solved)
            with self.assertRaises(ptrm.InvalidRequest):
                client.solve("12", task="sudoku")
        text = self.get("/metrics")
        families = {family.name: family for family in text_string_to_metric_families(text)}
        # The parser drops nothing in silence: every line is a comment or one of its samples.
        lines = [line for line in text.splitlines() if line and not line.startswith("#")]
        self.assertEqual(len(lines), sum(len(family.samples) for family in families.values()))
        for family in families.values():
            self.assertTrue(family.documentation, f"{family.name} has no help")
            self.assertIn(family.type, ("counter", "gauge", "histogram"))
        errors = {sample.labels["code"]: sample.value for sample in families["ptrmd_errors"].samples}
        self.assertEqual((errors["-32602"], errors["429"]), (1, 0))
        histogram = families["ptrmd_request_duration_seconds"].samples
        buckets = [sample.value for sample in histogram if sample.name.endswith("_bucket")]
        self.assertEqual(buckets, sorted(buckets))
        self.assertEqual(buckets[-1], 1)
        for name in ("process_cpu_seconds", "process_resident_memory_bytes", "process_open_fds", "process_start_time_seconds"):
            self.assertGreater(families[name].samples[0].value, 0, name)
        self.assertAlmostEqual(families["process_start_time_seconds"].samples[0].value, time.time(), delta=600)
        self.assertIn("version", families["ptrmd_build_info"].samples[0].labels)

    def test_the_dashboard_asks_for_what_there_is(self) -> None:
        exposed = set()
        for family in text_string_to_metric_families(self.get("/metrics")):
            exposed |= {family.name, family.name + "_total", family.name + "_bucket"}
        dashboard = json.loads((EXAMPLES / "monitoring" / "ptrmd.dashboard.json").read_text())
        asked = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
        asked += re.findall(r"expr: (.*)", (EXAMPLES / "monitoring" / "ptrmd.rules.yml").read_text())
        names = {name for expression in asked for name in re.findall(r"\b(?:ptrmd|process)_\w+", expression)}
        self.assertGreater(len(names), 15)
        # Made by the first answer of a profile.
        self.assertEqual(names - exposed, {"ptrmd_request_duration_seconds_bucket"})

    def test_silent_clients_delay_nobody(self) -> None:
        host, port = self.address.split(":")
        silent = [socket.create_connection((host, int(port))) for _ in range(12)]
        begin = time.monotonic()
        self.get("/metrics")
        print(f"a scrape beside 12 silent clients: {1000 * (time.monotonic() - begin):.1f} ms")
        for client in silent:
            client.settimeout(0)
            with self.assertRaises(BlockingIOError, msg="it was disconnected for the other's sake"):
                client.recv(1)
            client.close()

    def test_health(self) -> None:
        self.assertEqual((self.get("/healthz"), self.get("/readyz")), ("ok\n", "ok\n"))
        with self.assertRaises(urllib.error.HTTPError) as caught:
            self.get("/other")
        self.assertEqual(caught.exception.code, 404)


if __name__ == "__main__":
    unittest.main()
