extension HeyawakePuzzle {
    /// pzpr's code: the borders, then the numbers of the rooms in the reading order of their first cells.
    package init(link text: String) throws(PuzzleError) {
        let link = try PuzzleLink(parsing: text, genres: Self.task.linkNames)
        var reader = LinkReader(link.body)
        let borders = try reader.borders(link.size)
        let rooms = HeyawakePuzzle(size: link.size, wallRight: borders.right, wallBelow: borders.below) { _ in -1 }
        let numbers = try reader.numbers16(rooms.numbers.count, of: "rooms")
        self.init(
            size: rooms.size, rooms: rooms.rooms,
            numbers: numbers.map { if case .number(let number) = $0 { number } else { -1 } },
            wallRight: borders.right, wallBelow: borders.below)
        try checkNumbers()
    }

    package var address: String {
        var writer = LinkWriter()
        writer.append(borders: size, right: wallRight, below: wallBelow)
        writer.append(numbers16: numbers.lazy.map { $0 < 0 ? .none : .number($0) })
        return PuzzleLink(genre: "heyawake", size: size, body: writer.body).text
    }

    /// Throws when a room's number exceeds its cells.
    private func checkNumbers() throws(PuzzleError) {
        var counts = [Int](repeating: 0, count: numbers.count)
        for room in rooms { counts[room] += 1 }
        for (room, cell) in numberCells.enumerated() where numbers[room] > counts[room] {
            let place = size.cell(cell)
            throw PuzzleError(
                "the room at \(Cell.list([place])) has \(counts[room]) cells and the number \(numbers[room])",
                cells: [place])
        }
    }
}
