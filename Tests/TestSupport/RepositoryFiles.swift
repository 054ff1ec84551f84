/// Paths of files of the repository, found from this source file, so that tests run from any working directory.
package enum RepositoryFiles {
    /// The package's top folder, without a trailing slash.
    package static let root: String = {
        // <root>/Tests/TestSupport/RepositoryFiles.swift
        #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }
    }()

    /// `Tests/Fixtures/<name>`.
    package static func fixture(_ name: String) -> String { "\(root)/Tests/Fixtures/\(name)" }
}
