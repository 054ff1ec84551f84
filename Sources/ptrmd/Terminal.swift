import Platform
import SystemPackage
import Transports

/// Output of commands, and text for the person at the terminal.
enum Terminal {
    /// Whether the descriptor is a terminal.
    static func isTerminal(_ descriptor: Int32) -> Bool { FileDescriptor(rawValue: descriptor).isTerminal }

    /// Whether colours are welcome on the descriptor (https://no-color.org).
    static func hasColour(_ descriptor: Int32) -> Bool {
        isTerminal(descriptor) && (Process.variable("NO_COLOR") ?? "").isEmpty && Process.variable("TERM") != "dumb"
    }

    /// Writes all of the text, unbuffered; what cannot be written is lost.
    static func write(_ text: String, to descriptor: Int32) {
        try? FileDescriptor(rawValue: descriptor).writeWaiting(Array(text.utf8))
    }

    /// Tells a person at the terminal that the command reads from there, which else looks as if it hung.
    /// - Parameter what: what is read.
    static func announceInput(_ what: String) {
        guard isTerminal(0), isTerminal(2) else { return }
        write("ptrmd: reading \(what) from the terminal; Ctrl-D ends, ptrmd --help tells more\n", to: 2)
    }

    /// An error message, as every command prints it: what it repeats of the input cannot act on the terminal.
    static func report(_ message: String) {
        // What was logged before comes before.
        LogOutput.standardError.flush()
        write("ptrmd: \(message.printable())\n", to: 2)
    }
}
