/// Bytes that tensors look into: a file mapped into memory, an owned buffer, or bytes that are part of the program.
///
/// `bytes` stays at one address and is never written for as long as the object lives. Whoever reads through it must
/// keep the object alive meanwhile; `Tensor` does.
package protocol TensorStorage: AnyObject, Sendable {
    var bytes: UnsafeRawBufferPointer { get }
}

/// Owned bytes at an address that is a multiple of 64 (one cache line, one AVX-512 register).
///
/// `@unchecked Sendable`: the bytes are written by the initializer's closure only, before the object can be shared.
package final class AlignedStorage: TensorStorage, @unchecked Sendable {
    package static let alignment = 64

    package let bytes: UnsafeRawBufferPointer

    /// Allocates `byteCount` bytes, all zero, and lets `initialize` fill them.
    package init<Failure: Error>(
        byteCount: Int, initialize: (UnsafeMutableRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: Self.alignment)
        buffer.initializeMemory(as: UInt8.self, repeating: 0)
        bytes = UnsafeRawBufferPointer(buffer)
        try initialize(buffer)
    }

    /// A copy of `source`.
    package convenience init(copying source: UnsafeRawBufferPointer) {
        self.init(byteCount: source.count) { $0.copyMemory(from: source) }
    }

    deinit { bytes.deallocate() }
}

/// Bytes that live as long as the program: models that are part of the binary.
///
/// `@unchecked Sendable`: the bytes are constant, and the one who makes it vouches for their lifetime.
package final class StaticStorage: TensorStorage, @unchecked Sendable {
    package let bytes: UnsafeRawBufferPointer

    /// `bytes` must stay valid and unchanged until the process ends.
    package init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }
}
