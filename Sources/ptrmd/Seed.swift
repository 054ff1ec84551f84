import ArgumentParser

/// `--seed`, with the range that requests have: a reply repeats it as a JSON integer.
enum Seed {
    static func parse(_ text: String) throws -> UInt64 {
        guard let seed = UInt64(text), seed <= UInt64(Int64.max) else {
            throw ValidationError("expected a whole number from 0 to \(Int64.max), found \(text)")
        }
        return seed
    }
}
