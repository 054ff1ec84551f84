"""What needs no daemon."""

import json
import os
import pickle
import sys
import unittest
from unittest import mock

import ptrm
from ptrm import errors, program, requests
from ptrm.conversation import Conversation, retry_delay
from support import EASY

BUSY = {"type": "error", "id": 1, "error": {"code": 429, "message": "full", "data": {"retry_after_ms": 100}}}


class PureTests(unittest.TestCase):
    def test_tasks_that_puzzles_say(self) -> None:
        for puzzle, task in [
            (EASY, "sudoku"), ("1...............", "sudoku"), (EASY.replace("", " "), "sudoku"),
            ("https://puzz.link/p?akari/10/10/x", "lightup"), ("http://pzv.jp/p.html?nurikabe/5/5/x", "nurikabe"),
        ]:
            self.assertEqual(requests.recognise(puzzle), task)
        for puzzle in ("..#1.", "", [[1, 2]], {"train": []}):
            with self.assertRaises(ValueError):
                requests.recognise(puzzle)

    def test_requests(self) -> None:
        self.assertEqual(requests.request([[1]], {"task": "tapa"}), {"task": "tapa", "puzzle": [[1]]})
        self.assertEqual(requests.request({"id": 1, "puzzle": "x", "task": "maze"}, {"task": "tapa"})["task"], "maze")
        self.assertEqual(requests.request({"train": []}, {"task": "arc"}), {"task": "arc", "puzzle": {"train": []}})
        self.assertNotIn("task", requests.request("x", {"profile": "p"}))

    def test_errors_survive_pickling(self) -> None:
        lost = [errors.DaemonExited(2, "why"), errors.ConnectionLost("gone"), errors.PtrmWarning("unknown", "limit")]
        for error in [*lost, errors.RequestError.of(BUSY), errors.RequestError.of({"error": {"code": -32602}})]:
            copy = pickle.loads(pickle.dumps(error))
            self.assertEqual((type(copy), str(copy), vars(copy)), (type(error), str(error), vars(error)))

    def test_answers_survive_pickling(self) -> None:
        answer = ptrm.Answer.of({"id": 7, "status": "solved", "stop_reason": "exact", "answer": "1", "new": 1})
        self.assertEqual(pickle.loads(pickle.dumps(answer)), answer)
        self.assertEqual((answer["new"], answer.confidence), (1, None))

    def test_when_to_try_again(self) -> None:
        self.assertEqual(retry_delay(BUSY, 0.0, 1.0, 0.0), 0.1)
        self.assertAlmostEqual(retry_delay(BUSY, 0.0, 1.0, 1.0) or 0, 0.15)
        self.assertIsNone(retry_delay(BUSY, 0.95, 1.0, 0.0), "out of patience")
        self.assertIsNone(retry_delay({"type": "answer"}, 0.0, 1.0, 0.0))
        self.assertIsNone(retry_delay({"type": "error", "error": {"code": 503}}, 0.0, 1.0, 0.0))

    def test_lines_without_a_request_of_ours_are_left_out(self) -> None:
        conversation: Conversation = Conversation()
        self.assertIsNone(conversation.receive(b'{"type":"answer","id":"x"}\n'))
        self.assertIsNone(conversation.receive(b'{"type":"novelty","id":null}\n'))
        self.assertIsInstance(conversation.reason(), ptrm.ConnectionLost)
        conversation.receive(json.dumps({**BUSY, "id": None}).encode())
        self.assertIsInstance(conversation.reason(), ptrm.Busy)

    def test_nothing_is_sent_that_is_no_json(self) -> None:
        conversation: Conversation = Conversation()
        with self.assertRaises(ValueError):
            conversation.send({"puzzle": float("nan")}, None)
        self.assertEqual(conversation.end(), [])

    def test_where_the_program_is(self) -> None:
        with mock.patch.dict(os.environ, {"PTRMD": "/somewhere/ptrmd"}):
            self.assertEqual(program.find(), "/somewhere/ptrmd")
        with mock.patch.dict(os.environ, {"PTRMD": "", "PATH": "/nowhere"}), mock.patch.object(sys, "argv", ["x"]):
            with mock.patch("pathlib.Path.exists", return_value=False), self.assertRaises(ptrm.ProgramNotFound):
                program.find()


if __name__ == "__main__":
    unittest.main()
