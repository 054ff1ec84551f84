import CFuzzer

/// `ptrm-fuzz TARGET [libFuzzer's options and folders]`: gives a parser inputs that reach ever more of its code. A trap, a
/// hang or too much memory ends the run and leaves the input behind. `make fuzz` runs all targets.
@main
enum Fuzzing {
    /// Set before the loop begins.
    nonisolated(unsafe) private static var target: FuzzTarget = { _ in }

    static func main() {
        var arguments = CommandLine.arguments
        guard arguments.count > 1, let target = FuzzTargets.all[arguments[1]] else {
            print(FuzzTargets.all.keys.sorted().joined(separator: "\n"))
            return
        }
        Self.target = target
        arguments.remove(at: 1)
        var count = CInt(arguments.count)
        var texts: [UnsafeMutablePointer<CChar>?] = arguments.map { text in
            let copy = UnsafeMutablePointer<CChar>.allocate(capacity: text.utf8.count + 1)
            for (place, byte) in text.utf8.enumerated() { copy[place] = CChar(bitPattern: byte) }
            copy[text.utf8.count] = 0
            return copy
        }
        texts.append(nil)
        texts.withUnsafeMutableBufferPointer { texts in
            var first = texts.baseAddress
            _ = LLVMFuzzerRunDriver(&count, &first) { data, size in
                Fuzzing.target(UnsafeRawBufferPointer(start: data, count: size))
                return 0
            }
        }
    }
}
