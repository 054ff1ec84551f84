import CBundledFiles

// BundledFiles gives the files that are part of the program: the default profiles, the models' weights, and what reports for a browser are made of. They are
// embedded in the binary, so they are there wherever the program is started from.
package enum BundledFiles {
    /// The bytes of a bundled file, valid as long as the process and aligned to 64 bytes; nil when there is none.
    package static func bytes(of name: String) -> UnsafeRawBufferPointer? {
        rows.first { $0.name == name }?.bytes
    }

    /// The names of the bundled models, without the file's extension.
    package static let models: [String] = rows.compactMap { row in
        let suffix = ".safetensors"
        return row.name.hasSuffix(suffix) ? String(row.name.dropLast(suffix.count)) : nil
    }

    /// The bytes of a bundled model's safetensors file.
    package static func model(_ name: String) -> UnsafeRawBufferPointer? { bytes(of: name + ".safetensors") }

    /// Whether a bundled model was measured to be no worse in int8; its card has the figures.
    package static func isAsGoodInInt8(_ name: String) -> Bool {
        rows.first { $0.name == name + ".safetensors" }?.isAsGoodInInt8 ?? false
    }

    /// The default set of profiles, as in `Config/profiles.yaml`.
    package static var profiles: UnsafeRawBufferPointer {
        bytes(of: "profiles.yaml") ?? UnsafeRawBufferPointer(start: nil, count: 0)
    }

    private struct Row: @unchecked Sendable {
        // @unchecked: the pointer is to constant data of the executable that nobody writes or frees.
        var name: String
        var bytes: UnsafeRawBufferPointer
        var isAsGoodInInt8: Bool
    }

    private static let rows: [Row] = {
        var count = 0
        let files = ptrm_bundled_files(&count)
        return UnsafeBufferPointer(start: files, count: count).map { file in
            Row(
                name: String(cString: file.name),
                bytes: UnsafeRawBufferPointer(start: file.bytes, count: file.count),
                isAsGoodInInt8: file.is_as_good_in_int8)
        }
    }()
}
