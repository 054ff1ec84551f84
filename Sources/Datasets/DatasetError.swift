// Datasets reads puzzles in the forms in which they are published, one after the other, and gives them as requests. Files of
// any size take the memory of a single puzzle, but where a form has to be known as a whole (ARC's JSON files).

/// Why a data set cannot be read: what is wrong, and where.
package struct DatasetError: Error, Sendable, Hashable, CustomStringConvertible {
    package var file: String
    /// From 1; nil when the file as a whole is wrong.
    package var line: Int?
    package var message: String

    package init(file: String, line: Int? = nil, _ message: String) {
        self.file = file
        self.line = line
        self.message = message
    }

    package var description: String { file + (line.map { ":\($0)" } ?? "") + ": " + message }
}
