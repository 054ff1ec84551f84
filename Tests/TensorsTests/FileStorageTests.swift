import Tensors
import TestSupport
import Testing

@Suite struct FileStorageTests {
    private let file = RepositoryFiles.fixture("trm/att_noemb.half.pt")

    @Test func mappedAndCopiedBytesAreTheSame() throws {
        let mapped = try FileStorage(path: file, copyUpTo: 0)
        let copied = try FileStorage(path: file)
        #expect(mapped.isMapped)
        #expect(!copied.isMapped)
        #expect(copied.bytes.count == 271_173)
        #expect(mapped.bytes.elementsEqual(copied.bytes))
        #expect(UInt(bitPattern: copied.bytes.baseAddress) % 64 == 0)
    }

    @Test(arguments: [
        ("/nonexistent/model.safetensors", "cannot open: No such file or directory"),
        ("/", "is not a regular file"),
        ("/dev/zero", "is not a regular file"),
    ])
    func whatIsNoFile(path: String, message: String) {
        #expect(throws: StorageError(path: path, message: message)) { try FileStorage(path: path) }
        #expect(throws: StorageError(path: path, message: message)) { try FileStorage(path: path, copyUpTo: 0) }
    }

    @Test(arguments: [0, Int.max])
    func anEmptyFile(copyLimit: Int) throws {
        let empty = try FileStorage(path: RepositoryFiles.fixture("checkpoints/empty"), copyUpTo: copyLimit)
        #expect(empty.bytes.isEmpty)
    }
}
