import Checkpoints
import Tensors
import Testing

@Suite struct ZipTests {
    /// `{"w": tensor([0.5, 1, 2, 4])}`
    private static let good = ZipBuilder(
        pickle: PickleBuilder.oneTensor(count: 4, shape: [2, 2], strides: [2, 1]),
        storages: ["0": [Float](arrayLiteral: 0.5, 1, 2, 4).flatMap { withUnsafeBytes(of: $0) { Array($0) } }])

    @Test(arguments: [false, true])
    func plainAndZip64(isZip64: Bool) throws {
        var zip = Self.good
        zip.isZip64 = isZip64
        #expect(try stateDict(zip.bytes()).tensors["w"]?.float32() == [0.5, 1, 2, 4])
    }

    @Test(arguments: [1, 0xFFFF])
    func commentsAtTheEnd(length: Int) throws {
        var bytes = Self.good.bytes()
        bytes.removeLast(2)
        bytes.appendIntegers(UInt16(length))
        bytes += [UInt8](repeating: 0x50, count: length)
        #expect(try stateDict(bytes).tensors["w"]?.float32() == [0.5, 1, 2, 4])
        #expect(failure { _ = try stateDict(bytes + [0x50]) }?.contains("no end record") == true)
    }

    @Test func everyTruncationIsRefused() throws {
        let bytes = Self.good.bytes()
        for length in 0..<bytes.count {
            #expect(throws: CheckpointError.self) { try stateDict(Array(bytes[..<length])) }
        }
        #expect(failure { _ = try stateDict(Array(bytes[..<(bytes.count - 1)])) }?.contains("truncated") == true)
    }

    struct Damage: Sendable {
        var message: String
        var apply: @Sendable (inout ZipBuilder) -> Void

        init(_ message: String, _ apply: @escaping @Sendable (inout ZipBuilder) -> Void) {
            self.message = message
            self.apply = apply
        }
    }

    static let damages = [
        Damage("entry 'archive/data.pkl' is compressed (method 8)") { $0.method = 8 },
        Damage("entry 'archive/data.pkl' is encrypted") { $0.flags = 1 },
        Damage("no local header for entry 'archive/data.pkl' at offset 1") { $0.headerShift = 1 },
        Damage("lacks its 64-bit sizes") { $0.headerShift = -1 },
        Damage("no local header for entry 'archive/data.pkl' at offset 1073741824") { $0.headerShift = 1 << 30 },
        Damage("goes past the data") { $0.sizeShift = 1000 },
        Damage("entries 'archive/data.pkl' and 'archive/byteorder' overlap") {
            $0.sizeShift = 10
            $0.padding = 10
        },
        Damage("entry 3 of the central directory is malformed") { $0.countShift = 1 },
        Damage("its storage, entry 'archive/data/0', is not in the archive") { $0.countShift = -1 },
        Damage("central directory") { $0.directoryShift = 1 },
        Damage("entry 0 of the central directory is malformed") { $0.directoryShift = -1 },
        Damage("is not inside the file") {
            $0.isZip64 = true; $0.directoryShift = 1 << 40
        },
        Damage("is not inside the file") {
            $0.isZip64 = true; $0.directoryShift = -1 << 40
        },
        Damage("1099511627779 entries, at most 131072 are read") {
            $0.isZip64 = true; $0.countShift = 1 << 40
        },
        Damage("two entries are called 'archive/data/0'") { $0.entries.append($0.entries[2]) },
        Damage("expected one entry <name>/data.pkl, found 2") { $0.entries.append(("other/data.pkl", [])) },
        Damage("expected one entry <name>/data.pkl, found 0") { $0.entries.removeFirst() },
        Damage("not little-endian") { $0.entries[1].bytes = Array("big".utf8) },
        Damage("its storage, entry 'archive/data/0', is not in the archive") { $0.entries.removeLast() },
        Damage("should have 4 elements of 4 bytes, but entry 'archive/data/0' has 15") {
            $0.entries[2].bytes.removeLast()
        },
    ]

    @Test(arguments: damages)
    func brokenArchives(damage: Damage) throws {
        var zip = Self.good
        damage.apply(&zip)
        let found = failure { _ = try wholeStateDict(zip.bytes()) }
        #expect(found?.contains(damage.message) == true, "\(found ?? "accepted")")
    }
}
