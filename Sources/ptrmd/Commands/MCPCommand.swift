import ArgumentParser
import LineProtocol
import Transports

/// `ptrmd mcp`: the solver as tools of an agent's host.
struct MCPCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mcp", abstract: "Serve the Model Context Protocol on stdin and stdout, for agents.",
        discussion: """
            A host such as an editor or a chat starts this command itself; examples/mcp says how each is told to. It speaks \
            the stateless revision 2026-07-28 and the sessions of 2024-11-05 to 2025-11-25. With --socket the searches run in \
            a daemon that runs already, which all hosts share; without it they run here. Tasks that a profiles file declares \
            are told with --profiles, in both cases.
            """)

    @OptionGroup var setup: ServiceOptions

    @Option(
        help: ArgumentHelp(
            "Let the daemon on this Unix socket do the searches; default: PTRM_SOCKET.", valueName: "path"))
    var socket: String?

    func run() async throws {
        let streams = StandardStreams.claim()
        let bridge: MCPBridge
        Terminal.announceInput("a host's messages (examples/mcp tells how a host starts this command)")
        if let socket = socket ?? UserEnvironment.socket {
            try DeclaredTasksOption.load(setup.profilesFile)
            bridge = MCPBridge(streams: streams, declared: KnownTasks.declared) { deliver in
                RemoteSolver(path: socket, deliver: deliver)
            }
        } else {
            let service = try setup.makeService(logger: setup.makeLogger())
            bridge = MCPBridge(streams: streams, declared: KnownTasks.declared) { deliver in
                LocalSolver(service: service, deliver: deliver)
            }
        }
        if let failure = bridge.run() { throw failure }
    }
}
