import Checkpoints
import Datasets
import JSON
import Platform
import Puzzles
import TRM
import Tensors

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A file without a name, for what reads files alone.
private final class NamelessFile: Sendable {
    private let descriptor: CInt
    var path: String { "/dev/fd/\(descriptor)" }

    init() {
        // In memory: a disk takes a hundred times as long.
        let folder = FileSystem.mayMakeFiles(in: "/dev/shm") ? "/dev/shm" : "/tmp"
        var template = Array("\(folder)/ptrm-fuzz-XXXXXX".utf8CString)
        descriptor = mkstemp(&template)
        guard descriptor >= 0 else { fatalError("no file in \(folder)") }
        unlink(template)
    }

    func write(_ bytes: UnsafeRawBufferPointer) {
        guard ftruncate(descriptor, 0) == 0, pwrite(descriptor, bytes.baseAddress, bytes.count, 0) == bytes.count else {
            fatalError("cannot write")
        }
    }
}

extension FuzzTargets {
    private static let file = NamelessFile()

    /// Every element of whatever loads is read; a file with a configuration becomes a model, when it says that it is small.
    static func model(_ input: UnsafeRawBufferPointer) {
        let storage = AlignedStorage(copying: input)
        guard let state = try? StateDict(storage) else { return }
        for tensor in state.tensors.values { _ = tensor.float32() }
        guard let checkpoint = try? Checkpoint.load(storage, name: "fuzz") else { return }
        for tensor in checkpoint.tensors.values { _ = tensor.float32() }
        let config = checkpoint.config
        guard config.seqLen * (config.hiddenSize + config.vocabSize) < 1 << 20 else { return }
        _ = try? TRMModel(checkpoint)
    }

    /// All rows of an array.
    static func npy(_ input: UnsafeRawBufferPointer) {
        file.write(input)
        guard let array = try? NumberArray(path: file.path) else { return }
        for row in 0..<min(array.rows, 1000) {
            guard let numbers = try? array.row(row), numbers.count == array.width else {
                fatalError("row \(row) of \(array.shape) cannot be read")
            }
        }
    }

    /// However a table is cut into reads, its rows are the same; written anew, they read back.
    static func csv(_ input: UnsafeRawBufferPointer) {
        let bytes = Array(input)
        func rows(_ bytes: [UInt8], _ cut: Int) -> [[String]]? {
            var parser = CSVParser(limit: 4096)
            var rows: [[String]] = []
            var rest = bytes[...]
            do {
                while !rest.isEmpty {
                    try parser.push(rest.prefix(cut)) { rows.append($0.fields) }
                    rest = rest.dropFirst(cut)
                }
                try parser.finish { rows.append($0.fields) }
            } catch {
                return nil
            }
            return rows
        }
        let whole = rows(bytes, max(1, bytes.count))
        guard rows(bytes, 1) == whole else { fatalError("cuts change the rows") }
        if let whole {
            let text = whole.map { $0.map(CSVDataset.written).joined(separator: ",") + "\n" }.joined()
            let again = rows(Array(text.utf8), max(1, text.utf8.count))
            // A row of one empty field is an empty line, which is none; a mark in front is no part of the first field.
            let kept = whole.filter { $0 != [""] }
            guard text.utf8.count > 4096 || text.hasPrefix("\u{FEFF}") || again == kept else {
                fatalError("does not read back: \(text.debugDescription)")
            }
        }
        file.write(input)
        guard let table = try? CSVDataset(path: file.path) else { return }
        while let item = try? table.next() { _ = item.request.text }
    }

    /// A file of ARC's; each task is read.
    static func arc(_ input: UnsafeRawBufferPointer) {
        let bytes = Array(input)
        // Members that are read one by one are those of the whole.
        if let object = (try? JSON(parsing: bytes))?.objectValue {
            guard let members = JSONMembers(bytes), members.keys == object.keys,
                members.keys.indices.allSatisfy({ (try? members.value($0)) == object[members.keys[$0]] })
            else { fatalError("other members") }
        }
        guard let set = try? ArcDataset(file: "tasks.json", bytes: bytes) else { return }
        while let item = try? set.next() {
            puzzle(ArcPuzzle.task, item.puzzle)
            guard let solution = item.solution, let arc = try? ArcPuzzle.task.read(item.puzzle) else { continue }
            _ = try? arc.readAnswer(solution)
        }
    }

    /// The names of an embedding's rows.
    static func identifiers(_ input: UnsafeRawBufferPointer) {
        guard let table = try? ArcIdentifiers(parsing: input) else { return }
        for name in ["a", "", "abc"] {
            guard let rows = try? table.rows(ofTask: name) else { continue }
            guard rows.allSatisfy({ (0..<table.count).contains($0.identifier) }) else {
                fatalError("a row beyond the table")
            }
        }
    }
}
