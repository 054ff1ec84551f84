import ArgumentParser
import Platform
import Solving
import Transports

/// The program. Its exit codes: 0 all answered, 1 some line was an error, 2 usage or configuration, 3 a model could not
/// be loaded.
@main
enum Main {
    static func main() {
        StandardStreams.reserveNumbers()
        if CommandNames.serves(CommandLine.arguments.dropFirst()) { endOnSignals() }
        // Where `ulimit -v` makes addresses scarce.
        if Process.limit(.addressSpace) != nil { Process.shareOneHeap() }
        if let shortage = MemoryRoom.enforced.shortage {
            Terminal.report(shortage)
            end(.usage)
        }
        // Only now may the concurrency runtime start, which opens descriptors of its own.
        Task.detached { await run() }
        Process.sleepForever()
    }

    /// A signal that comes before the arguments are understood: whoever reads stdin may leave lines unanswered.
    private static func endOnSignals() {
        let arguments = CommandLine.arguments
        let hasSocket =
            Process.variable("LISTEN_FDS") != nil
            || arguments.contains { $0 == "--listen" || $0 == "--socket" || $0.hasPrefix("--socket=") }
        Process.endOnSignals(readsInput: !hasSocket || arguments.contains("--stdio"))
    }

    /// Runs the command and ends the process.
    private static func run() async {
        do {
            if let problem = CommandNames.problem(in: Array(CommandLine.arguments.dropFirst())) {
                throw CommandFailure(code: .usage, message: problem)
            }
            var command = try Ptrmd.parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            end(.done)
        } catch let failure as CommandFailure {
            Terminal.report(failure.message)
            end(failure.code)
        } catch let code as CommandExit {
            end(code)
        } catch {
            let isHelp = Ptrmd.exitCode(for: error) == .success
            let text = Ptrmd.fullMessage(for: error).printable(limit: 1 << 20)
            Terminal.write(text + "\n", to: isHelp ? 1 : 2)
            end(isHelp ? .done : .usage)
        }
    }

    private static func end(_ code: CommandExit) -> Never {
        LogOutput.standardError.flush()
        Process.exit(code.rawValue)
    }
}

/// `ptrmd`: the root of all commands. Without a command it serves.
struct Ptrmd: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ptrmd",
        abstract: "Solves puzzles with a Tiny Recursive Model and probabilistic rollouts (PTRM).",
        discussion: """
            Without a command, ptrmd reads one JSON request per line on stdin and
            writes one JSON answer per line on stdout, as answers become ready:

              ptrmd < puzzles.ndjson > answers.ndjson
              ptrmd solve puzzle.txt

            A request is a line such as {"id":1,"task":"sudoku","puzzle":"53..7.."}
            with the whole board, row by row, in the puzzle.

            Exit codes: 0 all answered, 1 some line was an error,
            2 usage or configuration, 3 a model could not be loaded.

            PTRM_SOCKET, PTRM_PROFILES and PTRM_THREADS stand for --socket of
            clients, --profiles and --threads where these are not given.
            """,
        version: Version.text,
        subcommands: [
            Serve.self, Send.self, StatsCommand.self, MCPCommand.self, Solve.self, Check.self, Generate.self, Draw.self,
            ProfilesCommand.self, ModelsCommand.self, ImportCommand.self, Bench.self, Eval.self,
            Trace.self, Tune.self, Tokens.self, Convert.self,
        ],
        defaultSubcommand: Serve.self)
}

/// The exit codes of every command.
enum CommandExit: Int32, Error {
    case done = 0
    case someLineFailed = 1
    case usage = 2
    case model = 3
}

extension Refusal.Kind {
    /// The exit code of a command that ends by such a refusal. One that goes on with its other lines ends with
    /// `someLineFailed` instead of `usage`.
    var exitCode: CommandExit {
        switch self {
        case .request: .usage
        case .model, .defect: .model
        }
    }
}

/// A command cannot continue; `message` is for the person who called it.
struct CommandFailure: Error {
    var code: CommandExit
    var message: String
}

enum Version {
    static let number = "0.2.0"
    static let text = "ptrmd \(number)"
}
