package import JSON

/// The JSON Schemas of a folder, and values held against them.
///
/// It knows the part of JSON Schema 2020-12 that `SchemaKeyword` lists and refuses a schema with any other keyword, so
/// that nothing a schema says goes unchecked. An integer is a number written without fraction and exponent, as in the
/// line protocol. References reach into the files of the folder only.
package struct SchemaSet: Sendable {
    let documents: [String: JSON]

    /// Loads every `*.schema.json` of a folder.
    package init(folder: String) throws {
        var documents: [String: JSON] = [:]
        for name in try RepositoryFiles.names(in: folder, endingIn: ".schema.json") {
            documents[name] = try JSON(parsing: try RepositoryFiles.read("\(folder)/\(name)"))
        }
        try self.init(documents: documents)
    }

    /// - Parameter documents: the schemas by file name.
    package init(documents: [String: JSON]) throws(SchemaError) {
        self.documents = documents
        for (file, document) in documents.sorted(by: { $0.key < $1.key }) {
            try check(document, at: SchemaPlace(file: file))
        }
    }

    /// The schemas of `Protocols/`.
    package static func protocols() throws -> SchemaSet {
        try SchemaSet(folder: RepositoryFiles.protocols("").dropLast().description)
    }

    /// Everything about a value that a schema forbids; empty when it is valid.
    /// - Parameter file: the schema's file name in the folder.
    package func violations(of value: JSON, against file: String) -> [SchemaViolation] {
        guard let document = documents[file] else {
            return [SchemaViolation(path: "", message: "there is no schema \(file)")]
        }
        return violations(of: value, at: "", schema: document, place: SchemaPlace(file: file))
    }
}

/// A value breaks a schema.
package struct SchemaViolation: Sendable, Hashable, CustomStringConvertible {
    /// Where in the value: `error.data.cells[0]`; empty for the whole.
    package var path: String
    package var message: String

    package init(path: String, message: String) {
        self.path = path
        self.message = message
    }

    package var description: String { "\(path.isEmpty ? "the value" : path): \(message)" }
}

/// A schema cannot be used.
package struct SchemaError: Error, Sendable, CustomStringConvertible {
    package var place: SchemaPlace
    package var message: String

    package var description: String { "\(place): \(message)" }
}

/// A schema within a file.
package struct SchemaPlace: Sendable, Hashable, CustomStringConvertible {
    package var file: String
    package var pointer = ""

    package var description: String { "\(file)#\(pointer)" }

    func appending(_ step: String) -> SchemaPlace { SchemaPlace(file: file, pointer: "\(pointer)/\(step)") }
}
