import Testing
import Transports

@Suite struct TCPListenerTests {
    @Test(
        arguments: [
            ("127.0.0.1:9464", "127.0.0.1", "9464"), ("[::1]:80", "::1", "80"), ("localhost:0", "localhost", "0"),
            (":9464", nil, "9464"),
        ] as [(String, String?, String)])
    func addresses(text: String, host: String?, port: String) throws {
        let address = try TCPListener.split(text)
        #expect(address.host == host && address.port == port)
    }

    @Test(arguments: [
        "", "9464", "localhost", "localhost:", "::1:80", "[::1:80", "h:65536", "h:-1", "h:+1", "h:x", "h:1 ",
    ])
    func whatIsNoAddress(text: String) {
        #expect(throws: SocketError.self) { try TCPListener.split(text) }
        #expect(throws: SocketError.self) { try TCPListener(text) }
    }

    @Test func aPortIsTakenOnce() throws {
        let first = try TCPListener("127.0.0.1:0")
        defer { first.close() }
        #expect(first.name.hasPrefix("127.0.0.1:") && !first.name.hasSuffix(":0"))
        #expect(throws: SocketError.self) { try TCPListener(first.name) }
    }
}
