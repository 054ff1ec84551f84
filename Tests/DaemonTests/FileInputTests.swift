import JSON
import TestSupport
import Testing

extension DaemonTests {
    /// Files as people have them, in every command that takes one; what is no file of puzzles is told once, in few words.
    @Suite struct FileInputTests {
        private static let bars = """
            #A a remark
            [Puzzle]
            5 3 . | . 7 . | . . .
            6 . . | 1 9 5 | . . .
            . 9 8 | . . . | . 6 .
            ------+-------+------
            8 . . | . 6 . | . . 3
            4 . . | 8 . 3 | . . 1
            7 . . | . 2 . | . . 6
            ------+-------+------
            . 6 . | . . . | 2 8 .
            . . . | 4 1 9 | . . 5
            . . . | . 8 . | . 7 9

            """

        private static let commands: [[String]] = [
            ["solve"], ["draw"], ["check"], ["check", "--unique"], ["eval"], ["trace"], ["tokens"],
        ]

        @Test(arguments: commands, ["puzzles/hard.sdm", "nothere.csv", "./x", "nothere.ndjson", "a b/c.sdk"])
        func aFileThatIsNotThere(command: [String], path: String) async throws {
            let rest = command == ["check"] ? [Sample.easyAnswer] : []
            let result = try await Daemon.run(command + [path] + rest)
            #expect(result.output == "" && result.exitCode == 2)
            #expect(result.errors == "ptrmd: \(path): No such file or directory\n", "\(result.errors)")
        }

        @Test(
            arguments: commands,
            [
                ("f", [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0], "is a program, expected text"),
                ("f.txt", [0x1F, 0x8B, 8, 0, 0x0A, 0x0A], "is compressed with gzip; decompress it first (gunzip)"),
                ("f.npy", [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0], "is binary, expected text"),
                ("f.zip", [0x50, 0x4B, 3, 4, 0x0A], "is a zip archive; unpack it first"),
                ("f.csv", [0xFF, 0xFE, 0x35, 0, 0x0A, 0], "is UTF-16 text; save it as UTF-8"),
            ] as [(String, [UInt8], String)])
        func whatIsNoTextIsToldOnce(command: [String], file: (name: String, mark: [UInt8], message: String))
            async throws
        {
            let folder = try TemporaryFolder()
            let path = try folder.write(file.mark + [UInt8](repeating: 0x0A, count: 5000), as: file.name)
            let rest = command == ["check"] ? [Sample.easyAnswer] : []
            let result = try await Daemon.run(command + [path] + rest)
            #expect(result.output == "" && result.exitCode == 2)
            #expect(result.errors == "ptrmd: \(path): \(file.message)\n", "\(result.errors)")
        }

        @Test func everyCommandReadsThem() async throws {
            let folder = try TemporaryFolder()
            let path = try folder.write(Self.bars, as: "hard.sdk")
            let answer = try folder.write(Sample.easyAnswer + "\n", as: "answer.txt")
            #expect(try await Daemon.run(["solve", "--json", path]).output.contains(Sample.easyAnswer))
            #expect(
                try await Daemon.run(["draw", path]).output == (try await Daemon.run(["draw", Sample.easy])).output)
            let unique = try await Daemon.run(["check", "--unique", path])
            #expect(unique.exitCode == 0 && unique.output.contains(#""unique":true"#), "\(unique.errors)")
            for answer in [answer, Sample.easyAnswer] {
                let checked = try await Daemon.run(["check", path, answer])
                #expect(checked.exitCode == 0 && checked.output.contains(#""valid":true"#), "\(checked.errors)")
            }
            let measured = try await Daemon.run(["eval", path, "--K", "1", "--D", "1", "--json"])
            #expect(measured.exitCode == 0, "\(measured.errors)")
        }

        /// A line for each puzzle, and one of a line's mistake.
        @Test func uniquenessOfManyPuzzles() async throws {
            let folder = try TemporaryFolder()
            let path = try folder.write("\(Sample.easy)\n1...............\n\(Sample.contradictory)\n", as: "p.sdm")
            let result = try await Daemon.run(["check", "--unique", "--task", "sudoku", path])
            let lines = result.replies
            #expect(result.exitCode == 1 && lines.count == 3)
            #expect(lines[0]?["unique"] == true && lines[0]?["line"] == 1 && lines[1]?["unique"] == false)
            #expect(lines[2]?["error"]?.stringValue?.contains("contradict") == true && lines[2]?["line"] == 3)
        }

        @Test func whatDrawDrawsIsRead() async throws {
            let drawing = try await Daemon.run(["draw", Sample.easy]).output
            #expect(try await Daemon.run(["solve", "--json", "-"], input: drawing).output.contains(Sample.easyAnswer))
        }

        /// A file of another kind has an error in every line.
        @Test(arguments: ["solve", "draw"])
        func itStopsAfterManyErrors(command: String) async throws {
            let lines = Sample.easy + "\n" + String(repeating: "no puzzle at all\n", count: 20_000)
            let result = try await Daemon.run([command, "-"], input: lines)
            #expect(result.exitCode == 1 && result.errors.split(separator: "\n").count == 101)
            #expect(result.errors.hasSuffix("ptrmd: stopped at line 101, after 100 lines with errors\n"))
        }

        /// The first picture is there long before the last line.
        @Test(arguments: [Sample.easy, #"{"task":"sudoku","puzzle":"\#(Sample.easy)"}"#])
        func itDrawsWhileItReads(line: String) async throws {
            try await Daemon.converse(["draw", "-"]) { daemon in
                try await daemon.send(String(repeating: line + "\n", count: 400) + line)
                #expect(try await daemon.line()?.hasPrefix("┌") == true)
            }
        }

        @Test(arguments: [
            ["solve", "ab\u{1B}[31mc"], ["draw", "https://puzz.link/p?akari/3/3/h\u{1B}]0;title\u{7}bj"],
            ["check", "a\u{1B}c", "b"],
            ["solve", "--task", "\u{1B}[2J", "1"], ["\u{1B}[2J"], ["solve", "--profile", "\u{9B}31m", Sample.easy],
            ["models", "inspect", "\u{1B}[31m"], ["send", "--socket", "\u{1B}[31m"],
            ["profiles", "check", "\u{1B}[31m"],
            ["--profiles", "\u{1B}[31m"], ["solve", "\u{202E}x.txt"],
        ])
        func nothingActsOnTheTerminal(arguments: [String]) async throws {
            let result = try await Daemon.run(arguments)
            #expect(result.exitCode != 0 && !result.errors.isEmpty)
            let shown = (result.errors + result.output).unicodeScalars
            #expect(!shown.contains { ["\u{1B}", "\u{7}", "\u{9B}", "\u{202E}"].contains($0) }, "\(result.errors)")
        }

        @Test func aMisspeltCommandGetsASuggestion() async throws {
            let misspelt = try await Daemon.run(["slove", "x"])
            #expect(misspelt.exitCode == 2 && misspelt.errors.contains("did you mean solve?"), "\(misspelt.errors)")
        }

        @Test(arguments: ["id", "name", nil] as [String?])
        func anArcTaskHasAName(key: String?) async throws {
            let folder = try TemporaryFolder()
            let name = key.map { #""\#($0)":"007bbfb7","# } ?? ""
            let task = #"{\#(name)"train":[{"input":[[1]],"output":[[2]]}],"test":[{"input":[[3]],"output":[[4]]}]}"#
            let path = try folder.write(task, as: "007bbfb7.json")
            let checked = try await Daemon.run(["check", "--task", "arc", path, "[[4]]"])
            #expect(
                checked.exitCode == 0 && checked.output.contains(#""name":"007bbfb7""#),
                "\(checked.errors)\(checked.output)")
            let solved = try await Daemon.run(["solve", path])
            #expect(solved.exitCode == 1 && solved.errors.contains("ptrmd import"), "\(solved.errors)")
        }

        @Test func variantRulesAreAWarning() async throws {
            let address = "https://puzz.link/p?nurikabe/v:/2/2/4i"
            let solved = try await Daemon.run(["solve", address])
            #expect(solved.exitCode == 0 && solved.errors.contains("variant rules"), "\(solved.errors)")
            let served = try await Daemon.run([], input: #"{"task":"nurikabe","puzzle":"\#(address)"}"# + "\n")
            #expect(served.replies.map { $0?["type"] } == ["warning", "answer"])
            let plain = try await Daemon.run(["solve", "https://puzz.link/p?nurikabe/2/2/4i"])
            #expect(plain.errors == "")
        }

        @Test(arguments: [["solve"], ["check", "--unique"], ["draw"]])
        func boxesThatPzprDrawsOtherwiseAreAWarning(_ command: [String]) async throws {
            let address = "https://puzz.link/p?sudoku/8/8/1zzzi"
            let told = try await Daemon.run(command + [address])
            #expect(told.errors.contains("2x2") && told.errors.contains("4 wide and 2 high"), "\(told.errors)")
            let usual = try await Daemon.run(command + ["https://puzz.link/p?sudoku/6/6/1zu"])
            #expect(!usual.errors.contains("boxes"), "\(usual.errors)")
        }

        /// Numbers of two digits, with lines between the boxes and without.
        @Test func aLargeSudokuAsPrinted() async throws {
            let generated = try await Daemon.run([
                "solve", "--json", "--engine", "exact", String(repeating: ".", count: 255) + "G",
            ])
            let answer = try #require(generated.replies.first??["answer"]?.stringValue)
            let cells: [String] = answer.enumerated().map { place, digit in
                place % 3 == 0 ? "." : String(digit.number)
            }
            var plain = ""
            var barred = ""
            for row in 0..<16 {
                if row > 0, row % 4 == 0 { barred += "------------+-------------+-------------+------------\n" }
                for column in 0..<16 {
                    plain += cells[16 * row + column] + " "
                    barred += (column > 0 && column % 4 == 0 ? "| " : "") + cells[16 * row + column] + " "
                }
                plain += "\n"
                barred += "\n"
            }
            for text in [plain, barred] {
                let solved = try await Daemon.run(["solve", "--json", "-"], input: text)
                #expect(solved.replies.first??["status"] == "solved", "\(solved.errors)\(text)")
            }
        }
    }
}

extension Character {
    /// 1-9, and A to G as 10 to 16.
    fileprivate var number: Int { wholeNumberValue ?? Int(asciiValue ?? 0x40) - 0x41 + 10 }
}
