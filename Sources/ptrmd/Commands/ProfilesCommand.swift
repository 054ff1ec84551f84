import ArgumentParser
import Profiles
import Solving
import Spelling

/// `ptrmd profiles`: look at profile files.
struct ProfilesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "profiles", abstract: "Check or show search profiles.",
        subcommands: [Check.self, Show.self, Schema.self])

    /// `ptrmd profiles check FILE`.
    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check a profiles file and its models; every problem is told with file:line:column.")

        @Argument(help: "The YAML file.", completion: .file(extensions: ["yaml", "yml"]))
        var file: String

        @Flag(help: "Look at the file alone, not at the models that it names.")
        var withoutModels = false

        func run() throws {
            let set = try load(file)
            if !withoutModels { try ProfilesCommand.checkModels(of: set) }
            let count = set.profiles.count
            try StandardOutput.writeLine("\(file): \(count) profile\(count == 1 ? "" : "s"), no problems")
        }
    }

    /// Loads every model, as the daemon does at its start. Throws with the place of each that it would refuse.
    fileprivate static func checkModels(of set: ProfileSet) throws(CommandFailure) {
        let models = ModelStore()
        var problems: [Diagnostic] = []
        for profile in set.profiles {
            for use in ModelUse.allCases {
                do {
                    _ = try models.model(of: profile, use)
                } catch {
                    let place = use == .rollouts ? profile.modelPlace : profile.deducerPlace
                    problems.append(Diagnostic(place: place, message: "\(error)"))
                }
            }
        }
        guard problems.isEmpty else {
            throw CommandFailure(code: .model, message: problems.map(\.description).joined(separator: "\nptrmd: "))
        }
    }

    /// `ptrmd profiles show [NAME ...]`.
    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print profiles as YAML with every key, defaults included.")

        @Option(
            help: ArgumentHelp("A profiles file instead of the bundled set.", valueName: "file"),
            completion: .file(extensions: ["yaml", "yml"]))
        var profiles: String?

        @Argument(help: "Names of profiles; all when none is given.", completion: .profiles)
        var names: [String] = []

        func run() throws {
            var set = try load(profiles)
            for name in names where set[name] == nil {
                let known = set.profiles.map(\.name)
                let hint = NearestName.of(name, among: known).map { "; did you mean \($0)?" } ?? ""
                let list = known.joined(separator: ", ")
                throw CommandFailure(code: .usage, message: "no profile is named \"\(name)\"\(hint); there are \(list)")
            }
            if !names.isEmpty { set.profiles.removeAll { !names.contains($0.name) } }
            try StandardOutput.write(set.yaml)
        }
    }

    /// `ptrmd profiles schema`.
    struct Schema: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print the JSON Schema of profile files.")

        func run() throws { try StandardOutput.write(ProfileSchema.text) }
    }

    private static func load(_ path: String?) throws -> ProfileSet {
        do {
            return try ProfileSource(path: path).load()
        } catch {
            throw CommandFailure(
                code: .usage, message: ProfileSource.problems(in: error).joined(separator: "\nptrmd: "))
        }
    }
}
