import Platform
import SystemPackage

/// One process of a verifier, with what is on its way to and from it. Used by the verifier's thread alone.
final class VerifierProcess {
    enum Event {
        case line([UInt8])
        case flooded
        case ended
    }

    private let child: ChildProcess
    private var unsent: ArraySlice<UInt8> = []
    private var received: [UInt8] = []
    private var said: [UInt8] = []
    private var hasErrors = true
    /// Descriptors that `watch` added.
    private(set) var watched = 0

    private static let chunk = 1 << 16
    /// How much of its stderr is kept, and how much of that is told.
    private static let keptWords = 4096
    private static let toldWords = 300

    init(_ child: ChildProcess) { self.child = child }

    func end() { child.end() }

    /// Writes a line, now as far as the pipe takes it.
    func send(_ line: [UInt8]) {
        unsent = line[...]
        flush()
    }

    private func flush() {
        while !unsent.isEmpty {
            // A pipe without a reader shows as the end of the output.
            guard let count = try? unsent.withUnsafeBytes({ try child.input.write($0) }) else { return }
            unsent = unsent.dropFirst(count)
        }
    }

    func watch(_ ready: inout ReadyDescriptors) {
        ready.add(child.output, .readable)
        ready.add(child.input, unsent.isEmpty ? [] : .writable)
        watched = 2
        if hasErrors {
            ready.add(child.errors, .readable)
            watched = 3
        }
    }

    /// Takes what there is, a bounded piece of it.
    func advance(_ readiness: [Readiness]) -> [Event] {
        if watched > 2, !readiness[2].isEmpty { readErrors() }
        if readiness[1].contains(.writable) { flush() }
        return readiness[0].isEmpty ? [] : readOutput()
    }

    private func readOutput() -> [Event] {
        var events: [Event] = []
        var piece = [UInt8](repeating: 0, count: Self.chunk)
        do {
            let count = try piece.withUnsafeMutableBytes { try child.output.read(into: $0) }
            guard count > 0 else { return [.ended] }
            received += piece[..<count]
        } catch let error as Errno where error == .wouldBlock || error == .interrupted {
            return []
        } catch {
            return [.ended]
        }
        var rest = received[...]
        while let end = rest.firstIndex(of: 0x0A) {
            let line = rest[..<end]
            rest = rest[(end + 1)...]
            // Blank lines are nobody's answer.
            if line.contains(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }) { events.append(.line(Array(line))) }
        }
        received = Array(rest)
        if received.count > VerifierWire.maxLineBytes { events.append(.flooded) }
        return events
    }

    /// Takes what it wrote to stderr, so that a full pipe never holds it up.
    func readErrors() {
        var piece = [UInt8](repeating: 0, count: Self.chunk)
        do {
            let count = try piece.withUnsafeMutableBytes { try child.errors.read(into: $0) }
            if count == 0 { hasErrors = false }
            said += piece[..<count]
            if said.count > Self.keptWords { said.removeFirst(said.count - Self.keptWords) }
        } catch let error as Errno where error == .wouldBlock || error == .interrupted {
            return
        } catch {
            hasErrors = false
        }
    }

    /// The last line of its stderr, cut to a readable length.
    var lastWords: String? {
        let line = said.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }).last
        return line.map { String(decoding: $0.prefix(Self.toldWords), as: UTF8.self) }
    }
}
