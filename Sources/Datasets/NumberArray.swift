import Platform
import SystemPackage

/// A NumPy array of integers in a file (`.npy`, versions 1 to 3), read row by row.
package final class NumberArray {
    /// Sizes, the first of them the number of rows; no more than two.
    package let shape: [Int]
    private let descriptor: FileDescriptor
    private let path: String
    private let type: Element
    private let offset: Int
    private var buffer: [UInt8] = []

    private struct Element {
        var size: Int
        var isSigned: Bool
        var isBig: Bool
    }

    package init(path: String) throws(DatasetError) {
        self.path = path
        do {
            descriptor = try FileSystem.open(path)
        } catch {
            throw DatasetError(file: path, "\(error)")
        }
        do throws(DatasetError) {
            let head = try Self.read(descriptor, at: 0, count: 12, path: path)
            guard head.count >= 10, head.starts(with: [0x93] + Array("NUMPY".utf8)) else {
                throw DatasetError(file: path, "not a NumPy array: its first bytes are others")
            }
            guard (1...3).contains(head[6]) else {
                throw DatasetError(file: path, "NumPy format version \(head[6]), expected 1 to 3")
            }
            let isShort = head[6] == 1
            guard isShort || head.count == 12 else { throw DatasetError(file: path, "ends within its header") }
            var length = Int(head[8]) | Int(head[9]) << 8
            if !isShort { length |= Int(head[10]) << 16 | Int(head[11]) << 24 }
            guard length <= 1 << 20 else { throw DatasetError(file: path, "its header is \(length) bytes long") }
            offset = (isShort ? 10 : 12) + length
            let text = try Self.read(descriptor, at: isShort ? 10 : 12, count: length, path: path)
            guard text.count == length else { throw DatasetError(file: path, "ends within its header") }
            let header = NumPyHeader(String(decoding: text, as: UTF8.self))
            guard let header else { throw DatasetError(file: path, "its header cannot be read") }
            guard let type = Self.element(header.type) else {
                throw DatasetError(
                    file: path, "elements of the type \(header.type.prefix(20)), expected integers or bool")
            }
            guard (1...2).contains(header.shape.count), !header.isFortran || header.shape.count == 1 else {
                throw DatasetError(file: path, "expected rows of numbers in C order, found the shape \(header.shape)")
            }
            var size = type.size
            for side in header.shape {
                let (product, isTooMuch) = size.multipliedReportingOverflow(by: side)
                guard !isTooMuch else { throw DatasetError(file: path, "its shape \(header.shape) is too large") }
                size = product
            }
            let bytes = (try? descriptor.stat().size) ?? 0
            guard Int64(offset + size) <= bytes else {
                throw DatasetError(
                    file: path, "\(bytes) bytes, its shape \(header.shape) needs \(offset + size)")
            }
            self.type = type
            shape = header.shape
        } catch {
            try? descriptor.close()
            throw error
        }
    }

    deinit { try? descriptor.close() }

    /// Numbers in a row.
    package var width: Int { shape.count > 1 ? shape[1] : 1 }
    package var rows: Int { shape[0] }

    /// A row's numbers; `index` is below `rows`.
    package func row(_ index: Int) throws(DatasetError) -> [Int64] {
        let count = width * type.size
        let bytes = try Self.read(descriptor, at: offset + index * count, count: count, path: path)
        guard bytes.count == count else { throw DatasetError(file: path, "ends within row \(index + 1)") }
        return (0..<width).map { column in
            var value: UInt64 = 0
            for byte in 0..<type.size {
                let place = column * type.size + (type.isBig ? byte : type.size - 1 - byte)
                value = value << 8 | UInt64(bytes[place])
            }
            let shift = UInt64(64 - 8 * type.size)
            return type.isSigned ? Int64(bitPattern: value << shift) >> Int64(shift) : Int64(clamping: value)
        }
    }

    private static func element(_ type: String) -> Element? {
        guard type.utf8.count >= 3, let size = Int(type.dropFirst(2)), [1, 2, 4, 8].contains(size) else { return nil }
        let (order, kind) = (type.first, type.dropFirst().first)
        guard order.map({ "<>|=".contains($0) }) == true, kind == "i" || kind == "u" || (kind == "b" && size == 1)
        else {
            return nil
        }
        return Element(size: size, isSigned: kind == "i", isBig: order == ">")
    }

    private static func read(
        _ descriptor: FileDescriptor, at offset: Int, count: Int, path: String
    ) throws(DatasetError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let result = bytes.withUnsafeMutableBytes { buffer in
                Result {
                    try descriptor.read(
                        fromAbsoluteOffset: Int64(offset + done), into: .init(rebasing: buffer[done...]))
                }
            }
            guard case .success(let read) = result else {
                throw DatasetError(file: path, "cannot be read")
            }
            guard read > 0 else { break }
            done += read
        }
        return Array(bytes[..<done])
    }
}

/// The dictionary at the start of a `.npy` file: `{'descr': '<i4', 'fortran_order': False, 'shape': (10, 81), }`.
package struct NumPyHeader: Sendable, Hashable {
    package var type: String
    package var isFortran: Bool
    package var shape: [Int]

    /// Nil when it is another text. Pure.
    package init?(_ text: String) {
        func value(_ key: String) -> Substring? {
            for quote in ["'", "\""] {
                if let range = text.firstRange(of: quote + key + quote) {
                    let rest = text[range.upperBound...].drop { $0.isWhitespace }
                    guard rest.first == ":" else { return nil }
                    return rest.dropFirst().drop { $0.isWhitespace }
                }
            }
            return nil
        }
        guard let type = value("descr"), let quote = type.first, quote == "'" || quote == "\"",
            let order = value("fortran_order"), let shape = value("shape"), shape.first == "(",
            let end = shape.firstIndex(of: ")")
        else { return nil }
        self.type = String(type.dropFirst().prefix { $0 != quote })
        guard order.hasPrefix("False") || order.hasPrefix("True") else { return nil }
        isFortran = order.hasPrefix("True")
        var sizes: [Int] = []
        for part in shape[shape.index(after: shape.startIndex)..<end].split(separator: ",") {
            let digits = part.filter { !$0.isWhitespace }
            if digits.isEmpty { continue }
            guard let size = Int(digits), size >= 0, size <= 1 << 40 else { return nil }
            sizes.append(size)
        }
        self.shape = sizes
    }
}
