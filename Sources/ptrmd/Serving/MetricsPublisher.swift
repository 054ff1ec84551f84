import CoreMetrics
import LineProtocol
import Logging
import Platform
import Prometheus
import Rollouts
import Scheduling
import Service
import Threading
import Transports

/// Brings the service's numbers to swift-metrics, and from there to a file or a socket.
final class MetricsPublisher: Sendable {
    private let registry: Registry?
    private let logger: Logger
    /// The totals that were added up so far: counters take differences.
    private let last = Monitor(StatsInfo())
    /// The last failure to write the file.
    private let failure = Monitor<String?>(nil)
    private let writer = Monitor<Task<Void, Never>?>(nil)
    private let stalls = Monitor(StallDetector())
    /// For `process_cpu_seconds_total`, as `last`.
    let lastCPUSeconds = Monitor(0.0)
    let startTime = Process.wallClock

    /// - Parameter isWanted: without, swift-metrics stays without a backend and costs nothing.
    init(isWanted: Bool, logger: Logger) {
        self.logger = logger
        registry = isWanted ? Registry(help: Self.help) : nil
        if let registry { MetricsSystem.bootstrap(registry) }
    }

    /// Begins to write the file and to answer scrapes; nil when there is nothing to answer on.
    func start(
        service: SolverService, options: MetricsOptions, listeners: [ScrapeServer.Listener]
    ) throws(CommandFailure) -> ScrapeServer? {
        if let path = options.metricsFile {
            try write(service, to: path)
            writer.withLock { writer in
                writer = Task { [self] in
                    while !Task.isCancelled {
                        try? await Task.sleep(for: .seconds(options.metricsInterval))
                        if !Task.isCancelled { writeOrSay(service, to: path) }
                    }
                }
            }
        }
        guard !listeners.isEmpty else { return nil }
        let server = ScrapeServer(
            listeners: listeners, isComplete: ScrapeResponse.isComplete,
            respond: { [self] request in
                ScrapeResponse.bytes(for: request, health: { health(service) }, body: { text(service) })
            })
        guard let server, server.start() else {
            throw CommandFailure(code: .usage, message: "the system has no threads or file descriptors left")
        }
        for listener in listeners { logger.notice("metrics are served", metadata: ["at": "\(listener.name)"]) }
        return server
    }

    /// Ill when work stands still, not ready while it drains: models are loaded before anybody can ask.
    private func health(_ service: SolverService) -> ScrapeResponse.Health {
        let heartbeat = service.heartbeat
        let isAlive = stalls.withLock { stalls in
            stalls.isAlive(beats: heartbeat.beats, isIdle: heartbeat.isIdle, now: MonotonicClock.now)
        }
        return ScrapeResponse.Health(
            illness: isAlive ? nil : "the compute threads do not advance",
            unreadiness: service.isDraining ? "shutting down" : nil)
    }

    /// The last numbers.
    func finish(service: SolverService, options: MetricsOptions) {
        writer.withLock { writer in writer?.cancel() }
        if let path = options.metricsFile { writeOrSay(service, to: path) }
    }

    /// Writes the file; a failure is logged once until it is over or another.
    private func writeOrSay(_ service: SolverService, to path: String) {
        var message: String?
        do throws(CommandFailure) {
            try write(service, to: path)
        } catch {
            message = error.message
        }
        let isNew = failure.withLock { last in
            defer { last = message }
            return last != message
        }
        if isNew, let message { logger.error("metrics not written: \(message)") }
    }

    private func text(_ service: SolverService) -> String {
        // One update at a time: differences of totals must be added once.
        last.withLock { last in
            var stats = service.stats
            Self.update(from: last, to: stats)
            updateProcess(service.version)
            // A profile that a reload took out may come back, and its answers have been counted.
            let names = Set(stats.profiles.map(\.name))
            stats.profiles += last.profiles.filter { !names.contains($0.name) }
            last = stats
        }
        return registry?.render() ?? ""
    }

    /// Nobody ever reads half of the file. A device or a pipe, which the rename would put out of the way, is refused.
    private func write(_ service: SolverService, to path: String) throws(CommandFailure) {
        do {
            let file = try ReplacementFile(path: path)
            try file.write(Array(text(service).utf8))
            // Every few seconds, and worthless after a crash: not worth waiting for the disk.
            try file.commit(durably: false)
        } catch {
            let reason =
                error as? FileFailure == .notRegular ? "expected a regular file there, or none" : "\(error)"
            throw CommandFailure(code: .usage, message: "--metrics-file \(path): \(reason)")
        }
    }
}

extension MetricsPublisher {
    private static let help = [
        "ptrmd_lines_total": "Request lines read.",
        "ptrmd_replies_total": "Terminal lines written, by type.",
        "ptrmd_warnings_total": "Warning lines written.",
        "ptrmd_steps_total": "Supervision steps done.",
        "ptrmd_rollouts_total": "Rollouts of the requests that were answered.",
        "ptrmd_answers_total": "Answers, by profile and status.",
        "ptrmd_engine_answers_total": "Answers, by the engine that ended the search and status.",
        "ptrmd_conflicts_total": "Conflicts of exact search, of the requests that were answered.",
        "ptrmd_false_alarms_total": "Distinct answers that reached the Q threshold and broke a rule.",
        "ptrmd_request_duration_seconds": "From a solve line's arrival to its answer.",
        "ptrmd_verifier_verdicts_total": "Verdicts of the profile's verifier.",
        "ptrmd_verifier_unanswered_total": "Candidates that got no verdict from the profile's verifier.",
        "ptrmd_verifier_faults_total": "What the profile's verifier did wrong; each ended a process of it.",
        "ptrmd_verifier_starts_total": "Processes started of the profile's verifier.",
        "ptrmd_verifier_processes": "Processes of the profile's verifier that run.",
        "ptrmd_verifier_waiting": "Candidates that wait for a verdict of the profile's verifier.",
        "ptrmd_connections": "Open connections.",
        "ptrmd_requests_in_flight": "Solve requests without a terminal line.",
        "ptrmd_requests_queued": "Of those in flight, the ones whose search has not begun.",
        "ptrmd_rollouts_alive": "Rollouts with steps left to do in the searches that run.",
        "ptrmd_steps_per_second": "Supervision steps per second over the last seconds.",
        "ptrmd_batch_occupancy": "Share of the compute threads' time that went into steps and candidates, 0 to 1.",
        "ptrmd_compute_threads": "Compute threads.",
        "ptrmd_draining": "1 while the daemon shuts down.",
        "ptrmd_uptime_seconds": "Seconds since the start.",
        "ptrmd_errors_total": "Error lines written, by code.",
        "ptrmd_reloads_total": "Readings of profiles and models after the first, by result.",
        "ptrmd_last_reload_successful": "0 when the profiles' file that was read last was not taken, else 1.",
        "ptrmd_build_info": "1, with what the program is in labels.",
        "process_cpu_seconds_total": "Seconds of computation, user and system.",
        "process_resident_memory_bytes": "Memory that is resident.",
        "process_virtual_memory_bytes": "Address space.",
        "process_open_fds": "Open file descriptors.",
        "process_max_fds": "File descriptors that the process may have.",
        "process_start_time_seconds": "When the process started, in seconds since 1970.",
    ]

    private static func update(from old: StatsInfo, to new: StatsInfo) {
        func add(_ name: String, _ labels: [(String, String)], _ old: Int, _ new: Int) {
            Counter(label: name, dimensions: labels).increment(by: Int64(max(0, new - old)))
        }
        func set(_ name: String, _ value: Double) { Meter(label: name).set(value) }
        add("ptrmd_lines_total", [], old.lines, new.lines)
        add("ptrmd_replies_total", [("type", "answer")], old.answers, new.answers)
        add("ptrmd_replies_total", [("type", "result")], old.results, new.results)
        add("ptrmd_replies_total", [("type", "error")], old.errors, new.errors)
        add("ptrmd_warnings_total", [], old.warnings, new.warnings)
        add("ptrmd_steps_total", [], old.steps, new.steps)
        add("ptrmd_rollouts_total", [], old.rollouts, new.rollouts)
        for profile in new.profiles {
            let before = old.profiles.first { $0.name == profile.name } ?? .init(name: profile.name)
            let label = ("profile", profile.name)
            add("ptrmd_answers_total", [label, ("status", "solved")], before.solved, profile.solved)
            add("ptrmd_answers_total", [label, ("status", "unsolved")], before.unsolved, profile.unsolved)
            add("ptrmd_false_alarms_total", [label], before.falseAlarms, profile.falseAlarms)
        }
        add("ptrmd_conflicts_total", [], old.conflicts, new.conflicts)
        for (before, engine) in zip(old.engines, new.engines) {
            let label = ("engine", engine.engine.rawValue)
            add("ptrmd_engine_answers_total", [label, ("status", "solved")], before.solved, engine.solved)
            add("ptrmd_engine_answers_total", [label, ("status", "unsolved")], before.unsolved, engine.unsolved)
        }
        for verifier in new.verifiers {
            let before = old.verifiers.first { $0.profile == verifier.profile } ?? .init(profile: verifier.profile)
            let label = ("profile", verifier.profile)
            add("ptrmd_verifier_verdicts_total", [label], before.verdicts, verifier.verdicts)
            add("ptrmd_verifier_unanswered_total", [label], before.unanswered, verifier.unanswered)
            add("ptrmd_verifier_starts_total", [label], before.starts, verifier.starts)
            for (index, fault) in verifier.faults.enumerated() {
                let count = index < before.faults.count ? before.faults[index].count : 0
                add("ptrmd_verifier_faults_total", [label, ("fault", fault.name)], count, fault.count)
            }
            Meter(label: "ptrmd_verifier_processes", dimensions: [label]).set(Double(verifier.running))
            Meter(label: "ptrmd_verifier_waiting", dimensions: [label]).set(Double(verifier.waiting))
        }
        // Codes that have not been seen too: a rate has no first sample otherwise.
        for code in ErrorCode.allCases {
            let label = ("code", "\(code.rawValue)")
            add("ptrmd_errors_total", [label], old.errorsByCode[code] ?? 0, new.errorsByCode[code] ?? 0)
        }
        add("ptrmd_reloads_total", [("result", "done")], old.reloads.done, new.reloads.done)
        add("ptrmd_reloads_total", [("result", "failed")], old.reloads.failed, new.reloads.failed)
        set("ptrmd_last_reload_successful", new.reloads.hasLastFailed ? 0 : 1)
        set("ptrmd_connections", Double(new.connections))
        set("ptrmd_requests_in_flight", Double(new.inFlight))
        set("ptrmd_requests_queued", Double(new.queued))
        set("ptrmd_rollouts_alive", Double(new.rolloutsAlive))
        set("ptrmd_steps_per_second", new.stepsPerSecond)
        set("ptrmd_batch_occupancy", new.batchOccupancy)
        set("ptrmd_compute_threads", Double(new.threads))
        set("ptrmd_draining", new.draining ? 1 : 0)
        set("ptrmd_uptime_seconds", Double(new.uptimeMs) / 1000)
    }
}
