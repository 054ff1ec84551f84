import ArgumentParser
import Platform

/// How many threads compute.
struct ThreadOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Compute threads; default: PTRM_THREADS, else one for each CPU this process may use.", valueName: "n"))
    var threads: Int?

    func validate() throws {
        if let threads, !Self.range.contains(threads) {
            throw ValidationError("--threads must be from 1 to \(Self.range.upperBound).")
        }
        if threads == nil { _ = try UserEnvironment.threads(in: Self.range) }
    }

    private static let range = 1...1024

    /// `validate` has refused a variable that is no number.
    var count: Int { threads ?? (try? UserEnvironment.threads(in: Self.range)) ?? Process.availableCPUs }
}
