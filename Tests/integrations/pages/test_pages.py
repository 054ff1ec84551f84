"""The pages of `ptrmd trace --html` and `ptrmd eval --html` in a real browser: Debian's Chromium, without a window.

SCREENSHOTS=FOLDER keeps pictures of what is tested, for a person to look at.
"""
import os
import pathlib
import shutil
import subprocess
import tempfile
import time
import unittest

from playwright.sync_api import sync_playwright

PTRMD = os.environ["PTRMD"]
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
SUDOKU = ".1...86..4..9..5....3......1...5.3....47.92...6..8...55..8....7.......4..8.61...."
MOST_MS = 50


def run(*arguments, input=None):
    return subprocess.run([PTRMD, *arguments], input=input, text=True, check=True, capture_output=True).stdout


@unittest.skipUnless(CHROMIUM, "no browser: apt-get install chromium")
class PageTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.playwright = sync_playwright().start()
        cls.browser = cls.playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()
        cls.playwright.stop()
        cls.folder.cleanup()

    def setUp(self):
        self.problems = []

    def tearDown(self):
        self.assertEqual(self.problems, [])

    def made(self, name, *arguments, input=None):
        path = os.path.join(self.folder.name, name)
        if not os.path.exists(path):
            run(*arguments, "--html", path, input=input)
        return path

    def open(self, path, **options):
        page = self.browser.new_page(viewport={"width": 1360, "height": 900}, **options)
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("console", lambda message: message.type == "error" and self.problems.append(message.text))
        # One file, and nothing else is ever asked for.
        page.on("request", lambda request: request.url.startswith("file://" + path) or self.problems.append(request.url))
        page.goto("file://" + path)
        self.addCleanup(page.close)
        return page

    def picture(self, page, name):
        if folder := os.environ.get("SCREENSHOTS"):
            pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=os.path.join(folder, name + ".png"))

    def text(self, page, id):
        return page.locator("#" + id).text_content()

    def wait(self, page, expression):
        """Waits until it is true. The page's policy forbids what Playwright's own waiting does."""
        end = time.monotonic() + 30
        while not page.evaluate(expression):
            if time.monotonic() > end:
                self.fail(f"never: {expression}")
            page.wait_for_timeout(50)

    def step_times(self, page, key, count):
        """Milliseconds from a key to the frame that shows what it did, sorted."""
        return sorted(page.evaluate(
            """async ([key, count]) => {
                const times = [];
                for (let index = 0; index < count; index++) {
                    const begin = performance.now();
                    document.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
                    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
                    times.push(performance.now() - begin);
                }
                return times;
            }""", [key, count]))

    def test_trace(self):
        path = self.made("trace.html", "trace", SUDOKU, "--K", "12", "--D", "8", "--threads", "1")
        page = self.open(path)
        self.assertIn("12 rollouts of up to 8 steps", self.text(page, "about"))
        self.assertEqual(page.locator("#board rect").count() >= 81, True)
        self.assertTrue(self.text(page, "place").startswith("step 1 of 8"))
        before = page.locator("#board").inner_html()
        page.keyboard.press("End")
        self.assertTrue(self.text(page, "place").startswith("step 8 of 8"))
        self.assertNotEqual(page.locator("#board").inner_html(), before)
        page.keyboard.press("Home")
        self.assertEqual(self.text(page, "numbers").split(":")[0], "Rollout " + page.locator("#which").input_value())
        first = page.locator("#which").input_value()
        page.keyboard.press("ArrowDown")
        self.assertNotEqual(page.locator("#which").input_value(), first)
        page.keyboard.press(" ")
        self.assertEqual(page.locator("#play").get_attribute("aria-pressed"), "true")
        self.wait(page, "document.getElementById('place').textContent.startsWith('step 3')")
        page.keyboard.press(" ")
        # A wrong answer says what it breaks, and where.
        page.locator("#which").fill("0")
        page.locator("#which").press("Enter")
        page.locator("#slider").fill("1")
        self.assertIn("breaks the rule", self.text(page, "verdict"))
        self.assertIn("(red)", self.text(page, "verdict"))
        self.picture(page, "trace-light")
        # A click on a curve chooses a rollout; a filter takes a mode away.
        box = page.locator("#q").bounding_box()
        page.mouse.click(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.5)
        rows = page.evaluate("strip.rows.length")
        page.locator("#filters button").last.click()
        self.assertLess(page.evaluate("strip.rows.length"), rows + 1)
        page.locator("#sort").select_option("q")
        self.assertEqual(page.evaluate("rollouts[order[0]].q.at(-1) >= rollouts[order.at(-1)].q.at(-1)"), True)

    def test_trace_dark(self):
        path = self.made("trace.html", "trace", SUDOKU, "--K", "12", "--D", "8", "--threads", "1")
        page = self.open(path, color_scheme="dark")
        paper = "getComputedStyle(document.body).backgroundColor"
        self.assertEqual(page.evaluate(paper), "rgb(13, 17, 23)")
        self.picture(page, "trace-dark")
        page.keyboard.press("d")
        self.assertEqual(page.evaluate(paper), "rgb(255, 255, 255)")

    def test_trace_of_other_tasks(self):
        for task in ["lightup", "heyawake", "shakashaka", "maze", "nurikabe", "tapa"]:
            with self.subTest(task):
                size = "15x15" if task == "maze" else "8x8"
                line = run("generate", "--task", task, "--size", size, "--seed", "4")
                path = self.made(task + ".html", "trace", "-", "--K", "3", "--D", "4", "--threads", "1", input=line)
                page = self.open(path)
                page.keyboard.press("End")
                self.assertIn("The answer ", self.text(page, "verdict"))
                self.picture(page, "trace-" + task)

    def test_trace_of_a_thousand_rollouts(self):
        path = self.made("thousand.html", "trace", SUDOKU, "--K", "1000", "--D", "16")
        page = self.open(path)
        self.wait(page, "strip.rows && strip.rows.length === 1000")
        self.picture(page, "trace-thousand")
        # Ten rollouts and steps: what a frame takes is bounded, not only the mean.
        times = self.step_times(page, "ArrowDown", 40) + self.step_times(page, "ArrowRight", 15)
        times.sort()
        print(f"1,000 rollouts: a key takes {times[len(times) // 2]:.1f} ms (median), {times[-1]:.1f} ms at most;",
              f"{os.path.getsize(path) / 1e6:.1f} MB")
        self.assertLess(times[len(times) // 2], MOST_MS)

    def test_trace_escapes_what_it_is_given(self):
        line = '{"id":"</script><script>alert(1)</script><b>","task":"sudoku","puzzle":"' + SUDOKU + '"}'
        path = self.made("escaped.html", "trace", "-", "--K", "2", "--D", "2", "--threads", "1", input=line)
        page = self.open(path)
        self.assertIn("<script>alert(1)", self.text(page, "title"))

    def test_eval(self):
        lines = run("generate", "--task", "heyawake", "--size", "8x8", "--count", "12", "--seed", "5")
        path = self.made(
            "eval.html", "eval", "-", "--K", "1,2,4", "--D", "8", "--sigma", "0.2,0.5,1", input=lines)
        page = self.open(path)
        self.assertIn("on 12 puzzles of heyawake", self.text(page, "title"))
        self.picture(page, "eval-light")
        if page.locator("#failed").get_attribute("aria-pressed") == "true":
            page.keyboard.press("f")
        self.assertEqual(page.locator("#rows tr").count(), 12)
        first = self.text(page, "name")
        page.keyboard.press("ArrowDown")
        self.assertNotEqual(self.text(page, "name"), first)
        board = page.locator("#board").inner_html()
        page.keyboard.press("s")
        self.assertNotEqual(page.locator("#board").inner_html(), board)
        self.assertIn("ptrmd trace --profile heyawake --html trace.html 'https://puzz.link/p?heyawake", self.text(page, "command"))
        page.locator("th button[data-key=q]").click()
        cells = page.locator("#rows tr td:nth-child(5)").all_text_contents()
        self.assertEqual(cells, sorted(cells, key=float))
        page.locator("#search").fill("heyawake-8x8-5-3")
        self.assertEqual(page.locator("#rows tr").count(), 1)
        page.locator("#conditions").select_option("2")
        self.assertIn("sigma 1", self.text(page, "about"))
        self.picture(page, "eval-sigma-1")

    def test_eval_of_many_puzzles(self):
        lines = run("generate", "--task", "sudoku", "--count", "600", "--seed", "6")
        path = self.made("many.html", "eval", "-", "--K", "1", "--D", "2", input=lines)
        page = self.open(path, color_scheme="dark")
        self.assertIn("600 puzzles", self.text(page, "title"))
        times = self.step_times(page, "ArrowDown", 30)
        print(f"600 puzzles: a key takes {times[len(times) // 2]:.1f} ms (median), {times[-1]:.1f} ms at most")
        self.assertLess(times[len(times) // 2], MOST_MS)
        self.picture(page, "eval-many-dark")


if __name__ == "__main__":
    unittest.main()
