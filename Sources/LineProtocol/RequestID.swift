package import JSON

/// The name that a client gives a request: a string or an integer. 7 is not "7".
package enum RequestID: Sendable {
    case string(String)
    case integer(Int64)

    /// Nil when the value cannot be an id: another type, or a string over the limit.
    package init?(_ json: JSON) {
        if case .string(let text) = json, text.utf8.count <= Wire.maxKeyBytes {
            self = .string(text)
        } else if let number = json.wholeNumber {
            self = .integer(number)
        } else {
            return nil
        }
    }

    /// The id as it was given.
    package var json: JSON {
        switch self {
        case .string(let text): .string(text)
        case .integer(let number): .integer(number)
        }
    }

    /// What a value would have to be.
    static let expectation = "a string of at most \(Wire.maxKeyBytes) bytes or an integer"
}

/// Ids are equal when their bytes are. `String` would also call two spellings of "é" equal, but a client that sends
/// both gets each back as it was sent.
extension RequestID: Hashable {
    package static func == (left: RequestID, right: RequestID) -> Bool {
        switch (left, right) {
        case (.string(let left), .string(let right)): left.utf8.elementsEqual(right.utf8)
        case (.integer(let left), .integer(let right)): left == right
        case (.string, .integer), (.integer, .string): false
        }
    }

    package func hash(into hasher: inout Hasher) {
        switch self {
        case .string(let text):
            hasher.combine(0)
            for byte in text.utf8 { hasher.combine(byte) }
        case .integer(let number):
            hasher.combine(1)
            hasher.combine(number)
        }
    }
}
