import JSON
import Platform
package import Puzzles
import SystemPackage

/// The form in which a data set is published.
package enum Dataset {
    case csv(CSVDataset)
    case folder(DatasetFolder)
    case arc(ArcDataset)

    package var reader: any DatasetReader {
        switch self {
        case .csv(let reader): reader
        case .folder(let reader): reader
        case .arc(let reader): reader
        }
    }

    /// The data set at a path; nil when it is a file of lines or boards.
    /// - Parameters:
    ///   - split: of a folder that has several.
    ///   - task: what the puzzles are, when that was said.
    package init?(path: String, split: String? = nil, task: PuzzleTask? = nil) throws(DatasetError) {
        guard path != "-", let status = try? FileSystem.status(path) else { return nil }
        if status.type == .directory {
            if DatasetFolder.isOne(path) {
                self = .folder(try DatasetFolder(path: path, split: split, task: task))
                return
            }
            let files = FolderListing.names(in: path, endingIn: ".json")
            guard !files.isEmpty else {
                throw DatasetError(file: path, "neither dataset.json nor ARC tasks (.json) in this folder")
            }
            self = .arc(ArcDataset(folder: path, files: files))
        } else if path.hasSuffix(".csv") || path.hasSuffix(".CSV") {
            self = .csv(try CSVDataset(path: path))
        } else if path.hasSuffix(".json"), status.type == .regular, status.size <= 256 << 20 {
            guard let bytes = try? FileSystem.read(path, upTo: 256 << 20),
                let arc = try ArcDataset(file: path, bytes: bytes)
            else { return nil }
            self = .arc(arc)
        } else {
            return nil
        }
    }
}
