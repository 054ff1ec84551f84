import Glibc
import Profiles
import Rollouts
import TestSupport
import Testing
import YAML

@Suite struct LoadingTests {
    @Test func readsAPipe() throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        defer { close(ends[0]) }
        let text = fileWith("K: 12")
        try #require(write(ends[1], text, text.utf8.count) == text.utf8.count)
        close(ends[1])
        let set = try ProfileSet.load(
            path: "/dev/fd/\(ends[0])", knownTasks: ["sudoku"], knownModels: ["sudoku-9x9"])
        #expect(set["s"]?.search.K == 12)
    }

    @Test(arguments: [
        ("/nowhere/p.yaml", "/nowhere/p.yaml: cannot be read: No such file or directory"),
        ("/", "/: cannot be read: Is a directory"),
        ("/dev/null", "/dev/null:1:1: expected a mapping with version, defaults and profiles"),
        ("/dev/zero", "/dev/zero:1:1: longer than 1000 bytes"),
    ])
    func refuses(_ path: String, _ message: String) {
        let error = #expect(throws: ProfileErrors.self) {
            try ProfileSet.load(path: path, knownTasks: [], knownModels: [], limits: YAMLLimits(maxBytes: 1000))
        }
        #expect(error?.description == message)
    }

    /// Every problem on a line of its own, with the file's path.
    @Test func problemsAreListed() {
        let error = #expect(throws: ProfileErrors.self) { try parse(fileWith("K: 0\n    D: x")) }
        #expect(
            error?.description == """
                conf/p.yaml:6:8: K: expected an integer from 1 to 100000, found 0
                conf/p.yaml:7:8: D: expected an integer from 1 to 100000, found "x"
                """)
    }
}
