import Checkpoints
import JSON
import Tensors
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

@Suite struct SafetensorsWriterTests {
    private func tensors() throws -> [String: Tensor] {
        let half = [UInt16](arrayLiteral: 0x3C00, 0x4000, 0xC000).withUnsafeBytes { AlignedStorage(copying: $0) }
        return [
            "bias": try Tensor([1, 2], shape: [2]),
            "b": try Tensor((0..<32).map { Float($0) }, shape: [2, 16]),
            "a": try Tensor((0..<16).map { Float(-$0) }, shape: [16]),
            "half": try Tensor(elementType: .float16, shape: [3], storage: half),
            "aaa": try Tensor([7], shape: [1]),
            "empty": try Tensor([], shape: [0, 2]),
        ]
    }

    @Test func writtenTensorsReadBack() throws {
        let bytes = SafetensorsWriter.bytes(tensors: try tensors(), metadata: ["k": "\u{0}é\"", "a": ""])
        let state = try stateDict(bytes)
        #expect(state.metadata == ["k": "\u{0}é\"", "a": ""])
        for (name, tensor) in try tensors() {
            #expect(state.tensors[name]?.elementType == tensor.elementType)
            #expect(state.tensors[name]?.shape == tensor.shape)
            #expect(state.tensors[name]?.float32() == tensor.float32())
        }
        #expect(state.tensors.count == 6)
    }

    /// Whole cache lines first, by name; then what is left over, the widest elements first.
    @Test func theOrderKeepsLargeTensorsOnCacheLines() throws {
        let bytes = SafetensorsWriter.bytes(tensors: try tensors(), metadata: ["k": "v"])
        let length = Int(bytes[0]) | Int(bytes[1]) << 8
        #expect((8 + length).isMultiple(of: 64))
        let header = try #require(try JSON(parsing: bytes[8..<8 + length]).objectValue)
        #expect(header.keys == ["__metadata__", "a", "b", "empty", "aaa", "bias", "half"])
        #expect(header["b"]?["data_offsets"] == [64, 192])
        #expect(header["half"]?["data_offsets"] == [204, 210])
    }

    @Test func theSameTensorsGiveTheSameBytes() throws {
        let metadata = Dictionary(uniqueKeysWithValues: (0..<20).map { ("key \($0)", "value") })
        let first = SafetensorsWriter.bytes(tensors: try tensors(), metadata: metadata)
        // Dictionaries of another capacity iterate in another order.
        var others: [String: Tensor] = [:]
        others.reserveCapacity(1000)
        for (name, tensor) in try tensors() { others[name] = tensor }
        var otherMetadata: [String: String] = [:]
        otherMetadata.reserveCapacity(1000)
        for (key, value) in metadata { otherMetadata[key] = value }
        #expect(SafetensorsWriter.bytes(tensors: others, metadata: otherMetadata) == first)
    }

    @Test func filesReplaceWhatWasThere() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("something else", as: "model.safetensors")
        try SafetensorsWriter.write(tensors: try tensors(), metadata: [:], to: path)
        #expect(folder.names() == ["model.safetensors"])
        let bytes = SafetensorsWriter.bytes(tensors: try tensors(), metadata: [:])
        let storage = try FileStorage(path: path)
        #expect(Array(storage.bytes) == bytes)
    }

    /// The file that is written may be the one whose mapped tensors are being read.
    @Test func aFileCanReplaceItself() throws {
        let folder = try TemporaryFolder()
        let original = SafetensorsWriter.bytes(tensors: try tensors(), metadata: [:])
        let path = try folder.write(original, as: "model.safetensors")
        let mapped = try StateDict(try FileStorage(path: path, copyUpTo: 0))
        try SafetensorsWriter.write(tensors: mapped.tensors, metadata: ["k": "v"], to: path)
        let again = try SafetensorsFile(path: path)
        #expect(again.metadata == ["k": "v"])
        #expect(again.tensors["b"]?.float32() == (0..<32).map { Float($0) })
    }

    /// A rename would put the file in the place of the pipe, and of the link.
    @Test func aPipeIsNotReplacedAndALinkIsFollowed() throws {
        let folder = try TemporaryFolder()
        let tensors = try tensors()
        let pipe = folder.path + "/pipe"
        try #require(mkfifo(pipe, 0o600) == 0)
        #expect(
            failure { try SafetensorsWriter.write(tensors: tensors, metadata: [:], to: pipe) }
                == "\(pipe): cannot write: there is something at that path that is no file")
        let target = try folder.write("something else", as: "target")
        let link = folder.path + "/link"
        try #require(symlink(target, link) == 0)
        try SafetensorsWriter.write(tensors: tensors, metadata: [:], to: link)
        #expect(folder.names() == ["link", "pipe", "target"])
        let bytes = SafetensorsWriter.bytes(tensors: tensors, metadata: [:])
        let storage = try FileStorage(path: target)
        #expect(Array(storage.bytes) == bytes)
        var status = stat()
        #expect(lstat(link, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
    }

    @Test func aFailedWriteLeavesNothing() throws {
        let folder = try TemporaryFolder()
        let tensors = try tensors()
        #expect(
            failure { try SafetensorsWriter.write(tensors: tensors, metadata: [:], to: "\(folder.path)/no/file") }
                == "\(folder.path)/no/file: cannot create a file there: No such file or directory")
        // A folder cannot be replaced by a file.
        #expect(throws: CheckpointError.self) {
            try SafetensorsWriter.write(tensors: tensors, metadata: [:], to: folder.path + "/.")
        }
        #expect(folder.names() == [])
    }
}
