extension Unpickler {
    mutating func execute(_ opcode: PickleOpcode) throws(CheckpointError) {
        switch opcode {
        case .protocol:
            let version: UInt8 = try integer()
            guard version == 2 else {
                throw failure("protocol \(version); only 2, torch.save's own, is read")
            }
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
        case .longInteger: try push(try longInteger())
        case .binaryFloat: try push(.double(Double(bitPattern: (try integer() as UInt64).byteSwapped)))
        case .binaryUnicode: try push(.string(try string(Int(try integer() as UInt32))))

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
        case .append: try append([try pop()])
        case .appends: try append(try popToMark())
        case .emptyDictionary: try pushContainer(emptyDictionary())
        case .setItem:
            let value = try pop()
            try setItems([try pop(), value])
        case .setItems: try setItems(try popToMark())

        case .put: try remember(UInt32(try integer() as UInt8))
        case .longPut: try remember(try integer())
        case .get: try recall(UInt32(try integer() as UInt8))
        case .longGet: try recall(try integer())

        case .global: try push(try global())
        case .persistentID: try push(.storage(try storage(try pop())))
        case .reduce:
            let arguments = try pop()
            try push(try call(try pop(), arguments))
        case .newObject:
            _ = try pop()
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

    /// LONG1: a length byte, then that many bytes of two's complement, lowest first. Seeds and states of random generators
    /// have more than 64 bits; nothing that is read does.
    private mutating func longInteger() throws(CheckpointError) -> PickleValue {
        let digits = try take(Int(try integer() as UInt8))
        guard digits.count <= 8 else { return .object("int") }
        var value: UInt64 = (digits.last ?? 0) >= 0x80 ? .max : 0
        for byte in digits.reversed() { value = value << 8 | UInt64(byte) }
        return .integer(Int64(bitPattern: value))
    }

    private mutating func global() throws(CheckpointError) -> PickleValue {
        let name = "\(try line()).\(try line())"
        return PickleGlobal(rawValue: name).map(PickleValue.global) ?? .foreign(name)
    }
}
