/// What the allowed functions mean. Argument lists are those of torch/_utils.py and torch/serialization.py.
extension Unpickler {
    /// PyTorch's own limit is 64; no weight has more than a few axes.
    static let maxRank = 8

    /// REDUCE: `function(*arguments)`, for the functions that are known. What others would have returned is an object of
    /// which nothing is known.
    mutating func call(_ function: PickleValue, _ arguments: PickleValue) throws(CheckpointError) -> PickleValue {
        guard case .tuple(let index) = arguments else {
            throw failure("calls \(function.typeName) with \(arguments.typeName)")
        }
        guard case .global(let global) = function else {
            switch function {
            case .foreign, .object: return object(of: function)
            default: throw failure("calls \(function.typeName) with \(arguments.typeName)")
            }
        }
        let values = heap.tuples[index]
        switch global {
        case .orderedDictionary where values.isEmpty: return emptyDictionary()
        // Its only argument is what makes missing values.
        case .defaultDictionary where values.count <= 1: return emptyDictionary()
        case .orderedDictionary, .defaultDictionary: return .object(global.rawValue)
        case .rebuildTensor: return .tensor(try rebuildTensor(values))
        case .rebuildParameter, .rebuildParameterWithState:
            // (data, requires_grad, backward_hooks[, state])
            guard (3...4).contains(values.count) else {
                throw failure("\(global.rawValue) takes a tensor, requires_grad and hooks")
            }
            switch values[0] {
            case .tensor, .object: return values[0]
            default: throw failure("\(global.rawValue) takes a tensor, found \(values[0].typeName)")
            }
        case .rebuildFromType:
            // (function, type, arguments, state): a tensor with attributes of its own.
            guard values.count == 4, case .global(.rebuildTensor) = values[0] else {
                return .object(global.rawValue)
            }
            return try call(values[0], values[2])
        }
    }

    /// What a class or function would have made, which stays unknown.
    mutating func object(of function: PickleValue) -> PickleValue {
        let name: String
        switch function {
        case .foreign(let function):
            name = function
            if heap.uncalled.count < Limits.namesKept, !heap.uncalled.contains(name) { heap.uncalled.append(name) }
        case .object(let made): name = made
        case .global(let global): name = global.rawValue
        default: name = function.typeName
        }
        return .object(name)
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
        guard values[0].stringValue == "storage", case .foreign(let type) = values[1],
            let key = values[2].stringValue, values[3].stringValue != nil
        else { throw failure("persistent id is not ('storage', type, key, location, numel)") }
        guard let count = values[4].integerValue, count >= 0 else {
            throw failure("storage '\(key.shown)' has no valid number of elements")
        }
        return StorageReference(type: StorageType(className: type), key: key, count: count)
    }

    /// BUILD: an object's attributes, none of which is kept. `Module.state_dict()` has its `_metadata` there.
    func build(_ value: PickleValue) throws(CheckpointError) {
        switch value {
        case .dictionary, .object, .foreign, .tensor: break
        default: throw failure("sets the state of \(value.typeName)")
        }
    }
}
