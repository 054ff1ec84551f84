/// Where the central directory lies, from the end record (and its ZIP64 form where that is present).
/// Field names and offsets: PKWARE APPNOTE.TXT 6.3.10, sections 4.3.14 to 4.3.16.
struct CentralDirectory {
    var entryCount: Int
    var offset: Int
    var size: Int

    init(locatedIn bytes: UnsafeRawBufferPointer) throws(CheckpointError) {
        let end = try Self.findEndRecord(bytes)
        func field<Integer: FixedWidthInteger & BitwiseCopyable>(_ offset: Int, _ type: Integer.Type) -> Integer {
            bytes.checkedInteger(end + offset, as: type) ?? 0
        }
        guard field(4, UInt16.self) == field(6, UInt16.self), field(8, UInt16.self) == field(10, UInt16.self) else {
            throw CheckpointError("zip: archives in several parts are not supported")
        }
        var count = UInt64(field(10, UInt16.self))
        var size = UInt64(field(12, UInt32.self))
        var offset = UInt64(field(16, UInt32.self))
        var limit = end
        if bytes.checkedInteger(end - 20, as: UInt32.self) == 0x0706_4B50 {
            guard let place = bytes.checkedInteger(end - 12, as: UInt64.self), place <= UInt64(end - 20),
                bytes.checkedInteger(Int(place), as: UInt32.self) == 0x0606_4B50,
                let count64 = bytes.checkedInteger(Int(place) + 32, as: UInt64.self),
                let size64 = bytes.checkedInteger(Int(place) + 40, as: UInt64.self),
                let offset64 = bytes.checkedInteger(Int(place) + 48, as: UInt64.self)
            else { throw CheckpointError("zip: the ZIP64 end record is not where its locator says") }
            (count, size, offset, limit) = (count64, size64, offset64, Int(place))
        }
        guard offset <= UInt64(limit), size <= UInt64(limit) - offset else {
            throw CheckpointError(
                "zip: the central directory (\(size) bytes at offset \(offset)) is not inside the file")
        }
        guard count <= UInt64(ZipArchive.maxEntries) else {
            throw CheckpointError("zip: \(count) entries, at most \(ZipArchive.maxEntries) are read")
        }
        entryCount = Int(count)
        self.offset = Int(offset)
        self.size = Int(size)
    }

    /// The end record is the last thing in the file but for a comment of at most 65,535 bytes.
    private static func findEndRecord(_ bytes: UnsafeRawBufferPointer) throws(CheckpointError) -> Int {
        var offset = bytes.count - 22
        let lowest = max(0, offset - 0xFFFF)
        while offset >= lowest {
            if bytes.checkedInteger(offset, as: UInt32.self) == 0x0605_4B50,
                let comment = bytes.checkedInteger(offset + 20, as: UInt16.self),
                offset + 22 + Int(comment) == bytes.count
            {
                return offset
            }
            offset -= 1
        }
        throw CheckpointError("zip: no end record; the file is truncated or not a zip file")
    }
}

/// One file header of the central directory (APPNOTE.TXT section 4.3.12).
struct FileHeader {
    var name: String
    var flags: UInt16
    var method: UInt16
    var compressedSize: Int
    var size: Int
    var localHeaderOffset: Int
    /// Where the next header starts.
    var end: Int

    init(_ bytes: UnsafeRawBufferPointer, at offset: Int, index: Int) throws(CheckpointError) {
        guard bytes.checkedInteger(offset, as: UInt32.self) == 0x0201_4B50,
            let header = bytes.checked(offset, count: 46),
            let flags = header.checkedInteger(8, as: UInt16.self),
            let method = header.checkedInteger(10, as: UInt16.self),
            let compressed32 = header.checkedInteger(20, as: UInt32.self),
            let size32 = header.checkedInteger(24, as: UInt32.self),
            let nameLength = header.checkedInteger(28, as: UInt16.self),
            let extraLength = header.checkedInteger(30, as: UInt16.self),
            let commentLength = header.checkedInteger(32, as: UInt16.self),
            let place32 = header.checkedInteger(42, as: UInt32.self),
            let nameBytes = bytes.checked(offset + 46, count: Int(nameLength)),
            let extra = bytes.checked(offset + 46 + Int(nameLength), count: Int(extraLength))
        else { throw CheckpointError("zip: entry \(index) of the central directory is malformed (offset \(offset))") }
        guard let name = String(validating: nameBytes, as: UTF8.self) else {
            throw CheckpointError("zip: the name of entry \(index) is not UTF-8")
        }
        var wide = Zip64Fields(extra)
        guard let size = wide.widen(size32), let compressed = wide.widen(compressed32),
            let place = wide.widen(place32)
        else { throw CheckpointError("zip: entry '\(name)' lacks its 64-bit sizes, or they are out of range") }
        self.name = name
        self.flags = flags
        self.method = method
        self.size = size
        compressedSize = compressed
        localHeaderOffset = place
        end = offset + 46 + Int(nameLength) + Int(extraLength) + Int(commentLength)
    }
}

/// The ZIP64 extra field: the 64-bit values of those header fields that are all ones, in the header's order.
private struct Zip64Fields {
    private var bytes: UnsafeRawBufferPointer?
    private var next = 0

    init(_ extra: UnsafeRawBufferPointer) {
        var offset = 0
        while let tag = extra.checkedInteger(offset, as: UInt16.self),
            let length = extra.checkedInteger(offset + 2, as: UInt16.self)
        {
            if tag == 1 {
                bytes = extra.checked(offset + 4, count: Int(length))
                return
            }
            offset += 4 + Int(length)
        }
    }

    /// `value`, or the next 64-bit value when `value` is the marker for one.
    mutating func widen(_ value: UInt32) -> Int? {
        guard value == .max else { return Int(value) }
        defer { next += 8 }
        return bytes?.checkedInteger(next, as: UInt64.self).flatMap { Int(exactly: $0) }
    }
}
