import JSON
import TestSupport

/// Puzzles and request lines.
enum Sample {
    static let easy = "53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79"
    static let easyAnswer = "534678912672195348198342567859761423426853791713924856961537284287419635345286179"
    /// The last cell of the first row could only be a 9, and its column has one.
    static let unsolvable = "12345678." + String(repeating: ".", count: 26) + "9" + String(repeating: ".", count: 45)
    /// Two fives in the first row.
    static let contradictory = "55" + easy.dropFirst(2)

    /// Settings of a search that ends when something ends it.
    static let endless =
        #""overrides":{"K":1000,"D":100000,"q_threshold":null,"verify":"off","stop":"all","limits":{"max_steps":null}}"#

    /// A solve request with more members after the puzzle; `id` is JSON, so a string has its quotes.
    static func solve(_ id: String, _ puzzle: String = easy, _ members: String...) -> String {
        let rest = members.map { "," + $0 }.joined()
        return #"{"id":\#(id),"task":"sudoku","puzzle":"\#(puzzle)"\#(rest)}"#
    }

    static func endlessSolve(_ id: String) -> String { solve(id, unsolvable, endless) }

    static func ping(_ id: String) -> String { #"{"id":\#(id),"method":"ping"}"# }

    static func cancel(_ target: String, id: String) -> String {
        #"{"id":\#(id),"method":"cancel","request_id":\#(target)}"#
    }

    /// The 100 puzzles that users find in `examples/`, one request line each.
    static func exampleLines() throws -> [String] {
        let bytes = try RepositoryFiles.read(RepositoryFiles.root + "/examples/puzzles/sudoku.ndjson")
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// A profiles file with one sudoku profile of that name.
    static func profiles(named name: String, _ keys: String = "") -> String {
        """
        version: 1
        profiles:
          \(name):
            task: sudoku
            model: sudoku-9x9
            noise: z_H
            q_threshold: 2.0
            \(keys)

        """
    }
}
