import BundledFiles
import JSON
import Profiles
import Puzzles
import Randomness
import Rollouts
import TRM
import TestSupport
import Testing

@Suite struct DefaultProfilesTests {
    private static let tasks = Tasks.all.map(\.name)
    private static let models = BundledFiles.models

    @Test func theDefaultSetReads() throws {
        let path = "\(RepositoryFiles.root)/Config/profiles.yaml"
        let set = try ProfileSet.parse(
            try RepositoryFiles.read(path), path: path, knownTasks: Self.tasks, knownModels: Self.models)
        let sudoku = try set.select(profile: nil, task: "sudoku")
        #expect(sudoku.name == "sudoku" && sudoku.model == "sudoku-9x9" && sudoku.modelFile == nil)
        #expect(sudoku.search.noise == .zH && sudoku.search.ramp == .init(start: 1, factor: 2, every: 4))
        #expect(sudoku.search.limits == .init(maxSteps: 2000) && sudoku.search.qThreshold == 2)
    }

    @Test(arguments: models) func everyBundledModelHasAProfile(model: String) throws {
        let path = "\(RepositoryFiles.root)/Config/profiles.yaml"
        let set = try ProfileSet.parse(
            try RepositoryFiles.read(path), path: path, knownTasks: Self.tasks, knownModels: Self.models)
        let profile = try #require(set.profiles.first { $0.model == model || $0.deducer == model })
        #expect(profile.search.limits.maxSteps == (profile.deducer == nil ? 2000 : 500))
    }

    /// A request with a task alone finds a profile.
    @Test func everyTaskOfAProfileHasOneProfileForIt() throws {
        let path = "\(RepositoryFiles.root)/Config/profiles.yaml"
        let set = try ProfileSet.parse(
            try RepositoryFiles.read(path), path: path, knownTasks: Self.tasks, knownModels: Self.models)
        for profile in set.profiles { #expect(try set.select(profile: nil, task: profile.task).task == profile.task) }
        #expect(set.profiles.count >= Self.models.count && Self.models.count >= 7)
    }

    /// The comment at the top explains every key, so an operator needs no other page.
    @Test func theHeaderExplainsEveryKey() throws {
        let text = String(
            decoding: try RepositoryFiles.read("\(RepositoryFiles.root)/Config/profiles.yaml"), as: UTF8.self)
        let explained = text.split(separator: "\n").compactMap { line -> Substring? in
            guard line.hasPrefix("#   "), line.dropFirst(4).first?.isLetter == true else { return nil }
            return line.dropFirst(4).prefix { !$0.isWhitespace }
        }
        let keys = Profile(name: "x", place: SourcePlace(file: "", line: 1, column: 1)).values.keys
        #expect(Set(explained) == Set(keys.map { Substring($0) }))
        #expect(explained.count == keys.count)
    }

    @Test func theCommittedSchemaIsTheGeneratedOne() throws {
        let committed = String(
            decoding: try RepositoryFiles.read("\(RepositoryFiles.root)/Config/profiles.schema.json"), as: UTF8.self)
        #expect(
            committed == ProfileSchema.text,
            "regenerate it: .build/release/ptrmd profiles schema > Config/profiles.schema.json")
    }

    @Test func theSchemaKnowsEveryKey() throws {
        let schema = ProfileSchema.json
        let keys = Profile(name: "x", place: SourcePlace(file: "", line: 1, column: 1)).values.keys
        #expect(schema["$defs"]?["profile"]?["properties"]?.objectValue?.keys == keys)
        let own = ["task", "model", "ldt_model", "description", "verifier", "precision", "preload", "calibration"]
        let overridable = schema["$defs"]?["overrides"]?["properties"]?.objectValue?.keys
        #expect(overridable == keys.filter { !own.contains($0) })
    }

    @Test func byteFlipsGiveProfilesOrDiagnostics() throws {
        let original = try RepositoryFiles.read("\(RepositoryFiles.root)/Config/profiles.yaml")
        // The comment at the top is most of the file; what follows it is what can break.
        let text = String(decoding: original, as: UTF8.self)
        let comment = try #require(text.firstRange(of: "\nversion:")).lowerBound
        let start = text.utf8.distance(from: text.startIndex, to: comment)
        var random = SplitMix(seed: 8)
        var refused = 0
        for _ in 0..<3000 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                bytes[Int.random(in: start..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            do {
                _ = try ProfileSet.parse(bytes, path: "p", knownTasks: Self.tasks, knownModels: Self.models)
            } catch {
                refused += 1
                #expect(!error.diagnostics.isEmpty && error.diagnostics.allSatisfy { !$0.message.isEmpty })
            }
        }
        #expect(refused > 1000)
    }
}
