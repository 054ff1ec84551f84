import JSON
import TestSupport
import Testing

extension DaemonTests {
    /// The models beside sudoku's: puzzles that they have not seen, answers checked by rules written anew here.
    @Suite struct BundledModelsTests {
        /// The first examples of a task with the boards that were generated with them.
        private func examples(of task: String, _ count: Int) throws -> (lines: String, puzzles: [JSON]) {
            let text = String(
                decoding: try RepositoryFiles.read("\(RepositoryFiles.root)/examples/puzzles/\(task).ndjson"),
                as: UTF8.self)
            let lines = text.split(separator: "\n").prefix(count)
            return (lines.joined(separator: "\n") + "\n", try lines.map { try JSON(parsing: Array($0.utf8)) })
        }

        /// The rows of an answer of ten by ten.
        private func rows(_ reply: JSON?) throws -> [[Character]] {
            let text = try #require(reply?["answer"]?.stringValue)
            let rows = text.split(separator: "\n").map { Array($0) }
            try #require(rows.count == 10 && rows.allSatisfy { $0.count == 10 }, "\(text)")
            return rows
        }

        @Test func lightup() async throws {
            let (lines, puzzles) = try examples(of: "lightup", 20)
            let result = try await Daemon.run(["--ordered"], input: lines)
            var solved = 0
            for (puzzle, reply) in zip(puzzles, result.replies) where reply?["status"] == "solved" {
                #expect(reply?["id"] == puzzle["id"] && reply?["verified"] == true)
                let board = try rows(reply)
                #expect(Self.obeysLightup(board), "\(reply?.text ?? "")")
                // The answer keeps the puzzle's black cells and their numbers.
                let given = try #require(puzzle["puzzle"]?.stringValue).split(separator: "\n").map { Array($0) }
                let blacks = board.map { $0.map { "*.".contains($0) ? "." : $0 } }
                #expect(given == blacks)
                solved += 1
            }
            #expect(result.exitCode == 0 && result.replies.count == 20 && solved >= 15, "\(solved) solved")
        }

        /// Generated puzzles have one solution, so a right answer is that one.
        @Test(arguments: [
            ("tapa", "10x10", 7), ("shakashaka", "10x10", 5), ("nurikabe", "7x7", 5), ("heyawake", "7x7", 4),
        ])
        func aSolvedPuzzleHasItsSolution(task: String, size: String, least: Int) async throws {
            let made = try await Daemon.run([
                "generate", "--task", task, "--size", size, "--count", "10", "--seed", "2026",
            ])
            let result = try await Daemon.run(["--ordered"], input: made.output)
            var solved = 0
            for (puzzle, reply) in zip(made.replies, result.replies) where reply?["status"] == "solved" {
                #expect(reply?["answer"] == puzzle?["solution"] && reply?["verified"] == true)
                solved += 1
            }
            #expect(result.exitCode == 0 && result.replies.count == 10 && solved >= least, "\(solved) solved")
        }

        /// A way that leads from S to G with no more cells than the generator's is a shortest one.
        @Test func aSolvedMazeHasAShortestWay() async throws {
            let made = try await Daemon.run([
                "generate", "--task", "maze", "--size", "10x10", "--count", "10", "--seed", "2026",
            ])
            let result = try await Daemon.run(["--ordered"], input: made.output)
            var solved = 0
            for (puzzle, reply) in zip(made.replies, result.replies) where reply?["status"] == "solved" {
                let maze = try #require(puzzle?["puzzle"]?.stringValue)
                let answer = try #require(reply?["answer"]?.stringValue)
                let shortest = try #require(puzzle?["solution"]?.stringValue).count { $0 == "o" }
                let board = try rows(reply)
                #expect(reply?["verified"] == true && answer.replacing("o", with: " ") == maze)
                #expect(answer.count { $0 == "o" } == shortest && Self.leads(board), "\(answer)")
                solved += 1
            }
            #expect(result.exitCode == 0 && result.replies.count == 10 && solved >= 7, "\(solved) solved")
        }

        /// Do marked cells lead from S to G?
        private static func leads(_ maze: [[Character]]) -> Bool {
            let places = maze.indices.flatMap { row in maze[row].indices.map { (row, $0) } }
            var wave = places.filter { maze[$0.0][$0.1] == "S" }
            var reached = Set(wave.map { [$0.0, $0.1] })
            while let (row, column) = wave.popLast() {
                if maze[row][column] == "G" { return true }
                for next in [(row - 1, column), (row, column + 1), (row + 1, column), (row, column - 1)]
                where maze.indices.contains(next.0) && maze[next.0].indices.contains(next.1)
                    && "oG".contains(maze[next.0][next.1]) && reached.insert([next.0, next.1]).inserted
                {
                    wave.append(next)
                }
            }
            return false
        }

        /// Every white cell is lit, no lamp by another, and every number has its lamps.
        private static func obeysLightup(_ board: [[Character]]) -> Bool {
            let steps = [(0, 1), (1, 0), (0, -1), (-1, 0)]
            func at(_ r: Int, _ c: Int) -> Character? {
                board.indices.contains(r) && board[r].indices.contains(c) ? board[r][c] : nil
            }
            for r in board.indices {
                for c in board[r].indices {
                    let cell = board[r][c]
                    if cell == "*" || cell == "." {
                        let lit = steps.contains { step in
                            var place = (r + step.0, c + step.1)
                            while let next = at(place.0, place.1), next == "." { place.0 += step.0; place.1 += step.1 }
                            return at(place.0, place.1) == "*"
                        }
                        if lit == (cell == "*") { return false }
                    } else if let number = cell.wholeNumberValue {
                        guard steps.count(where: { at(r + $0.0, c + $0.1) == "*" }) == number else { return false }
                    }
                }
            }
            return true
        }
    }
}
