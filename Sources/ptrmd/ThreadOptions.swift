import ArgumentParser
import Platform

/// How many threads compute.
struct ThreadOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Compute threads; default: one for each CPU this process may use.", valueName: "n"))
    var threads: Int?

    func validate() throws {
        if let threads, !(1...1024).contains(threads) {
            throw ValidationError("--threads must be from 1 to 1024.")
        }
    }

    var count: Int { threads ?? Process.availableCPUs }
}
