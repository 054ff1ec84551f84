import JSON
import TestSupport
import Testing

extension DaemonTests {
    /// `ptrmd profiles`, and what a bad file does to every other command.
    @Suite struct ProfileCommandTests {
        private static let bad = """
            version: 1
            profiles:
              a:
                task: sudokku
                model: sudoku-9x9
                K: 0
                sigmaa: 0.2
                noise: z_X
                K: 5
              a:
                task: sudoku

            """
        /// `line:column` and words of each problem in `bad`.
        private static let problems = [
            ("4:11", "did you mean sudoku?"), ("6:8", "an integer from 1 to 100000"), ("7:5", "did you mean sigma?"),
            ("8:12", "z_L"),
        ]

        @Test func everyProblemHasItsPlace() async throws {
            let folder = try TemporaryFolder()
            // Duplicate keys are refused before anything else is looked at.
            let path = try folder.write(Self.bad, as: "bad.yaml")
            let duplicate = try await Daemon.run(["profiles", "check", path])
            #expect(duplicate.exitCode == 2 && duplicate.output == "")
            #expect(duplicate.errors.contains("bad.yaml:9:5: "), "\(duplicate.errors)")
            let lines = Self.bad.split(separator: "\n").prefix(8)
            let other = try folder.write(lines.joined(separator: "\n") + "\n", as: "other.yaml")
            let result = try await Daemon.run(["profiles", "check", other])
            #expect(result.exitCode == 2 && result.output == "")
            for (place, words) in Self.problems {
                let line = result.errors.split(separator: "\n").first { $0.hasPrefix("ptrmd: \(other):\(place): ") }
                #expect(line?.contains(words) == true, "\(place) \(words): \(result.errors)")
            }
            // The daemon does not start with such a file, and says the same.
            let daemon = try await Daemon.run(["--profiles", other], input: Sample.ping("1"))
            #expect(daemon.exitCode == 2 && daemon.output == "" && daemon.errors == result.errors)
        }

        @Test(arguments: [
            ("version: 1\nprofiles: [\n", ":3:1"), ("\u{1}", ":1:"), ("a: &x 1\nb: *x\n", ":1:4: anchors"), ("", ""),
        ])
        func filesThatAreNoProfiles(text: String, place: String) async throws {
            let folder = try TemporaryFolder()
            let path = try folder.write(text, as: "p.yaml")
            let result = try await Daemon.run(["profiles", "check", path])
            #expect(result.exitCode == 2 && result.errors.contains("ptrmd: \(path)\(place)"), "\(result.errors)")
        }

        /// What `show` prints is a profiles file that says the same.
        @Test func whatIsShownIsAProfilesFile() async throws {
            let folder = try TemporaryFolder()
            let shown = try await Daemon.run(["profiles", "show"])
            #expect(shown.exitCode == 0 && shown.errors == "")
            let path = try folder.write(shown.output, as: "shown.yaml")
            let checked = try await Daemon.run(["profiles", "check", path])
            #expect(checked.exitCode == 0 && checked.output.hasPrefix("\(path): "))
            #expect(try await Daemon.run(["profiles", "show", "--profiles", path]).output == shown.output)
            let one = try await Daemon.run(["profiles", "show", "sudoku"])
            #expect(one.output.contains("  sudoku:\n") && one.exitCode == 0)
            let none = try await Daemon.run(["profiles", "show", "sudokku"])
            #expect(none.exitCode == 2 && none.errors.contains("sudokku") && none.output == "")
        }

        @Test func theBundledFileIsGood() async throws {
            let path = RepositoryFiles.root + "/Config/profiles.yaml"
            let result = try await Daemon.run(["profiles", "check", path])
            #expect(result.exitCode == 0 && result.output.hasSuffix(", no problems\n"))
            let schema = try await Daemon.run(["profiles", "schema"])
            #expect(
                try schema.output
                    == String(
                        decoding: RepositoryFiles.read(RepositoryFiles.root + "/Config/profiles.schema.json"),
                        as: UTF8.self))
        }

        /// A file is good when the daemon starts with it: every model is there and serves its task.
        @Test func modelsAreCheckedToo() async throws {
            let folder = try TemporaryFolder()
            let yaml = """
                version: 1
                profiles:
                  a:
                    task: lightup
                    model: sudoku-9x9
                  b:
                    task: sudoku
                    model: ./none.safetensors
                  c:
                    task: sudoku
                    model: sudoku-9x9

                """
            let path = try folder.write(yaml, as: "p.yaml")
            let result = try await Daemon.run(["profiles", "check", path])
            #expect(result.exitCode == 3 && result.output == "")
            let lines = result.errors.split(separator: "\n")
            #expect(lines.count == 2)
            #expect(lines.first?.hasPrefix("ptrmd: \(path):5:12: model sudoku-9x9: was trained for sudoku") == true)
            let file = folder.file("./none.safetensors")
            #expect(
                lines.last == "ptrmd: \(path):8:12: model \(file): cannot open: No such file or directory",
                "\(result.errors)")
            let daemon = try await Daemon.run(["--profiles", path], input: Sample.ping("1"))
            #expect(daemon.exitCode == 3 && daemon.output == "")
        }

        /// What a search may hold in memory counts, not K alone.
        @Test func memoryIsRefusedByWhatASearchNeeds() async throws {
            let lines = [
                Sample.solve("1", Sample.easy, #""overrides":{"K":100000,"limits":{"max_steps":20}}"#),
                Sample.solve(
                    "2", Sample.easy,
                    #""overrides":{"K":100000,"D":100000,"limits":{"max_steps":10000000}}"#),
            ]
            let result = try await Daemon.run(["--memory", "4G"], input: lines.joined(separator: "\n"))
            let replies = try Replies.byID(result.output)
            #expect(replies["1"]?["status"] == "solved")
            #expect(replies["2"]?.errorCode == -32602 && replies["2"]?.errorField == "overrides.K")
        }
    }

    /// `--help` of every command fits a terminal and says what there is.
    @Suite struct HelpTests {
        @Test(arguments: [
            [], ["serve"], ["solve"], ["check"], ["profiles"], ["profiles", "check"], ["profiles", "show"], ["models"],
            ["models", "inspect"], ["import"], ["bench"],
        ])
        func helpReadsWell(command: [String]) async throws {
            let result = try await Daemon.run(command + ["--help"], environment: ["COLUMNS": "80"])
            #expect(result.exitCode == 0 && result.errors == "")
            #expect(result.output.hasPrefix("OVERVIEW: ") && result.output.contains("\nUSAGE: ptrmd"))
            for line in result.output.split(separator: "\n") where !line.hasPrefix("USAGE") {
                #expect(line.count <= 80, "\(line)")
            }
            guard command.isEmpty else { return }
            #expect(result.output.contains("\nExit codes: 0 all answered, 1 some line was an error,\n"))
        }
    }
}
