package import JSON

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Records in a file, one line each as they become ready, so that a run that was broken off goes on where it was.
///
/// The first line says what was measured; a file of another measurement is refused, never overwritten.
package final class RecordLog {
    package struct Failure: Error, CustomStringConvertible {
        package var description: String
    }

    private let file: UnsafeMutablePointer<FILE>
    /// The records that were there.
    package private(set) var records: [(condition: Condition, record: PuzzleRecord)] = []

    /// - Parameters:
    ///   - header: the measurement: model, puzzles, K, D, seed.
    ///   - base: what the header says of the conditions.
    package init(path: String, header: JSON, base: Condition) throws(Failure) {
        // Not to append: a last line that was cut off is written over. Nor cut to nothing before it is locked.
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
        guard descriptor >= 0, let file = fdopen(descriptor, "r+") else {
            throw Failure(description: "\(path): \(String(cString: strerror(errno)))")
        }
        self.file = file
        var status = stat()
        guard fstat(fileno(file), &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw Failure(description: "\(path) is not a regular file")
        }
        // Until the file is closed: two that write would write over each other's records.
        // Some file systems have no locks.
        guard flock(fileno(file), LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK else {
            throw Failure(description: "\(path) is in use by another run; give each a file of its own")
        }
        var whole = 0
        var line: UnsafeMutablePointer<CChar>?
        var capacity = 0
        defer { free(line) }
        while true {
            let length = getline(&line, &capacity, file)
            guard length > 0, let line else { break }
            guard line[length - 1] == 0x0A else {
                // A record that was cut off is written anew; a first line, only when it is the beginning of this header.
                let cut = UnsafeRawBufferPointer(start: line, count: length)
                guard whole > 0 || header.text.utf8.starts(with: cut) else {
                    throw Failure(description: "\(path) holds something else; this measurement is \(header.text)")
                }
                break
            }
            let bytes = UnsafeRawBufferPointer(start: line, count: length - 1)
            let json = try? JSON(parsing: bytes)
            if whole == 0 {
                guard json == header else {
                    throw Failure(
                        description: "\(path) holds another measurement (\(json?.text ?? "no JSON")); "
                            + "this one is \(header.text)")
                }
            } else {
                guard let json, let condition = PuzzleRecord.condition(json, base: base),
                    let record = PuzzleRecord(json)
                else {
                    throw Failure(description: "\(path): at byte \(whole) is a line that is no record")
                }
                records.append((condition, record))
            }
            whole += length
        }
        guard fseek(file, whole, SEEK_SET) == 0, ftruncate(fileno(file), off_t(whole)) == 0 else {
            throw Failure(description: "\(path): \(String(cString: strerror(errno)))")
        }
        if whole == 0 { try write(header) }
    }

    deinit { fclose(file) }

    package func append(_ record: PuzzleRecord, _ condition: Condition) throws(Failure) {
        try write(record.json(condition))
    }

    private func write(_ json: JSON) throws(Failure) {
        var bytes = Array(json.text.utf8)
        bytes.append(0x0A)
        guard fwrite(bytes, 1, bytes.count, file) == bytes.count, fflush(file) == 0 else {
            throw Failure(description: "the file to resume from cannot be written: \(String(cString: strerror(errno)))")
        }
    }
}
