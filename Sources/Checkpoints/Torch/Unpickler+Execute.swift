extension Unpickler {
    mutating func execute(_ opcode: PickleOpcode) throws(CheckpointError) {
        switch opcode {
        case .protocol:
            let version: UInt8 = try integer()
            guard (2...5).contains(version) else { throw failure("protocol \(version); 2 to 5 are read") }
        // How many bytes follow that may be read at once: all of them are there already.
        case .frame: _ = try integer() as UInt64
        case .stop: break
        case .mark:
            guard marks.count < Limits.marks else { throw failure("more than \(Limits.marks) nested marks") }
            marks.append(stack.count)
        case .pop: _ = try pop()
        case .popMark: _ = try popToMark()

        case .none: try push(.none)
        case .newTrue: try push(.boolean(true))
        case .newFalse: try push(.boolean(false))
        case .byteInteger: try push(.integer(Int64(try integer() as UInt8)))
        case .shortInteger: try push(.integer(Int64(try integer() as UInt16)))
        case .binaryInteger: try push(.integer(Int64(try integer() as Int32)))
        case .longInteger: try push(try longInteger(bytes: Int(try integer() as UInt8)))
        case .longerInteger: try push(try longInteger(bytes: Int(try integer() as UInt32)))
        case .binaryFloat: try push(.double(Double(bitPattern: (try integer() as UInt64).byteSwapped)))
        case .shortBinaryUnicode: try push(.string(try string(Int(try integer() as UInt8))))
        case .binaryUnicode: try push(.string(try string(Int(try integer() as UInt32))))
        case .longBinaryUnicode: try push(.string(try string(try length())))
        case .shortBinaryBytes: try pushBytes(Int(try integer() as UInt8), "bytes")
        case .binaryBytes: try pushBytes(Int(try integer() as UInt32), "bytes")
        case .longBinaryBytes: try pushBytes(try length(), "bytes")
        case .byteArray: try pushBytes(try length(), "bytearray")

        case .emptyTuple: try pushContainer(tuple([]))
        case .tuple: try pushContainer(tuple(try popToMark()))
        case .tuple1: try pushContainer(tuple([try pop()]))
        case .tuple2:
            let second = try pop()
            try pushContainer(tuple([try pop(), second]))
        case .tuple3:
            let third = try pop()
            let second = try pop()
            try pushContainer(tuple([try pop(), second, third]))
        case .emptyList:
            heap.lists.append([])
            try pushContainer(.list(heap.lists.count - 1))
        case .emptySet: try push(.object("set"))
        case .addItems: try append(try popToMark())
        case .frozenSet:
            _ = try popToMark()
            try push(.object("frozenset"))
        case .append: try append([try pop()])
        case .appends: try append(try popToMark())
        case .emptyDictionary: try pushContainer(emptyDictionary())
        case .setItem:
            let value = try pop()
            try setItems([try pop(), value])
        case .setItems: try setItems(try popToMark())

        case .put: try remember(UInt32(try integer() as UInt8))
        case .longPut: try remember(try integer())
        // The next free number: those who wrote this way number nothing themselves.
        case .memoize: try remember(UInt32(memo.count))
        case .get: try recall(UInt32(try integer() as UInt8))
        case .longGet: try recall(try integer())

        case .global: try push(global("\(try line()).\(try line())"))
        case .stackGlobal:
            let name = try pop()
            try push(try global(module: try pop(), name))
        case .persistentID: try push(.storage(try storage(try pop())))
        case .reduce:
            let arguments = try pop()
            try push(try call(try pop(), arguments))
        case .newObject:
            _ = try pop()
            try push(object(of: try pop()))
        case .newObjectWithKeywords:
            _ = (try pop(), try pop())
            try push(object(of: try pop()))
        case .build:
            _ = try pop()
            try build(try top())
        }
    }

    private mutating func pushContainer(_ value: PickleValue) throws(CheckpointError) {
        guard heap.count <= Limits.containers else {
            throw failure("more than \(Limits.containers) tuples, lists and dicts")
        }
        try push(value)
    }

    mutating func tuple(_ values: [PickleValue]) -> PickleValue {
        heap.tuples.append(values)
        return .tuple(heap.tuples.count - 1)
    }

    mutating func emptyDictionary() -> PickleValue {
        heap.dictionaries.append([])
        return .dictionary(heap.dictionaries.count - 1)
    }

    private mutating func append(_ values: [PickleValue]) throws(CheckpointError) {
        switch try top() {
        case .list(let index): heap.lists[index] += values
        // An object takes anything, and is none the wiser.
        case .object: break
        case let other: throw failure("appends to \(other.typeName), not a list")
        }
    }

    private mutating func setItems(_ values: [PickleValue]) throws(CheckpointError) {
        guard values.count.isMultiple(of: 2) else { throw failure("a key without a value") }
        switch try top() {
        case .dictionary(let index):
            for pair in stride(from: 0, to: values.count, by: 2) {
                heap.dictionaries[index].append((values[pair], values[pair + 1]))
            }
        case .object: break
        case let other: throw failure("sets items of \(other.typeName), not a dict")
        }
    }

    private mutating func remember(_ key: UInt32) throws(CheckpointError) {
        memo[key] = try top()
        guard memo.count <= Limits.memo else { throw failure("memo of more than \(Limits.memo) values") }
    }

    private mutating func recall(_ key: UInt32) throws(CheckpointError) {
        guard let value = memo[key] else { throw failure("nothing was stored in the memo under \(key)") }
        try push(value)
    }

    /// Two's complement in that many bytes, lowest first. Seeds and states of random generators have more than 64 bits; nothing
    /// that is read does.
    private mutating func longInteger(bytes count: Int) throws(CheckpointError) -> PickleValue {
        let digits = try take(count)
        guard digits.count <= 8 else { return .object("int") }
        var value: UInt64 = (digits.last ?? 0) >= 0x80 ? .max : 0
        for byte in digits.reversed() { value = value << 8 | UInt64(byte) }
        return .integer(Int64(bitPattern: value))
    }

    /// The number of bytes that follow, in eight bytes.
    private mutating func length() throws(CheckpointError) -> Int {
        let count: UInt64 = try integer()
        guard let count = Int(exactly: count), count <= Limits.bytes else { throw failure("ends inside an opcode") }
        return count
    }

    /// Bytes are nothing that a weight is described by.
    private mutating func pushBytes(_ count: Int, _ type: String) throws(CheckpointError) {
        _ = try take(count)
        try push(.object(type))
    }

    private func global(_ name: String) -> PickleValue {
        PickleGlobal(rawValue: name).map(PickleValue.global) ?? .foreign(name)
    }

    private func global(module: PickleValue, _ name: PickleValue) throws(CheckpointError) -> PickleValue {
        guard let module = module.stringValue, let name = name.stringValue else {
            throw failure("a class or function is named by \(module.typeName) and \(name.typeName), not two strings")
        }
        let whole = "\(module).\(name)"
        guard whole.utf8.count <= 2 * Limits.globalNameBytes else {
            throw failure("name of more than \(2 * Limits.globalNameBytes) bytes")
        }
        return global(whole)
    }
}
