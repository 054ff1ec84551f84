import ArgumentParser
import Profiles
import Puzzles
import Solving
import Synchronization

/// The tasks that a command knows: those of the program, and those that its profiles file declares. A command learns the
/// latter once, before it reads any puzzle.
enum KnownTasks {
    private static let list = Mutex<[PuzzleTask]>([])

    static var declared: [PuzzleTask] { list.withLock { $0 } }

    static var all: [PuzzleTask] { Tasks.all + declared }

    static func named(_ name: String) -> PuzzleTask? { all.first { $0.name == name } }

    static func declare(_ tasks: [DeclaredTask]) {
        list.withLock { list in list = tasks.map(\.declaration.task) }
    }
}

/// `--profiles`, of commands that want nothing of such a file but the tasks that it declares.
struct DeclaredTasksOption: ParsableArguments {
    @Option(help: ArgumentHelp("A profiles file, for the tasks that it declares.", valueName: "file"))
    var profiles: String?

    func load() throws(CommandFailure) { try Self.load(profiles ?? UserEnvironment.profiles) }

    static func load(_ profiles: String?) throws(CommandFailure) {
        guard let profiles else { return }
        do {
            KnownTasks.declare(try ProfileSource(path: profiles).load().tasks)
        } catch {
            throw CommandFailure(
                code: .usage, message: ProfileSource.problems(in: error).joined(separator: "\nptrmd: "))
        }
    }
}
