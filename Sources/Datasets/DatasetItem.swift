package import JSON

/// One puzzle of a data set.
package struct DatasetItem: Sendable {
    /// The line, row or entry that it comes from, from 1.
    package var number: Int
    /// As the set calls it; else its number.
    package var id: String?
    package var task: String?
    package var puzzle: JSON
    package var solution: JSON?
    /// What else the set says of it.
    package var meta: JSONObject = [:]

    package init(number: Int, id: String? = nil, task: String? = nil, puzzle: JSON, solution: JSON? = nil) {
        self.number = number
        self.id = id
        self.task = task
        self.puzzle = puzzle
        self.solution = solution
    }

    /// A request of the line protocol.
    package var request: JSON {
        var members: JSONObject = ["id": .string(id ?? String(number))]
        members["task"] = task.map { .string($0) }
        members["puzzle"] = puzzle
        members["solution"] = solution
        if !meta.isEmpty { members["meta"] = .object(meta) }
        return .object(members)
    }
}

/// Gives the puzzles of a set, one at a time.
package protocol DatasetReader: AnyObject {
    /// The next one; nil at the end.
    func next() throws(DatasetError) -> DatasetItem?
}
