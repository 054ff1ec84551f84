import Tensors
import Testing

@Suite struct TensorTests {
    @Test(arguments: [
        ([2, -1], TensorError.negativeSize([2, -1])),
        ([0, -1], .negativeSize([0, -1])),
        ([1 << 31, 1 << 31, 4], .tooLarge([1 << 31, 1 << 31, 4])),
        ([.max], .tooLarge([.max])),
        ([5], .outOfBounds(byteOffset: 0, byteCount: 20, available: 16)),
    ])
    func impossibleShapes(shape: [Int], expected: TensorError) {
        let storage = AlignedStorage(copying: UnsafeRawBufferPointer(start: nil, count: 0))
        let sixteen = [Float](repeating: 0, count: 4).withUnsafeBytes { AlignedStorage(copying: $0) }
        #expect(storage.bytes.isEmpty)
        #expect(throws: expected) { try Tensor(elementType: .float32, shape: shape, storage: sixteen) }
    }

    @Test(arguments: [-1, 17, 13, Int.max])
    func placesOutsideTheStorage(offset: Int) {
        let sixteen = [Float](repeating: 0, count: 4).withUnsafeBytes { AlignedStorage(copying: $0) }
        #expect(throws: TensorError.outOfBounds(byteOffset: offset, byteCount: 4, available: 16)) {
            try Tensor(elementType: .float32, shape: [1], storage: sixteen, byteOffset: offset)
        }
    }

    @Test func valuesAndShapeMustAgree() {
        #expect(throws: TensorError.wrongCount(found: 3, expected: 2)) { try Tensor([1, 2, 3], shape: [2]) }
    }

    @Test func rowsOfEveryElementType() throws {
        let values: [Float] = [0.5, -1.25, 3, 100, -0.0078125, 64]
        let half = values.flatMap { withUnsafeBytes(of: Half($0).bitPattern) { Array($0) } }
        let bfloat = values.flatMap { withUnsafeBytes(of: BFloat16($0).bitPattern) { Array($0) } }
        let single = values.flatMap { withUnsafeBytes(of: $0) { Array($0) } }
        for (type, bytes) in [(ElementType.float16, half), (.bfloat16, bfloat), (.float32, single)] {
            // One byte in front: elements of a file need not be aligned.
            let storage = ([0] + bytes).withUnsafeBytes { AlignedStorage(copying: $0) }
            let tensor = try Tensor(elementType: type, shape: [3, 2], storage: storage, byteOffset: 1)
            #expect(tensor.float32() == values)
            #expect(tensor.float32(row: 1) == [3, 100])
            #expect(tensor.float32(row: 3) == nil)
            #expect(tensor.float32(row: -1) == nil)
            #expect(tensor.int32() == nil)
        }
    }

    @Test func tokens() throws {
        let bytes = [Int32](arrayLiteral: 7, -1, .max).flatMap { withUnsafeBytes(of: $0) { Array($0) } }
        let storage = bytes.withUnsafeBytes { AlignedStorage(copying: $0) }
        let tensor = try Tensor(elementType: .int32, shape: [3], storage: storage)
        #expect(tensor.int32() == [7, -1, .max])
        #expect(tensor.float32() == [7, -1, 0x1p31])
    }

    @Test func emptyAndScalarTensors() throws {
        #expect(try Tensor([], shape: [0, 4]).float32() == [])
        #expect(try Tensor([], shape: [0, 4]).float32(row: 0) == nil)
        #expect(try Tensor([], shape: [4, 0]).float32(row: 3) == [])
        #expect(try Tensor([2], shape: []).float32() == [2])
        #expect(try Tensor([2], shape: []).float32(row: 0) == nil)
    }

    @Test func ownedBytesAreAlignedAndZero() {
        for count in [0, 1, 63, 1000] {
            let storage = AlignedStorage(byteCount: count) { $0.last.map { #expect($0 == 0) } }
            #expect(storage.bytes.count == count)
            #expect(UInt(bitPattern: storage.bytes.baseAddress) % 64 == 0)
        }
    }
}
