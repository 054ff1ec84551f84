"""Puzzles as agents write them, each with the task where it has to be named, and what must come of it: the answer, or
words of the refusal."""

WIKIPEDIA = "534678912672195348198342567859761423426853791713924856961537284287419635345286179"

SOLVED = {
    "in a sentence": (
        "Please solve this sudoku: 53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79. Thanks!",
        None, WIKIPEDIA),
    "code block": (
        """Here is the puzzle I found in the paper (0 means empty):

```text
5 3 0 0 7 0 0 0 0
6 0 0 1 9 5 0 0 0
0 9 8 0 0 0 0 6 0
8 0 0 0 6 0 0 0 3
4 0 0 8 0 3 0 0 1
7 0 0 0 2 0 0 0 6
0 6 0 0 0 0 2 8 0
0 0 0 4 1 9 0 0 5
0 0 0 0 8 0 0 7 9
```

Can you give me the finished grid?""", None, WIKIPEDIA),
    "boxes of ASCII": (
        """The grid:

+-------+-------+-------+
| 5 3 . | . 7 . | . . . |
| 6 . . | 1 9 5 | . . . |
| . 9 8 | . . . | . 6 . |
+-------+-------+-------+
| 8 . . | . 6 . | . . 3 |
| 4 . . | 8 . 3 | . . 1 |
| 7 . . | . 2 . | . . 6 |
+-------+-------+-------+
| . 6 . | . . . | 2 8 . |
| . . . | 4 1 9 | . . 5 |
| . . . | . 8 . | . 7 9 |
+-------+-------+-------+
""", "sudoku", WIKIPEDIA),
    "drawn cells, blanks are spaces": (
        """I copied it from a terminal:
┌───┬───┬───┬───┐
│ 1 │   │   │   │
├───┼───┼───┼───┤
│   │   │ 1 │   │
├───┼───┼───┼───┤
│   │ 1 │   │ 3 │
├───┼───┼───┼───┤
│   │   │   │ 1 │
└───┴───┴───┴───┘
It is a small one.""", None, None),
    "table of Markdown": (
        """| 5 | 3 |   |   | 7 |   |   |   |   |
|---|---|---|---|---|---|---|---|---|
| 6 |   |   | 1 | 9 | 5 |   |   |   |
|   | 9 | 8 |   |   |   |   | 6 |   |
| 8 |   |   |   | 6 |   |   |   | 3 |
| 4 |   |   | 8 |   | 3 |   |   | 1 |
| 7 |   |   |   | 2 |   |   |   | 6 |
|   | 6 |   |   |   |   | 2 | 8 |   |
|   |   |   | 4 | 1 | 9 |   |   | 5 |
|   |   |   |   | 8 |   |   | 7 | 9 |""", None, WIKIPEDIA),
    "labelled rows": (
        """I read the image as follows.
Row 1: 5 3 _ _ 7 _ _ _ _
Row 2: 6 _ _ 1 9 5 _ _ _
Row 3: _ 9 8 _ _ _ _ 6 _
Row 4: 8 _ _ _ 6 _ _ _ 3
Row 5: 4 _ _ 8 _ 3 _ _ 1
Row 6: 7 _ _ _ 2 _ _ _ 6
Row 7: _ 6 _ _ _ _ 2 8 _
Row 8: _ _ _ 4 1 9 _ _ 5
Row 9: _ _ _ _ 8 _ _ 7 9""", None, WIKIPEDIA),
    "lists of Python": (
        """board = [[5, 3, None, None, 7, None, None, None, None],
 [6, None, None, 1, 9, 5, None, None, None], [None, 9, 8, None, None, None, None, 6, None],
 [8, None, None, None, 6, None, None, None, 3], [4, None, None, 8, None, 3, None, None, 1],
 [7, None, None, None, 2, None, None, None, 6], [None, 6, None, None, None, None, 2, 8, None],
 [None, None, None, 4, 1, 9, None, None, 5], [None, None, None, None, 8, None, None, 7, 9]]
solve(board)""", None, WIKIPEDIA),
    "address in Markdown": (
        "Solve [this nurikabe](https://puzz.link/p?nurikabe/6/6/n3o4r4h3g) for me.", None,
        ".#####\n.#3..#\n.#####\n4#.#.#\n##.#.#\n#4.#3#"),
    "light up in a block": (
        """Akari, `#` is a black cell:

```
. 2 . . . .
. . . . . 1
. 1 # . # .
. # . 2 1 .
0 . . . . .
. . . . 1 .
```
""", "lightup", "*2..*.\n.*...1\n.1#*#*\n.#*21.\n0...*.\n.*..1."),
    "quoted maze": (
        """> my maze:
> ```
> #######
> #S..#.#
> ###.#.#
> #.....#
> #.###.#
> #...#G#
> #######
> ```""", "maze", None),
    "coordinates around it": (
        """   A B C D
1  1 . . .
2  . . 1 .
3  . 1 . 3
4  . . . 1
""", "sudoku", None),
}

REFUSED = {
    "a row is missing": (
        """5 3 . . 7 . . . .
6 . . 1 9 5 . . .
. 9 8 . . . . 6 .
8 . . . 6 . . . 3
4 . . 8 . 3 . . 1
7 . . . 2 . . . 6
. 6 . . . . 2 8 .
. . . 4 1 9 . . 5""", "sudoku", "puzzle", "72 cells"),
    "two fives in a row": (
        "Solve 55..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79 please", "sudoku",
        "puzzle", "row 1 column 1 and row 1 column 2"),
    "two tasks can read it": (". . #\n. 1 .\n. . .", None, "task", "lightup and shakashaka"),
    "no puzzle at all": ("What is the capital of France?", None, "task", "no task reads this puzzle"),
    "a misspelt task": ("5...", "suduko", "task", "Did you mean sudoku?"),
    "another site": ("https://sudokupad.app/abc123", "sudoku", "puzzle", "SudokuPad"),
}
