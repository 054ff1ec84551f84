import ArgumentParser

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// How many threads compute.
struct ThreadOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Compute threads; default: one for each CPU this process may use.", valueName: "n"))
    var threads: Int?

    func validate() throws {
        if let threads, !(1...1024).contains(threads) {
            throw ValidationError("--threads must be from 1 to 1024.")
        }
    }

    var count: Int { threads ?? Self.availableCPUs }

    private static var availableCPUs: Int {
        let online = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        // Under `taskset` or in a container this process may use fewer; Linux says so as a mask of hexadecimal digits.
        let allowed = ProcessStatus.field("Cpus_allowed").map { mask in
            mask.reduce(0) { $0 + ($1.hexDigitValue ?? 0).nonzeroBitCount }
        }
        return allowed.map { min(online, max(1, $0)) } ?? online
    }
}
