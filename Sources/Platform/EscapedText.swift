extension String {
    /// The text with ASCII characters written otherwise, for a format in which they mean something. They are found as bytes:
    /// as one of Swift's characters, a `<` or a quote that a mark combines with, or that follows a prefix of other scripts, is
    /// not the same, and to whoever reads the format it is.
    ///
    ///     "a<b".escaped(["<": "&lt;"])  // "a&lt;b"
    package func escaped(_ forms: KeyValuePairs<Unicode.Scalar, String>) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(utf8.count + 16)
        for byte in utf8 {
            if let form = forms.first(where: { $0.key.value == UInt32(byte) }) {
                bytes += form.value.utf8
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// As text of XML and HTML.
    package var escapedMarkup: String { escaped(["&": "&amp;", "<": "&lt;", ">": "&gt;"]) }
}
