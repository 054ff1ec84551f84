import JSON
import Tensors

/// One tensor of a safetensors header, checked by itself.
struct SafetensorsEntry {
    var name: String
    /// As in the file: "F32", "BF16", ...
    var typeName: String
    /// Nil for types in which no model is stored.
    var elementType: ElementType?
    var shape: [Int]
    /// Offsets from the end of the header.
    var range: Range<Int>

    init(name: String, _ value: JSON, dataSize: Int) throws(CheckpointError) {
        func failure(_ message: String) -> CheckpointError { CheckpointError("tensor \(name): \(message)") }
        guard value.objectValue != nil else { throw failure("expected an object, found \(value.typeName)") }
        guard let typeName = value["dtype"]?.stringValue else { throw failure("has no dtype") }
        guard let shape = Self.integers(value["shape"]) else { throw failure("shape is not an array of integers") }
        guard shape.count <= SafetensorsFile.Limits.rank else {
            throw failure("has \(shape.count) axes, at most \(SafetensorsFile.Limits.rank) are read")
        }
        guard let offsets = Self.integers(value["data_offsets"]), offsets.count == 2 else {
            throw failure("data_offsets is not an array of two integers")
        }
        let (begin, end) = (offsets[0], offsets[1])
        guard begin >= 0, begin <= end, end <= dataSize else {
            throw failure("data_offsets [\(begin), \(end)] are not within the \(dataSize) bytes of data")
        }
        self.name = name
        self.typeName = typeName
        self.shape = shape
        range = begin..<end
        elementType = ElementType(safetensorsName: typeName)
        if let elementType {
            let byteCount: Int
            do { byteCount = try Tensor.byteCount(of: elementType, shape: shape) } catch {
                throw failure(error.description)
            }
            guard byteCount == end - begin else {
                throw failure(
                    "shape \(shape) of \(typeName) takes \(byteCount) bytes, data_offsets [\(begin), \(end)] "
                        + "have \(end - begin)")
            }
        }
    }

    private static func integers(_ value: JSON?) -> [Int]? {
        guard let elements = value?.arrayValue else { return nil }
        let integers = elements.compactMap { $0.integerValue.flatMap { Int(exactly: $0) } }
        return integers.count == elements.count ? integers : nil
    }
}

extension ElementType {
    init?(safetensorsName name: String) {
        guard let type = Self.allCases.first(where: { $0.safetensorsName == name }) else { return nil }
        self = type
    }

    /// The name of the type in safetensors headers, and the one we show.
    package var safetensorsName: String {
        switch self {
        case .float32: "F32"
        case .float64: "F64"
        case .bfloat16: "BF16"
        case .float16: "F16"
        case .int32: "I32"
        }
    }
}
