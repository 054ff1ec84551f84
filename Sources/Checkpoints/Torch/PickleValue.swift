/// A value that the unpickler made. Containers are numbers of places in the `PickleHeap`: a pickle can build values
/// that contain themselves or nest a million deep, and neither may leak memory or use up the stack when freed.
enum PickleValue {
    case none
    case boolean(Bool)
    case integer(Int64)
    case double(Double)
    case string(String)
    case tuple(Int)
    case list(Int)
    case dictionary(Int)
    case global(PickleGlobal)
    case storage(StorageReference)
    case tensor(TensorReference)

    var integerValue: Int? {
        if case .integer(let value) = self { Int(exactly: value) } else { nil }
    }

    var stringValue: String? {
        if case .string(let value) = self { value } else { nil }
    }

    var typeName: String {
        switch self {
        case .none: "None"
        case .boolean: "a bool"
        case .integer: "an int"
        case .double: "a float"
        case .string: "a string"
        case .tuple: "a tuple"
        case .list: "a list"
        case .dictionary: "a dict"
        case .global(let global): "the class or function \(global.rawValue)"
        case .storage: "a storage"
        case .tensor: "a tensor"
        }
    }
}

/// The containers of one unpickled value.
struct PickleHeap {
    var tuples: [[PickleValue]] = []
    var lists: [[PickleValue]] = []
    var dictionaries: [[(key: PickleValue, value: PickleValue)]] = []

    var count: Int { tuples.count + lists.count + dictionaries.count }
}

/// The only Python objects a state dict needs. Naming any other ends the reading.
enum PickleGlobal: String, CaseIterable {
    case orderedDictionary = "collections.OrderedDict"
    case rebuildTensor = "torch._utils._rebuild_tensor_v2"
    case rebuildParameter = "torch._utils._rebuild_parameter"
    case floatStorage = "torch.FloatStorage"
    case bfloat16Storage = "torch.BFloat16Storage"
    case halfStorage = "torch.HalfStorage"
}

/// A storage of the archive, as `torch.save` names it in a persistent id.
struct StorageReference {
    var type: PickleGlobal
    /// The entry `<archive>/data/<key>` has the bytes.
    var key: String
    /// Elements, not bytes.
    var count: Int
}

/// A tensor as `_rebuild_tensor_v2` describes it; nothing has been checked against the storage's bytes yet.
struct TensorReference {
    var storage: StorageReference
    var offset: Int
    var shape: [Int]
    var strides: [Int]
}
