import Checkpoints
import JSON
import TRM
import TestSupport
import Testing

extension DaemonTests {
    /// Checkpoints of the whole family and in the forms in which people have them, from file to answer.
    @Suite struct FamilyCommandTests {
        private static func fixture(_ name: String) -> String { RepositoryFiles.fixture("families/\(name)") }

        /// Imports a checkpoint into a folder with a profile `m` for it.
        private static func imported(
            _ checkpoint: String, _ more: [String] = [], profile: String = ""
        ) async throws -> (folder: TemporaryFolder, result: Daemon.Result) {
            let folder = try TemporaryFolder()
            let result = try await Daemon.run(
                ["import", checkpoint, "--task", "tokens", "-o", folder.file("m.safetensors")] + more)
            try folder.write(
                "version: 1\nprofiles:\n  m: {task: tokens, model: ./m.safetensors, K: 2, D: 2, q_threshold: null\(profile)}\n",
                as: "profiles.yaml")
            return (folder, result)
        }

        private static let trained = ["hrm_rope", "singlez_mlp", "hier6_rope"]
        private static let models =
            trained.map { "\($0).pt" } + ["nano_rope2d.ckpt", "nano_board.ckpt", "nano_mlp.ckpt"]

        private static func options(_ file: String) -> [String] {
            guard file.hasSuffix(".pt") else { return [] }
            return ["--config", fixture("\(file.dropLast(3)).all_config.yaml")]
                + (file == "singlez_mlp.pt" ? [] : ["--seq-len", "25"])
        }

        /// PTRM, Algorithm 1, by hand: K noisy rollouts of D steps, of which the highest halt logit picks one.
        private static func algorithmOne(
            _ model: TRMModel, tokens: [Int32], K: UInt32, D: UInt32, seed: UInt64, sigma: Float
        ) throws -> (q: Float, tokens: [Int32]) {
            let embedding = try model.embed(tokens: tokens)
            let workspace = model.makeWorkspace()
            var best: (q: Float, tokens: [Int32]) = (-.infinity, [])
            for k in 0..<K {
                var slots = [StepSlot(carry: model.makeCarry(), embedding: embedding)]
                for t in 0..<D {
                    slots[0].noise = StepNoise(seed: seed, rollout: k, step: t, sigma: sigma, target: .zL)
                    model.step(&slots, in: workspace)
                }
                guard slots[0].q > best.q else { continue }
                best = (slots[0].q, model.decode(slots[0].carry, in: workspace).tokens)
            }
            return best
        }

        @Test("Algorithm 1 on every kind of model", arguments: models)
        func algorithmOne(file: String) async throws {
            let (folder, result) = try await Self.imported(
                Self.fixture(file), Self.options(file),
                profile: ", ramp: none, views: none, verify: off, stop: all, first_rollout: noisy, selection: best_q")
            #expect(result.exitCode == 0, "\(result.errors)")
            let checkpoint = try Checkpoint.load(path: folder.file("m.safetensors"))
            let vocabulary = Int32(checkpoint.config.vocabSize)
            let tokens = (0..<Int32(checkpoint.config.seqLen)).map { $0 % (vocabulary - 1) + 1 }
            let expected = try Self.algorithmOne(
                try TRMModel(checkpoint), tokens: tokens, K: 6, D: 3, seed: 11, sigma: 0.5)
            let request = #"{"id":1,"profile":"m","puzzle":\#(tokens),"seed":11,"overrides":{"K":6,"D":3,"sigma":0.5}}"#
            let run = try await Daemon.run(["--profiles", folder.file("profiles.yaml")], input: request + "\n")
            let reply = try #require(try Replies.checked(run.output).first, "\(run.errors)")
            #expect(reply["steps"] == 18 && reply["rollouts"] == 6, "\(reply.text)")
            #expect(reply["answer"] == .array(expected.tokens.map { .integer(Int64($0)) }))
            let q = try #require(reply["q"]?.doubleValue)
            #expect(abs(q - Double(expected.q)) < 1e-4 * max(1, abs(q)))
            // The same bytes on other numbers of threads.
            let other = try await Daemon.run(
                ["--profiles", folder.file("profiles.yaml"), "--threads", "1"], input: request + "\n")
            #expect(other.output == run.output)
        }

        /// It says which weights it takes, and takes others on request.
        @Test func lightningWeights() async throws {
            let path = Self.fixture("nano_board.ckpt")
            let (usual, said) = try await Self.imported(path)
            #expect(said.exitCode == 0 && said.errors.hasPrefix("ptrmd: took the averaged weights in 'callbacks.EMA"))
            #expect(
                said.errors.contains("left the raw ones in 'state_dict' (19 tensors), which --key state_dict takes"))
            let (raw, key) = try await Self.imported(path, ["--key", "state_dict"])
            #expect(
                key.exitCode == 0 && key.errors.hasPrefix("ptrmd: took 'state_dict' (19 tensors); left 'callbacks."))
            #expect(
                try RepositoryFiles.read(usual.file("m.safetensors")) != RepositoryFiles.read(raw.file("m.safetensors"))
            )
            let inspected = try await Daemon.run(["models", "inspect", "--json", path])
            #expect(inspected.replies.first??["selection"]?.stringValue?.hasPrefix("took the averaged weights") == true)
            #expect(inspected.replies.first??[at: "config", "mlp_conv"] == "board")
            let none = try await Self.imported(path, ["--key", "ema"])
            #expect(
                none.result.exitCode == 3 && none.result.errors.contains("there are no weights under 'ema'; there are"))
        }

        /// What was found and left aside is said by `import`, not only by `inspect`.
        @Test func warningsOfTheSource() async throws {
            let path = RepositoryFiles.fixture("checkpoints/among.pt")
            let (_, result) = try await Self.imported(path)
            #expect(result.exitCode == 0)
            for text in [
                "nothing was run: argparse.Namespace", "not read: optimizer (a dict)",
                "tensor step (int64) is not part of this model",
            ] { #expect(result.errors.contains(text), "\(result.errors)") }
        }

        /// As it is, a checkpoint of nano-trm would read every sudoku wrongly: its blank cell is token 2, not 1.
        @Test func nanoIsImportedFirst() async throws {
            let folder = try TemporaryFolder()
            try folder.write(
                "version: 1\nprofiles:\n  m: {task: tokens, model: \(Self.fixture("nano_mlp.ckpt"))}\n",
                as: "profiles.yaml")
            let result = try await Daemon.run(["--profiles", folder.file("profiles.yaml")], input: Sample.ping("1"))
            #expect(result.exitCode == 3 && result.errors.contains("convert it with ptrmd import"), "\(result.errors)")
        }

        @Test func hrmIsNoTRM() async throws {
            let yaml = String(
                decoding: try RepositoryFiles.read(Self.fixture("hrm_rope.all_config.yaml")), as: UTF8.self)
            let folder = try TemporaryFolder()
            let config = try folder.write(
                yaml.replacing("recursive_reasoning.hrm@", with: "trm@"), as: "all_config.yaml")
            let (_, result) = try await Self.imported(
                Self.fixture("hrm_rope.pt"), ["--config", config, "--seq-len", "25"])
            #expect(result.exitCode == 3 && result.output == "")
            #expect(result.errors.contains("does not use") && result.errors.contains("inner.H_level.layers.0."))
        }

        /// A model with one latent has no z_H to add noise to, and says so wherever it is asked for.
        @Test func oneLatent() async throws {
            let file = "singlez_mlp.pt"
            let (folder, _) = try await Self.imported(Self.fixture(file), Self.options(file))
            let profiles = ["--profiles", folder.file("profiles.yaml")]
            let puzzle = "[1,2,3,4,5,1,2,3,4,5,1,2,3,4,5,1]"
            func request(_ noise: String) -> String {
                #"{"id":"\#(noise)","profile":"m","puzzle":\#(puzzle),"overrides":{"noise":"\#(noise)"}}"# + "\n"
            }
            let run = try await Daemon.run(profiles, input: request("z_L") + request("both") + request("z_H"))
            let replies = try Replies.checked(run.output)
            let answers = replies.filter { $0["type"] == "answer" }
            #expect(answers.count == 2 && answers[0]["q"] == answers[1]["q"], "both is z_L")
            let refusal = try #require(replies.first { $0["type"] == "error" })
            #expect(refusal[at: "error", "data", "field"] == "overrides.noise")
            #expect(refusal.text.contains("noise goes to z_H, and the model has z_L alone"))
            let line = #"{"puzzle":\#(puzzle),"solution":\#(puzzle)}"#
            let common = profiles + ["--profile", "m", "--K", "1", "--D", "2"]
            let traced = try await Daemon.run(["trace", "-", "--json"] + common, input: line)
            #expect(traced.replies.first??["latent"] == "z_L", "\(traced.errors)")
            for more in [["--latent", "z_H"], ["--noise", "z_H"]] {
                let refused = try await Daemon.run(["trace", "-"] + common + more, input: line)
                #expect(refused.exitCode == 2 && refused.errors.contains("z_H"), "\(refused.errors)")
            }
            try folder.write(
                "version: 1\nprofiles:\n  m: {task: tokens, model: ./m.safetensors, noise: z_H}\n", as: "profiles.yaml")
            let loaded = try await Daemon.run(profiles, input: request("z_L"))
            #expect(loaded.exitCode == 3 && loaded.errors.contains("noise goes to z_H"), "\(loaded.errors)")
        }
    }
}
