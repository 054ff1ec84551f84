import JSON
import Puzzles
import TestSupport
import Testing

extension DaemonTests {
    /// What the pages say is what the daemon does.
    @Suite struct DocumentedAnswersTests {
        /// The indented lines of a page, without their indentation.
        private static func examples(_ path: String) throws -> [String] {
            let page = String(decoding: try RepositoryFiles.read("\(RepositoryFiles.root)/\(path)"), as: UTF8.self)
            return page.split(separator: "\n", omittingEmptySubsequences: false)
                .filter { $0.hasPrefix("    ") }.map { String($0.dropFirst(4)) }
        }

        /// The last reply to a request with the kernels that are alike everywhere, but for the times in it.
        private static func reply(to request: String) async throws -> JSONObject {
            let result = try await Daemon.run(input: request + "\n", environment: ["PTRM_ISA": "generic"])
            return try withoutTimes(try #require(result.output.split(separator: "\n").last.map(String.init)))
        }

        private static func withoutTimes(_ line: String) throws -> JSONObject {
            var object = try #require(try JSON(parsing: Array(line.utf8)).objectValue)
            if object["timings"] != nil { object["timings"] = "left out" }
            return object
        }

        @Test func answersOfTheProtocol() async throws {
            let lines = try Self.examples("Protocols/README.md")
            var count = 0
            for (request, reply) in zip(lines, lines.dropFirst()) where request.hasPrefix("> ") {
                let found = try await Self.reply(to: String(request.dropFirst(2)))
                #expect(found == (try Self.withoutTimes(String(reply.dropFirst(2)))))
                count += 1
            }
            #expect(count == 3)
        }

        @Test func theReadmesAnswer() async throws {
            let lines = try Self.examples("README.md")
            let command = try #require(lines.firstIndex { $0.hasPrefix("$ echo '{") && $0.hasSuffix("}' | ptrmd") })
            let request = lines[command].dropFirst("$ echo '".count).dropLast("' | ptrmd".count)
            #expect(try await Self.reply(to: String(request)) == Self.withoutTimes(lines[command + 1]))
        }

        @Test(arguments: ["models", "profiles"])
        func listsOfTheProtocol(method: String) async throws {
            let folder = try TemporaryFolder()
            let sudoku = try await Daemon.run(["profiles", "show", "sudoku"])
            let path = try folder.write(sudoku.output, as: "sudoku.yaml")
            let mark = #""method":"\#(method)","#
            let example = try #require(try Self.examples("Protocols/README.md").first { $0.contains(mark) })
            let result = try await Daemon.run(["--profiles", path], input: #"{"method":"\#(method)"}"# + "\n")
            #expect(result.replies.first??[method] == (try JSON(parsing: Array(example.utf8)))[method])
        }

        /// The page's table of notations is what `ptrmd solve --help` prints, which is what the tasks say of themselves.
        @Test func notations() async throws {
            let page = String(decoding: try RepositoryFiles.read(RepositoryFiles.protocols("README.md")), as: UTF8.self)
            let help = try await Daemon.run(["solve", "--help"]).output.split(whereSeparator: \.isWhitespace)
            let text = help.joined(separator: " ")
            let head = "| task | notations |\n| --- | --- |\n"
            let rows = try #require(page.components(between: head).dropFirst().first).split(separator: "\n")
                .prefix { $0.hasPrefix("| ") }
            #expect(rows.count == Tasks.all.count)
            for row in rows {
                let parts = String(row.dropFirst(2).dropLast(2)).components(between: " | ")
                #expect(parts.count == 2 && text.contains(parts.joined(separator: ": ")), "\(row)")
            }
        }
    }
}
