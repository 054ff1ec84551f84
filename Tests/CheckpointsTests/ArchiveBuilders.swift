/// Zip files as `torch.save` writes them, byte by byte, so that each field can be made wrong.
struct ZipBuilder {
    var entries: [(name: String, bytes: [UInt8])] = []
    /// 0 is "stored"; 8 would be "deflated".
    var method: UInt16 = 0
    /// 0x0808: names are UTF-8, sizes follow the data. 1 would be "encrypted".
    var flags: UInt16 = 0x0808
    /// Ends with the records of ZIP64, whose numbers then count.
    var isZip64 = false
    /// Added to where the central directory says that an entry's local header is.
    var headerShift = 0
    /// Added to the sizes in the central directory.
    var sizeShift = 0
    /// Unused bytes between the data and the central directory.
    var padding = 0
    /// Added to the number of entries in the end record.
    var countShift = 0
    /// Added to the offset of the central directory in the end record.
    var directoryShift = 0

    init(pickle: [UInt8], storages: [String: [UInt8]] = [:]) {
        entries = [("archive/data.pkl", pickle), ("archive/byteorder", Array("little".utf8))]
        entries += storages.sorted { $0.key < $1.key }.map { ("archive/data/\($0.key)", $0.value) }
    }

    func bytes() -> [UInt8] {
        var file: [UInt8] = []
        var directory: [UInt8] = []
        for (name, bytes) in entries {
            let offset = file.count + headerShift
            let size = UInt32(truncatingIfNeeded: bytes.count + sizeShift)
            // Sizes in the local header are zero when they follow the data.
            file.appendIntegers(0x0403_4B50 as UInt32, 20 as UInt16, flags, method, 0 as UInt32, 0 as UInt32)
            file.appendIntegers(0 as UInt32, 0 as UInt32, UInt16(name.utf8.count), 0 as UInt16)
            file += Array(name.utf8) + bytes
            directory.appendIntegers(
                0x0201_4B50 as UInt32, 0 as UInt16, 20 as UInt16, flags, method, 0 as UInt32, 0 as UInt32)
            directory.appendIntegers(
                size, size, UInt16(name.utf8.count), 0 as UInt16, 0 as UInt16, 0 as UInt16, 0 as UInt16)
            directory.appendIntegers(0 as UInt32, UInt32(truncatingIfNeeded: offset))
            directory += Array(name.utf8)
        }
        file += [UInt8](repeating: 0, count: padding)
        let start = file.count + directoryShift
        let count = entries.count + countShift
        file += directory
        if isZip64 {
            let place = file.count
            file.appendIntegers(
                0x0606_4B50 as UInt32, 44 as UInt64, 45 as UInt16, 45 as UInt16, 0 as UInt32, 0 as UInt32)
            file.appendIntegers(
                UInt64(count), UInt64(count), UInt64(directory.count), UInt64(truncatingIfNeeded: start))
            file.appendIntegers(0x0706_4B50 as UInt32, 0 as UInt32, UInt64(place), 1 as UInt32)
        }
        file.appendIntegers(0x0605_4B50 as UInt32, 0 as UInt16, 0 as UInt16)
        let short = isZip64 ? UInt16.max : UInt16(count)
        file.appendIntegers(short, short, UInt32(directory.count))
        file.appendIntegers(isZip64 ? UInt32.max : UInt32(truncatingIfNeeded: start), 0 as UInt16)
        return file
    }
}

/// Pickles of protocol 2, one opcode after the other.
struct PickleBuilder {
    var bytes: [UInt8] = [0x80, 2]

    /// Opcodes without an argument, by their characters: "}", "(", "t", ...
    mutating func code(_ characters: String) { bytes += Array(characters.utf8) }

    mutating func global(_ module: String, _ name: String) { code("c\(module)\n\(name)\n") }

    mutating func string(_ text: String) {
        code("X")
        bytes.appendIntegers(UInt32(text.utf8.count))
        bytes += Array(text.utf8)
    }

    /// LONG1 holds every `Int64`.
    mutating func integer(_ value: Int64) {
        bytes += [0x8A, 8]
        bytes.appendIntegers(value)
    }

    mutating func tuple(_ values: [Int64]) {
        code("(")
        for value in values { integer(value) }
        code("t")
    }

    /// `_rebuild_tensor_v2` of a storage of `count` elements.
    mutating func tensor(
        storage: String = "FloatStorage", key: String = "0", count: Int64, offset: Int64 = 0, shape: [Int64],
        strides: [Int64]
    ) {
        global("torch._utils", "_rebuild_tensor_v2")
        code("((")
        string("storage")
        global("torch", storage)
        string(key)
        string("cpu")
        integer(count)
        code("tQ")
        integer(offset)
        tuple(shape)
        tuple(strides)
        bytes.append(0x89)
        global("collections", "OrderedDict")
        code(")RtR")
    }

    /// `{"w": <one tensor>}`.
    static func oneTensor(
        storage: String = "FloatStorage", key: String = "0", count: Int64, offset: Int64 = 0, shape: [Int64],
        strides: [Int64]
    ) -> [UInt8] {
        var pickle = PickleBuilder()
        pickle.code("}(")
        pickle.string("w")
        pickle.tensor(storage: storage, key: key, count: count, offset: offset, shape: shape, strides: strides)
        pickle.code("u.")
        return pickle.bytes
    }
}

extension [UInt8] {
    /// Each as many bytes as its type has, lowest first.
    mutating func appendIntegers(_ values: any FixedWidthInteger...) {
        for value in values { append(littleEndian: value) }
    }

    private mutating func append(littleEndian value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.littleEndian) { self += Array($0) }
    }
}
