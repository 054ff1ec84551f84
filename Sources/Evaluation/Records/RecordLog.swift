package import JSON
import Platform
import SystemPackage

/// Records in a file, one line each as they become ready, so that a run that was broken off goes on where it was.
///
/// The first line says what was measured; a file of another measurement is refused, never overwritten.
package final class RecordLog {
    package struct Failure: Error, CustomStringConvertible {
        package var description: String
    }

    private let file: FileDescriptor
    /// The records that were there.
    package private(set) var records: [(condition: Condition, record: PuzzleRecord)] = []

    /// - Parameters:
    ///   - header: the measurement: model, puzzles, K, D, seed.
    ///   - base: what the header says of the conditions.
    package init(path: String, header: JSON, base: Condition) throws(Failure) {
        func failure(_ error: any Error) -> Failure { Failure(description: "\(path): \(error)") }
        let isRegular: Bool
        let isOurs: Bool
        do {
            // Not to append: a last line that was cut off is written over. Nor cut to nothing before it is locked.
            file = try FileSystem.open(
                path, .readWrite, options: .create, permissions: FilePermissions(rawValue: 0o666))
            isRegular = try file.stat().type == .regular
            // Until the file is closed: two that write would write over each other's records.
            // Some file systems have no locks.
            isOurs = (try? file.lock()) ?? true
        } catch {
            throw failure(error)
        }
        guard isRegular else { throw Failure(description: "\(path) is not a regular file") }
        guard isOurs else {
            throw Failure(description: "\(path) is in use by another run; give each a file of its own")
        }
        do {
            let bytes = try file.readWhole(upTo: .max)
            let whole = try take(bytes, of: path, header: header, base: base)
            _ = try file.seek(offset: Int64(whole), from: .start)
            try file.resize(to: Int64(whole))
            if whole == 0 { try write(header) }
        } catch let failure as Failure {
            throw failure
        } catch {
            throw failure(error)
        }
    }

    /// Reads the records.
    /// - Returns: the bytes of whole lines.
    private func take(_ bytes: [UInt8], of path: String, header: JSON, base: Condition) throws(Failure) -> Int {
        var whole = 0
        while let end = bytes[whole...].firstIndex(of: 0x0A) {
            let json = try? JSON(parsing: bytes[whole..<end])
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
            whole = end + 1
        }
        // A record that was cut off is written anew; a first line, only when it is the beginning of this header.
        guard whole > 0 || header.text.utf8.starts(with: bytes) else {
            throw Failure(description: "\(path) holds something else; this measurement is \(header.text)")
        }
        return whole
    }

    deinit { try? file.close() }

    package func append(_ record: PuzzleRecord, _ condition: Condition) throws(Failure) {
        try write(record.json(condition))
    }

    private func write(_ json: JSON) throws(Failure) {
        do {
            try file.writeWaiting(Array(json.text.utf8) + [0x0A])
        } catch {
            throw Failure(description: "the file to resume from cannot be written: \(error)")
        }
    }
}
