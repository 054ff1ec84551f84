import Tensors

/// Where a PyTorch tensor's elements lie in its storage, checked to be inside it.
struct StridedLayout {
    private let shape: [Int]
    private let strides: [Int]
    private let offset: Int
    private let count: Int
    /// The elements follow one another in row-major order.
    let isPacked: Bool

    init(_ reference: TensorReference) throws(CheckpointError) {
        (shape, strides, offset) = (reference.shape, reference.strides, reference.offset)
        var count = 1
        var packedStride = 1
        var isPacked = true
        // Index of the last element.
        var last = offset
        for (size, stride) in zip(shape, strides).reversed() where !shape.contains(0) {
            let (steps, tooFar) = (size - 1).multipliedReportingOverflow(by: stride)
            let (end, beyond) = last.addingReportingOverflow(steps)
            let (product, tooMany) = count.multipliedReportingOverflow(by: size)
            guard !tooFar, !beyond, !tooMany else {
                throw CheckpointError("shape \(shape) with strides \(strides) has more elements than can be addressed")
            }
            if size > 1 {
                isPacked = isPacked && stride == packedStride
                packedStride = product
            }
            (last, count) = (end, product)
        }
        if shape.contains(0) {
            count = 0
            guard offset <= reference.storage.count else {
                throw CheckpointError("starts at element \(offset) of a storage of \(reference.storage.count)")
            }
        } else {
            guard last < reference.storage.count else {
                throw CheckpointError(
                    "shape \(shape) with strides \(strides) reaches element \(last) of a storage of "
                        + "\(reference.storage.count)")
            }
        }
        // Expanded tensors repeat elements without end in a storage of a few bytes; no weight is stored like that.
        guard count <= reference.storage.count else {
            throw CheckpointError("shape \(shape) has more elements than its storage (\(reference.storage.count))")
        }
        self.count = count
        self.isPacked = isPacked
    }

    /// The elements in row-major order; `source` is the whole storage.
    func packed(_ source: UnsafeRawBufferPointer, elementType: ElementType) -> AlignedStorage {
        let size = elementType.byteCount
        return AlignedStorage(byteCount: count * size) { destination in
            var index = [Int](repeating: 0, count: shape.count)
            var element = offset
            for position in 0..<count {
                let bytes = UnsafeRawBufferPointer(rebasing: source[element * size..<(element + 1) * size])
                UnsafeMutableRawBufferPointer(rebasing: destination[position * size..<(position + 1) * size])
                    .copyMemory(from: bytes)
                // The next index, like a mileage counter: the innermost axis turns fastest.
                var axis = shape.count - 1
                while axis >= 0 {
                    // Wrapping: the stride of an axis of size 1 may be anything, and is taken back at once.
                    index[axis] += 1
                    element &+= strides[axis]
                    if index[axis] < shape[axis] { break }
                    element &-= index[axis] &* strides[axis]
                    index[axis] = 0
                    axis -= 1
                }
            }
        }
    }
}
