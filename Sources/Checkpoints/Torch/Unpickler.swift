/// Reads the `data.pkl` of a `torch.save` file without running anything.
///
/// A pickle is a program for a small stack machine that can import and call any Python function. This machine imports and
/// calls nothing. It knows the functions that describe dictionaries of tensors and gives them their meaning itself; of what
/// any other would have made it knows the name alone. Time and memory are proportional to the pickle's size: no opcode
/// makes more than one value, and a value that is used twice is shared.
struct Unpickler {
    enum Limits {
        /// A state dict of a thousand tensors has a pickle of about 100 kB.
        static let bytes = 4 << 20
        static let stack = 1 << 20
        static let memo = 1 << 20
        static let containers = 1 << 19
        static let marks = 1 << 10
        static let stringBytes = 1 << 20
        static let globalNameBytes = 256
        /// Names of functions that were not called, for a warning.
        static let namesKept = 8
    }

    let bytes: UnsafeRawBufferPointer
    /// Offset of the next byte to read.
    var position = 0
    /// Offset of the opcode that is carried out, for messages.
    var opcodeOffset = 0
    var stack: [PickleValue] = []
    /// Heights of `stack` at the open marks; what lies below the last one cannot be popped.
    var marks: [Int] = []
    var memo: [UInt32: PickleValue] = [:]
    var heap = PickleHeap()

    private init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// The value that the pickle describes, with the containers it refers to.
    static func read(_ bytes: UnsafeRawBufferPointer) throws(CheckpointError) -> (PickleValue, PickleHeap) {
        guard bytes.count <= Limits.bytes else {
            throw CheckpointError("pickle: \(bytes.count) bytes, at most \(Limits.bytes) are read")
        }
        var machine = Unpickler(bytes)
        let value = try machine.run()
        return (value, machine.heap)
    }

    private mutating func run() throws(CheckpointError) -> PickleValue {
        guard bytes.checkedInteger(0, as: UInt8.self) == PickleOpcode.protocol.rawValue else {
            throw CheckpointError("pickle: does not begin with PROTO")
        }
        while true {
            opcodeOffset = position
            let code: UInt8 = try integer()
            guard let opcode = PickleOpcode(rawValue: code) else {
                let name = PickleOpcode.refusedName(code) ?? "unknown"
                throw failure("opcode 0x\(String(code, radix: 16)) (\(name)) is not allowed")
            }
            if opcode == .stop { return try pop() }
            try execute(opcode)
        }
    }

    func failure(_ message: String) -> CheckpointError {
        CheckpointError("pickle: \(message), at byte \(opcodeOffset)")
    }

    mutating func take(_ count: Int) throws(CheckpointError) -> UnsafeRawBufferPointer {
        guard let result = bytes.checked(position, count: count) else { throw failure("ends inside an opcode") }
        position += count
        return result
    }

    mutating func integer<Integer: FixedWidthInteger & BitwiseCopyable>() throws(CheckpointError) -> Integer {
        guard let value = bytes.checkedInteger(position, as: Integer.self) else {
            throw failure("ends before STOP")
        }
        position += MemoryLayout<Integer>.size
        return value
    }

    mutating func string(_ count: Int) throws(CheckpointError) -> String {
        guard count <= Limits.stringBytes else {
            throw failure("string of \(count) bytes, at most \(Limits.stringBytes) are read")
        }
        guard let text = String(validating: try take(count), as: UTF8.self) else {
            throw failure("string is not UTF-8")
        }
        return text
    }

    /// The text up to the next newline, which is consumed.
    mutating func line() throws(CheckpointError) -> String {
        let longest = min(Limits.globalNameBytes, bytes.count - position)
        guard let end = (0..<longest).first(where: { bytes[position + $0] == 0x0A }) else {
            throw failure("name is not ended by a newline within \(Limits.globalNameBytes) bytes")
        }
        defer { position += 1 }
        return try string(end)
    }

    mutating func push(_ value: PickleValue) throws(CheckpointError) {
        guard stack.count < Limits.stack else { throw failure("stack of more than \(Limits.stack) values") }
        stack.append(value)
    }

    mutating func pop() throws(CheckpointError) -> PickleValue {
        guard stack.count > marks.last ?? 0, let value = stack.popLast() else { throw failure("pops an empty stack") }
        return value
    }

    /// The value on top, left there.
    func top() throws(CheckpointError) -> PickleValue {
        guard stack.count > marks.last ?? 0, let value = stack.last else { throw failure("uses an empty stack") }
        return value
    }

    /// Everything above the last mark, which is removed too.
    mutating func popToMark() throws(CheckpointError) -> [PickleValue] {
        guard let height = marks.popLast(), height <= stack.count else { throw failure("there is no mark") }
        let values = Array(stack[height...])
        stack.removeSubrange(height...)
        return values
    }
}
