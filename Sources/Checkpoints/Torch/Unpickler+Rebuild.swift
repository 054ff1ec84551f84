/// What the allowed functions mean. Argument lists are those of torch/_utils.py and torch/serialization.py.
extension Unpickler {
    /// PyTorch's own limit is 64; no weight has more than a few axes.
    static let maxRank = 8

    /// REDUCE: `function(*arguments)`.
    mutating func call(_ function: PickleValue, _ arguments: PickleValue) throws(CheckpointError) -> PickleValue {
        guard case .global(let global) = function, case .tuple(let index) = arguments else {
            throw failure("calls \(function.typeName) with \(arguments.typeName)")
        }
        let values = heap.tuples[index]
        switch global {
        case .orderedDictionary:
            guard values.isEmpty else { throw failure("OrderedDict made from arguments") }
            return emptyDictionary()
        case .rebuildTensor: return .tensor(try rebuildTensor(values))
        case .rebuildParameter:
            // (data, requires_grad, backward_hooks)
            guard values.count == 3, case .tensor = values[0] else {
                throw failure("_rebuild_parameter takes a tensor, requires_grad and hooks")
            }
            return values[0]
        case .floatStorage, .bfloat16Storage, .halfStorage:
            throw failure("calls the class \(global.rawValue)")
        }
    }

    /// `(storage, storage_offset, size, stride, requires_grad, backward_hooks[, metadata])`
    private func rebuildTensor(_ values: [PickleValue]) throws(CheckpointError) -> TensorReference {
        guard (6...7).contains(values.count), case .storage(let storage) = values[0] else {
            throw failure("_rebuild_tensor_v2 takes a storage, offset, size, stride, requires_grad and hooks")
        }
        guard let offset = values[1].integerValue, offset >= 0 else {
            throw failure("storage offset is not a number from 0 on")
        }
        let shape = try sizes(values[2], "size")
        let strides = try sizes(values[3], "stride")
        guard shape.count == strides.count else {
            throw failure("\(shape.count) sizes but \(strides.count) strides")
        }
        return TensorReference(storage: storage, offset: offset, shape: shape, strides: strides)
    }

    private func sizes(_ value: PickleValue, _ name: String) throws(CheckpointError) -> [Int] {
        guard case .tuple(let index) = value else { throw failure("\(name) is \(value.typeName), not a tuple") }
        let values = heap.tuples[index]
        guard values.count <= Self.maxRank else {
            throw failure("tensor with \(values.count) axes, at most \(Self.maxRank) are read")
        }
        var result: [Int] = []
        for value in values {
            guard let size = value.integerValue else { throw failure("\(name) has \(value.typeName) in it") }
            guard size >= 0 else { throw failure("\(name) has a negative number, \(size)") }
            result.append(size)
        }
        return result
    }

    /// BINPERSID: `('storage', storage_type, key, location, numel)`
    func storage(_ value: PickleValue) throws(CheckpointError) -> StorageReference {
        guard case .tuple(let index) = value, heap.tuples[index].count == 5 else {
            throw failure("persistent id is not a tuple of 5")
        }
        let values = heap.tuples[index]
        guard values[0].stringValue == "storage", case .global(let type) = values[1],
            let key = values[2].stringValue, values[3].stringValue != nil
        else { throw failure("persistent id is not ('storage', type, key, location, numel)") }
        guard type.elementType != nil else { throw failure("\(type.rawValue) is not a storage type") }
        guard let count = values[4].integerValue, count >= 0 else {
            throw failure("storage '\(key)' has no valid number of elements")
        }
        return StorageReference(type: type, key: key, count: count)
    }

    /// BUILD: an OrderedDict's attributes. `Module.state_dict()` keeps its `_metadata` there; it has no weights.
    func build(_ state: PickleValue) throws(CheckpointError) {
        guard case .dictionary = try top(), case .dictionary = state else {
            throw failure("sets the state of \(try top().typeName)")
        }
    }
}
