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
        @Test(arguments: [("tapa", 7), ("shakashaka", 5)])
        func aSolvedPuzzleHasItsSolution(task: String, least: Int) async throws {
            let made = try await Daemon.run(["generate", "--task", task, "--count", "10", "--seed", "2026"])
            let result = try await Daemon.run(["--ordered"], input: made.output)
            var solved = 0
            for (puzzle, reply) in zip(made.replies, result.replies) where reply?["status"] == "solved" {
                #expect(reply?["answer"] == puzzle?["solution"] && reply?["verified"] == true)
                solved += 1
            }
            #expect(result.exitCode == 0 && result.replies.count == 10 && solved >= least, "\(solved) solved")
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
