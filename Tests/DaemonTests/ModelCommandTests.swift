import JSON
import TestSupport
import Testing

extension DaemonTests {
    /// `ptrmd models` and `ptrmd import`: files in, files out.
    @Suite struct ModelCommandTests {
        private static let sha = "66c163051559112420231a8f13a048c92a4f15c47d55604a7f8272296d6421a5"

        private func inspect(_ arguments: String...) async throws -> JSON {
            let result = try await Daemon.run(["models", "inspect", "--json"] + arguments)
            #expect(result.exitCode == 0, "\(result.errors)")
            return try #require(result.replies.first ?? nil)
        }

        @Test func theBundledModel() async throws {
            let list = try await Daemon.run(["models"])
            #expect(list.output.contains("sudoku-9x9\tsudoku\t522370 parameters\n") && list.exitCode == 0)
            let folder = "\(RepositoryFiles.root)/Sources/CBundledFiles/models"
            let files = try RepositoryFiles.names(in: folder, endingIn: ".safetensors")
            #expect(list.output.split(separator: "\n").count == files.count)
            let text = try await Daemon.run(["models", "inspect", "sudoku-9x9"], workingDirectory: "/")
            for line in [
                "format      safetensors\n", "task        sudoku\n", "parameters  522370\n",
                "sha256      \(Self.sha)\n", "  hidden_size             128\n",
            ] { #expect(text.output.contains(line), "\(text.output)") }
            #expect(text.exitCode == 0)
        }

        /// The YAML of a training run for a model, without what the public ones lack.
        private func yaml(_ inspection: JSON) -> String {
            let members = inspection["config"]?.objectValue?.members ?? []
            let lines = members.filter { !["seq_len", "vocab_size", "num_puzzle_identifiers"].contains($0.key) }
            return "arch:\n" + lines.map { "  \($0.key): \($0.value.text)\n" }.joined()
        }

        /// `checkpoint, native form, task, more arguments`: vocabulary and length come from the shapes of the MLP variant,
        /// the length from the task or from the caller where no shape has it.
        @Test(arguments: [
            ("mlp.pt", "mlp", "tokens", []), ("mlp_wide_emb.pt", "mlp_wide_emb", "tokens", []),
            ("att_learned.pt", "att_learned", "tokens", []),
            ("att_rope.pt", "att_rope", "tokens", ["--seq-len", "25"]),
        ])
        func importsAPublicCheckpoint(file: String, native: String, task: String, more: [String]) async throws {
            let folder = try TemporaryFolder()
            let expected = try await inspect(RepositoryFiles.fixture("trm/\(native).safetensors"))
            let config = try folder.write(yaml(expected), as: "all_config.yaml")
            let output = folder.file("model.safetensors")
            let result = try await Daemon.run(
                ["import", RepositoryFiles.fixture("trm/\(file)"), "--config", config, "--task", task, "-o", output]
                    + more)
            #expect(result.exitCode == 0 && result.errors == "", "\(result.errors)")
            let imported = try await inspect(output)
            for key in ["vocab_size", "seq_len", "hidden_size", "puzzle_emb_len", "mlp_t", "pos_encodings"] {
                #expect(imported[at: "config", key] == expected[at: "config", key], "\(key)")
            }
            let shapes: (JSON) -> [String] = {
                ($0["tensors"]?.arrayValue ?? []).map { "\($0["name"]?.text ?? "") \($0["shape"]?.text ?? "")" }
            }
            #expect(shapes(imported) == shapes(expected) && !shapes(imported).isEmpty)
            #expect(imported["parameters"] == expected["parameters"] && imported["task"] == .string(task))
            #expect(result.output.contains(imported["sha256"]?.stringValue ?? "none"))
        }

        @Test func theTaskTellsTheLength() async throws {
            let folder = try TemporaryFolder()
            let native = try await inspect(RepositoryFiles.fixture("trm/att_rope.safetensors"))
            let config = try folder.write(yaml(native), as: "all_config.yaml")
            let arguments = ["import", RepositoryFiles.fixture("trm/att_rope.pt"), "--config", config, "-o"]
            let output = folder.file("model.safetensors")
            #expect(try await Daemon.run(arguments + [output, "--task", "sudoku"]).exitCode == 0)
            #expect(try await inspect(output)[at: "config", "seq_len"] == 81)
            let untold = try await Daemon.run(arguments + [folder.file("other.safetensors"), "--task", "tokens"])
            #expect(untold.exitCode == 3 && untold.errors.contains("'seq_len'"))
        }

        /// What a checkpoint becomes at work; `all_config.yaml` is found beside it.
        @Test func anImportedModelAnswers() async throws {
            let folder = try TemporaryFolder()
            try folder.write(
                yaml(try await inspect(RepositoryFiles.fixture("trm/mlp.safetensors"))), as: "all_config.yaml")
            let checkpoint = try folder.write(
                RepositoryFiles.read(RepositoryFiles.fixture("trm/mlp.pt")), as: "step_10")
            let result = try await Daemon.run(
                ["import", checkpoint, "--task", "tokens", "-o", folder.file("tiny.safetensors")])
            #expect(result.exitCode == 0, "\(result.errors)")
            let profiles = try folder.write(
                """
                version: 1
                profiles:
                  tiny: {task: tokens, model: ./tiny.safetensors, K: 2, D: 2, q_threshold: null}

                """, as: "profiles.yaml")
            let puzzle = "[1,2,3,4,5,1,2,3,4,5,1,2,3,4,5,1]"
            let run = try await Daemon.run(
                ["--profiles", profiles], input: #"{"id":1,"profile":"tiny","puzzle":\#(puzzle)}"# + "\n")
            let reply = try #require(try Replies.checked(run.output).first, "\(run.errors)")
            #expect(reply["type"] == "answer" && reply["model"] == "tiny" && reply["steps"] == 4, "\(reply.text)")
            #expect(reply["answer"]?.arrayValue?.count == 16 && reply["verified"] == .null)
            let tiny = ["--profiles", profiles, "--profile", "tiny"]
            let traced = try await Daemon.run(["trace", puzzle] + tiny)
            #expect(traced.exitCode == 2 && traced.output == "" && traced.errors.contains("needs a solution"))
            let solution = #"{"puzzle":\#(puzzle),"solution":\#(puzzle)}"#
            #expect(try await Daemon.run(["trace", "-", "--K", "1", "--D", "2"] + tiny, input: solution).exitCode == 0)
            // The row of an embedding that the model has not.
            let row = #"{"id":1,"profile":"tiny","puzzle":{"tokens":\#(puzzle),"puzzle_identifier":99}}"#
            let refused = try await Daemon.run(["--profiles", profiles], input: row + "\n")
            #expect(
                try Replies.checked(refused.output).first?[at: "error", "data", "field"] == "puzzle.puzzle_identifier")
        }

        @Test(arguments: [
            ("checkpoints/whole_module.pt", "save its state_dict()"),
            ("checkpoints/all_config.yaml", "all_config.yaml"),
            ("checkpoints/none.pt", "none.pt"),
        ])
        func refusedFiles(name: String, says: String) async throws {
            let folder = try TemporaryFolder()
            let path = RepositoryFiles.fixture(name)
            let output = folder.file("out.safetensors")
            for arguments in [["models", "inspect", path], ["import", path, "--task", "sudoku", "-o", output]] {
                let result = try await Daemon.run(arguments)
                #expect(result.exitCode == 3 && result.output == "")
                #expect(result.errors.hasPrefix("ptrmd: ") && result.errors.contains(says), "\(result.errors)")
            }
            #expect(try RepositoryFiles.names(in: folder.path, endingIn: ".safetensors") == [])
        }

        /// Cut anywhere, a checkpoint is refused with a sentence.
        @Test(arguments: [0, 1, 40, 3000])
        func truncatedFiles(length: Int) async throws {
            let folder = try TemporaryFolder()
            for name in ["trm/mlp.pt", "trm/mlp.safetensors"] {
                let bytes = try RepositoryFiles.read(RepositoryFiles.fixture(name))
                let path = try folder.write(Array(bytes.prefix(length)), as: "cut")
                let result = try await Daemon.run(["models", "inspect", path])
                #expect(result.exitCode == 3 && result.errors.hasPrefix("ptrmd: \(path): "), "\(result.errors)")
            }
        }

        /// The daemon refuses to start with a model that cannot be loaded.
        @Test func aProfileWithABrokenModel() async throws {
            let folder = try TemporaryFolder()
            try folder.write("no model", as: "broken.safetensors")
            let profiles = try folder.write(
                "version: 1\nprofiles:\n  sudoku: {task: sudoku, model: ./broken.safetensors}\n", as: "profiles.yaml")
            let result = try await Daemon.run(["--profiles", profiles], input: Sample.ping("1"))
            #expect(result.exitCode == 3 && result.output == "" && result.errors.contains("broken.safetensors"))
        }
    }
}
