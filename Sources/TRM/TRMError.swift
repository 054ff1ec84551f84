/// Why a model cannot be made or cannot take an input.
package struct TRMError: Error, Sendable, Hashable, CustomStringConvertible {
    package var message: String

    package init(_ message: String) { self.message = message }

    package var description: String { message }
}
