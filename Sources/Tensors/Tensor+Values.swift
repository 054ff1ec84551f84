#if _endian(big)
    #error("Tensors are stored little-endian and read without swapping.")
#endif

extension Tensor {
    /// All elements as float32. bfloat16 and float16 convert exactly; float64 and int32 round to nearest.
    package func float32() -> [Float] {
        [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
            copyFloat32(elements: 0..<count, into: UnsafeMutableBufferPointer(rebasing: buffer[0..<count]))
            initialized = count
        }
    }

    /// Row `index` of a tensor seen as `shape[0]` rows; reads only the pages of that row from a mapped file.
    /// Nil when there is no such row.
    package func float32(row index: Int) -> [Float]? {
        guard let rows = shape.first, 0..<rows ~= index else { return nil }
        let width = count / rows
        return [Float](unsafeUninitializedCapacity: width) { buffer, initialized in
            let range = index * width..<(index + 1) * width
            copyFloat32(elements: range, into: UnsafeMutableBufferPointer(rebasing: buffer[0..<width]))
            initialized = width
        }
    }

    /// All elements into `destination`, which holds `count` floats.
    package func copyFloat32(into destination: UnsafeMutableBufferPointer<Float>) {
        copyFloat32(elements: 0..<count, into: destination)
    }

    /// The elements of `range` (in row-major order) into `destination`, which must be exactly as long.
    package func copyFloat32(elements range: Range<Int>, into destination: UnsafeMutableBufferPointer<Float>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "elements outside the tensor")
        precondition(destination.count == range.count, "destination of another size")
        withUnsafeBytes { bytes in
            let size = elementType.byteCount
            let source = UnsafeRawBufferPointer(rebasing: bytes[range.lowerBound * size..<range.upperBound * size])
            switch elementType {
            case .float32:
                UnsafeMutableRawBufferPointer(destination).copyMemory(from: source)
            case .float64:
                for i in 0..<destination.count {
                    let value = Double(bitPattern: source.loadUnaligned(fromByteOffset: i * 8, as: UInt64.self))
                    destination.initializeElement(at: i, to: Float(value))
                }
            case .bfloat16:
                for i in 0..<destination.count {
                    let bits = source.loadUnaligned(fromByteOffset: i * 2, as: UInt16.self)
                    destination.initializeElement(at: i, to: Float(BFloat16(bitPattern: bits)))
                }
            case .float16:
                for i in 0..<destination.count {
                    let bits = source.loadUnaligned(fromByteOffset: i * 2, as: UInt16.self)
                    destination.initializeElement(at: i, to: Float(Half(bitPattern: bits)))
                }
            case .int32:
                for i in 0..<destination.count {
                    let value = source.loadUnaligned(fromByteOffset: i * 4, as: Int32.self)
                    destination.initializeElement(at: i, to: Float(value))
                }
            }
        }
    }

    /// All elements of an int32 tensor; nil for any other type.
    package func int32() -> [Int32]? {
        guard elementType == .int32 else { return nil }
        return withUnsafeBytes { bytes in
            (0..<count).map { bytes.loadUnaligned(fromByteOffset: $0 * 4, as: Int32.self) }
        }
    }
}
