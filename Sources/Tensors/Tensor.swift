/// A read-only, row-major, densely packed tensor inside a `TensorStorage`: a weight of a checkpoint, or a golden vector.
///
/// The initializer checks shape and place against the storage once; after that no read can leave the storage. The
/// elements need not be aligned to their size, so they are read as bytes or copied out as float32.
///
///     let weight = try Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3])  // two rows of three
///     weight.float32(row: 1)  // [4, 5, 6]
package struct Tensor: Sendable {
    package let elementType: ElementType
    /// Sizes from the outermost axis to the innermost; empty for a scalar.
    package let shape: [Int]
    /// Number of elements: the product of `shape`.
    package let count: Int
    package let storage: any TensorStorage
    /// Where the first element starts in `storage`.
    package let byteOffset: Int

    package var byteCount: Int { count * elementType.byteCount }

    /// A view of `storage` from `byteOffset` on.
    package init(
        elementType: ElementType, shape: [Int], storage: any TensorStorage, byteOffset: Int = 0
    ) throws(TensorError) {
        let byteCount = try Self.byteCount(of: elementType, shape: shape)
        let available = storage.bytes.count
        guard byteOffset >= 0, byteOffset <= available, byteCount <= available - byteOffset else {
            throw .outOfBounds(byteOffset: byteOffset, byteCount: byteCount, available: available)
        }
        self.elementType = elementType
        self.shape = shape
        self.storage = storage
        self.byteOffset = byteOffset
        count = byteCount / elementType.byteCount
    }

    /// A float32 tensor with its own storage, for weights that are made rather than read.
    package init(_ values: [Float], shape: [Int]) throws(TensorError) {
        let storage = values.withUnsafeBytes { AlignedStorage(copying: $0) }
        try self.init(elementType: .float32, shape: shape, storage: storage)
        guard count == values.count else {
            throw .wrongCount(found: values.count, expected: count)
        }
    }

    /// Bytes a packed tensor takes; refuses negative sizes and products that do not fit an `Int`.
    package static func byteCount(of elementType: ElementType, shape: [Int]) throws(TensorError) -> Int {
        var product = elementType.byteCount
        var isEmpty = false
        for size in shape {
            guard size >= 0 else { throw .negativeSize(shape) }
            if size == 0 {
                isEmpty = true
                continue
            }
            let (next, overflow) = product.multipliedReportingOverflow(by: size)
            guard !overflow else { throw .tooLarge(shape) }
            product = next
        }
        return isEmpty ? 0 : product
    }

    /// The tensor's bytes, valid during the call.
    package func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try withExtendedLifetime(storage) { () throws(Failure) -> Result in
            try body(UnsafeRawBufferPointer(rebasing: storage.bytes[byteOffset..<byteOffset + byteCount]))
        }
    }
}

/// Why bytes cannot be a tensor.
package enum TensorError: Error, Sendable, Hashable, CustomStringConvertible {
    case negativeSize([Int])
    case tooLarge([Int])
    case outOfBounds(byteOffset: Int, byteCount: Int, available: Int)
    case wrongCount(found: Int, expected: Int)

    package var description: String {
        switch self {
        case .negativeSize(let shape): "shape \(shape) has a negative size"
        case .tooLarge(let shape): "shape \(shape) has more elements than can be addressed"
        case .outOfBounds(let offset, let count, let available):
            "\(count) bytes at offset \(offset) do not fit in \(available) bytes"
        case .wrongCount(let found, let expected): "\(found) values given for a shape of \(expected)"
        }
    }
}
