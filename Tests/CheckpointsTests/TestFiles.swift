import Checkpoints
import Tensors
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The bytes of a file below `Tests/Fixtures`.
func fixtureBytes(_ name: String) throws -> [UInt8] {
    let storage = try FileStorage(path: RepositoryFiles.fixture(name))
    return withExtendedLifetime(storage) { Array(storage.bytes) }
}

/// `bytes` as storage that no read may leave.
func guarded(_ bytes: [UInt8]) throws -> GuardedStorage { try #require(GuardedStorage(bytes)) }

func stateDict(_ bytes: [UInt8]) throws -> StateDict { try StateDict(try guarded(bytes)) }

/// The same, of whose tensors none is broken; else the error is that tensor's.
func wholeStateDict(_ bytes: [UInt8]) throws -> StateDict {
    let state = try stateDict(bytes)
    for (_, reason) in state.unusable { if case .broken(let error) = reason { throw error } }
    return state
}

/// The message with which `body` fails, or nil when it does not.
func failure(_ body: () throws -> Void) -> String? {
    do {
        try body()
        return nil
    } catch {
        return "\(error)"
    }
}

/// A folder that is removed with what is in it when the value goes away.
final class TemporaryFolder {
    let path: String

    init() throws {
        var template = Array("/tmp/checkpoints-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw CheckpointError("no temporary folder") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    func write(_ text: String, as name: String) throws -> String { try write(Array(text.utf8), as: name) }

    func write(_ bytes: [UInt8], as name: String) throws -> String {
        let file = "\(path)/\(name)"
        guard let stream = fopen(file, "w") else { throw CheckpointError("cannot write", file: file) }
        defer { fclose(stream) }
        guard fwrite(bytes, 1, bytes.count, stream) == bytes.count else {
            throw CheckpointError("cannot write", file: file)
        }
        return file
    }

    /// Names of the files in the folder.
    func names() -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    deinit {
        for name in names() { unlink("\(path)/\(name)") }
        rmdir(path)
    }
}

/// The model of `Tests/Fixtures/checkpoints/make_checkpoints.py`: element i of the n-th tensor by name is
/// (7 i + n) % 512 / 8.
enum TinyModel {
    static let configPath = RepositoryFiles.fixture("checkpoints/all_config.yaml")

    static func values(_ n: Int, count: Int) -> [Float] { (0..<count).map { Float((7 * $0 + n) % 512) / 8 } }

    /// All tensors as `config` expects them.
    static func tensors(_ config: ModelConfig) throws -> [String: Tensor] {
        var tensors: [String: Tensor] = [:]
        for (n, (name, shape)) in config.expectedShapes.sorted(by: { $0.key < $1.key }).enumerated() {
            tensors[name] = try Tensor(values(n, count: shape.reduce(1, *)), shape: shape)
        }
        return tensors
    }
}
