import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Buffers of one size that come from the system together and go back to it together: what a search holds by the thousand
/// is gone when the search is, whatever the allocator would keep. A system without memory is told by nil, where an
/// allocation of Swift's would end the process.
///
///     guard let slab = Slab(bytes: model.carryBytes, count: 100) else { throw OutOfMemory() }
///     let buffer = slab.buffer()
///
/// `@unchecked Sendable`: the pieces are handed out under the lock, each to one holder at a time.
package final class Slab: @unchecked Sendable {
    private struct Pieces {
        /// Those that were given back.
        var free: [Int32] = []
        /// Those that were handed out at least once.
        var fresh = 0
    }

    private let base: UnsafeMutableRawPointer
    private let pieceBytes: Int
    private let count: Int
    private let pieces = Mutex(Pieces())

    /// Pages are only taken when a piece is first written.
    /// - Parameter count: the most pieces in use at a time.
    package init?(bytes: Int, count: Int) {
        pieceBytes = (max(bytes, 1) + 63) / 64 * 64
        self.count = max(1, count)
        let (size, overflow) = pieceBytes.multipliedReportingOverflow(by: self.count)
        guard !overflow, self.count <= Int32.max,
            let address = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
            address != MAP_FAILED
        else { return nil }
        base = address
    }

    deinit { munmap(base, pieceBytes * count) }

    /// A piece whose bytes are whatever its last holder left; nil when all are in use.
    package func buffer() -> AlignedBuffer? {
        let piece = pieces.withLock { pieces -> Int? in
            if let piece = pieces.free.popLast() { return Int(piece) }
            guard pieces.fresh < count else { return nil }
            pieces.fresh += 1
            return pieces.fresh - 1
        }
        return piece.map { AlignedBuffer(base + $0 * pieceBytes, byteCount: pieceBytes, of: self) }
    }

    /// Takes back what `buffer` handed out.
    func takeBack(_ address: UnsafeMutableRawPointer) {
        let piece = Int32((address - base) / pieceBytes)
        pieces.withLock { pieces in pieces.free.append(piece) }
    }
}
