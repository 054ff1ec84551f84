import ArgumentParser
import SystemPackage
import Transports

/// Where Prometheus finds the metrics.
struct MetricsOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Write metrics in Prometheus' text format to this file every few seconds.", valueName: "path"),
        completion: .file())
    var metricsFile: String?

    @Option(
        help: ArgumentHelp(
            "Serve metrics over HTTP on a Unix socket at this path: curl --unix-socket PATH http://ptrmd/metrics.",
            valueName: "path"),
        completion: .file())
    var metricsSocket: String?

    @Option(
        help: ArgumentHelp(
            "Serve metrics over HTTP on a TCP address such as 127.0.0.1:9464, to whoever reaches it; may be given again.",
            valueName: "host:port"))
    var metricsListen: [String] = []

    @Option(help: ArgumentHelp("How often --metrics-file is written.", valueName: "seconds"))
    var metricsInterval = 5.0

    func validate() throws {
        guard metricsInterval >= 0.1, metricsInterval <= 3600 else {
            throw ValidationError("--metrics-interval must be from 0.1 to 3600 seconds.")
        }
    }

    var isWanted: Bool { metricsFile != nil || metricsSocket != nil || !metricsListen.isEmpty }

    /// Makes the socket and the ports; all of them or none.
    func open(permissions: FilePermissions, users: Set<UInt32>) throws(SocketError) -> [ScrapeServer.Listener] {
        var listeners: [ScrapeServer.Listener] = []
        do throws(SocketError) {
            if let metricsSocket {
                let file = try SocketFile(path: metricsSocket, permissions: permissions)
                listeners.append(.unix(file, allowedUsers: users))
            }
            for address in metricsListen { listeners.append(.tcp(try TCPListener(address))) }
        } catch {
            for listener in listeners { listener.close() }
            throw SocketError("metrics: \(error)")
        }
        return listeners
    }
}
