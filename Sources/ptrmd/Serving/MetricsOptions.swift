import ArgumentParser
import SystemPackage
import Transports

/// Where Prometheus finds the metrics.
struct MetricsOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Write metrics in Prometheus' text format to this file every few seconds.", valueName: "path"))
    var metricsFile: String?

    @Option(
        help: ArgumentHelp(
            "Serve metrics over HTTP on a Unix socket at this path: curl --unix-socket PATH http://ptrmd/metrics.",
            valueName: "path"))
    var metricsSocket: String?

    @Option(help: ArgumentHelp("How often --metrics-file is written.", valueName: "seconds"))
    var metricsInterval = 5.0

    func validate() throws {
        guard metricsInterval >= 0.1, metricsInterval <= 3600 else {
            throw ValidationError("--metrics-interval must be from 0.1 to 3600 seconds.")
        }
    }

    var isWanted: Bool { metricsFile != nil || metricsSocket != nil }

    func open(permissions: FilePermissions) throws(SocketError) -> [SocketFile] {
        guard let metricsSocket else { return [] }
        return [try SocketFile(path: metricsSocket, permissions: permissions)]
    }
}
