public import ArgumentParser
import LineProtocol
public import Logging
import Platform
import Problems
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

    @Option(
        help: ArgumentHelp(
            "Memory that searches and their replies may take together, such as 512M or 4G; default: half of the "
                + "machine's, or three quarters of what the control group and ulimit leave.",
            valueName: "size"),
        transform: ByteSize.parse)
    var memory: Int?

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

    /// What searches may take together, as far as that is known now.
    var memoryBudget: MemoryBudget {
        // What the system would not give is not promised.
        MemoryBudget(total: memory.map { min($0, MemoryRoom.enforced.mostCounted) } ?? MemoryRoom.present.share)
    }

    /// Loads the profiles. Models are not loaded yet.
    /// - Parameters:
    ///   - preloads: whether models are loaded before requests ask for them where profiles do not say.
    ///   - report: takes what a verifier did wrong.
    func makeCatalogue(
        preloads: Bool = true,
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
            memory: memoryBudget, preloads: preloads)
    }

    /// Loads the profiles and starts the compute threads. Models are not loaded yet.
    func makeService(
        logger: Logger, policy: SchedulerCore.Policy = .init(), preloads: Bool = true
    ) throws(CommandFailure) -> SolverService {
        var options = SolverService.Options()
        options.threads = threads.count
        options.policy = policy
        let catalogue = try makeCatalogue(preloads: preloads) { profile, sentence in
            logger.warning("\(sentence)", metadata: ["profile": "\(profile)"])
        }
        let version: VersionInfo
        do {
            version = VersionInfo(
                name: "ptrmd", version: Version.number, instructionSet: try InstructionSet.fromEnvironment().rawValue)
        } catch {
            throw CommandFailure(code: .usage, message: "\(error)")
        }
        let service = SolverService(catalogue: catalogue, version: version, options: options, logger: logger)
        service.setMemory(catalogue.memory)
        return service
    }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}
