import Tensors

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
    /// A class or function that is given its meaning here.
    case global(PickleGlobal)
    /// Any other class or function, by its name. It is never imported, let alone called.
    case foreign(String)
    /// What such a one would have made of its arguments, by its name. Nothing is known of it.
    case object(String)
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
        case .foreign(let name): "the class or function \(name.shown)"
        case .object(let name): "an object of \(name.shown)"
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
    /// Names of classes and functions that Python would have called, in the order in which they were met; the first few.
    var uncalled: [String] = []

    var count: Int { tuples.count + lists.count + dictionaries.count }
}

/// The Python functions that describe dictionaries of tensors.
enum PickleGlobal: String, CaseIterable {
    case orderedDictionary = "collections.OrderedDict"
    case defaultDictionary = "collections.defaultdict"
    case rebuildTensor = "torch._utils._rebuild_tensor_v2"
    case rebuildParameter = "torch._utils._rebuild_parameter"
    case rebuildParameterWithState = "torch._utils._rebuild_parameter_with_state"
    case rebuildFromType = "torch._tensor._rebuild_from_type_v2"
}

/// What the numbers of a storage are.
struct StorageType {
    /// PyTorch's name of the type, "int64"; of a storage that is not known here, its class.
    var name: String
    /// Nil for types that no weight has.
    var elementType: ElementType?

    init(className: String) {
        guard let known = Self.known[className] else {
            name = className
            return
        }
        (name, elementType) = known
    }

    private static let known: [String: (String, ElementType?)] = [
        "torch.FloatStorage": ("float32", .float32), "torch.BFloat16Storage": ("bfloat16", .bfloat16),
        "torch.HalfStorage": ("float16", .float16), "torch.DoubleStorage": ("float64", .float64),
        "torch.IntStorage": ("int32", .int32), "torch.LongStorage": ("int64", nil),
        "torch.ShortStorage": ("int16", nil),
        "torch.CharStorage": ("int8", nil), "torch.ByteStorage": ("uint8", nil), "torch.BoolStorage": ("bool", nil),
        "torch.ComplexFloatStorage": ("complex64", nil), "torch.ComplexDoubleStorage": ("complex128", nil),
    ]
}

/// A storage of the archive, as `torch.save` names it in a persistent id.
struct StorageReference {
    var type: StorageType
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
