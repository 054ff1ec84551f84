import Profiles
import TestSupport

/// Reads a text as the file `conf/p.yaml` of a house with two tasks and two bundled models.
func parse(_ text: String, path: String = "conf/p.yaml") throws(ProfileErrors) -> ProfileSet {
    try ProfileSet.parse(
        Array(text.utf8), path: path, knownTasks: ["sudoku", "lightup"], knownModels: ["sudoku-9x9", "lightup-10"])
}

/// The diagnostics of a text, without the file's name; empty when it is right.
func problems(_ text: String) -> [String] {
    do {
        _ = try parse(text)
        return []
    } catch {
        return error.diagnostics.map { String("\($0)".dropFirst("conf/p.yaml:".count)) }
    }
}

/// A file with one right profile whose last line is `line`.
func fileWith(_ line: String) -> String {
    "version: 1\nprofiles:\n  s:\n    task: sudoku\n    model: sudoku-9x9\n    \(line)\n"
}
