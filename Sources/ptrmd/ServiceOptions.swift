public import ArgumentParser
import LineProtocol
public import Logging
import Platform
import Profiles
import Scheduling
import Service
import Solving
import TRM
import Transports

/// What every command that solves puzzles takes.
struct ServiceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Profiles to use instead of the bundled ones (see `ptrmd profiles show`); default: PTRM_PROFILES.",
            valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]))
    var profiles: String?

    @OptionGroup var threads: ThreadOptions

    @Option(help: "Least level of log lines on stderr: trace, debug, info, notice, warning, error or critical.")
    var logLevel = Logger.Level.notice

    @Option(help: "How log lines are written: text, or json for an object a line.")
    var logFormat = LogFormat.text

    /// The file of profiles that the options or the environment name.
    var profilesFile: String? { profiles ?? UserEnvironment.profiles }

    func makeLogger() -> Logger {
        let format = logFormat
        var logger = Logger(label: "ptrmd") { label -> any LogHandler in
            switch format {
            case .text: StreamLogHandler(label: label, stream: LogOutput.standardError)
            case .json: JSONLogHandler()
            }
        }
        logger.logLevel = logLevel
        return logger
    }

    /// Loads the profiles. Models are not loaded yet.
    /// - Parameter searches: how many searches' carries shall fit into the memory together.
    /// - Parameter report: takes what a verifier did wrong.
    func makeCatalogue(
        searches: Int = 1,
        report: @escaping @Sendable (_ profile: String, _ sentence: String) -> Void = { profile, sentence in
            Terminal.report("\(profile): \(sentence)")
        }
    ) throws(CommandFailure) -> Catalogue {
        let source = ProfileSource(path: profilesFile)
        let set: ProfileSet
        do {
            set = try source.load()
        } catch {
            throw CommandFailure(
                code: .usage, message: ProfileSource.problems(in: error).joined(separator: "\nptrmd: "))
        }
        KnownTasks.declare(set.tasks)
        return Catalogue(
            profiles: set, source: source, models: ModelStore(), verifiers: VerifierStore(report: report),
            maxCarryBytes: min(4 << 30, (Process.physicalMemory ?? .max) / searches))
    }

    /// Loads the profiles and starts the compute threads. Models are not loaded yet.
    func makeService(logger: Logger, policy: SchedulerCore.Policy = .init()) throws(CommandFailure) -> SolverService {
        var options = SolverService.Options()
        options.threads = threads.count
        options.policy = policy
        // Eight searches at least are active together (`maxActive`): those of one client shall fit into the memory.
        let catalogue = try makeCatalogue(searches: policy.maxActive) { profile, sentence in
            logger.warning("\(sentence)", metadata: ["profile": "\(profile)"])
        }
        let version: VersionInfo
        do {
            version = VersionInfo(
                name: "ptrmd", version: Version.number, instructionSet: try InstructionSet.fromEnvironment().rawValue)
        } catch {
            throw CommandFailure(code: .usage, message: "\(error)")
        }
        return SolverService(catalogue: catalogue, version: version, options: options, logger: logger)
    }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}
