import Generation
import Puzzles

/// The figures that tell how puzzles of a task look, counted over many.
struct PeopleStatistics {
    private(set) var count = 0
    /// Per figure one value a puzzle.
    private(set) var values: [String: [Double]] = [:]
    private(set) var symmetries: [String: Int] = [:]
    private(set) var clues: [String: Int] = [:]
    private(set) var sizes: [String: Int] = [:]

    mutating func add(_ made: GeneratedPuzzle) {
        count += 1
        sizes[made.size.text, default: 0] += 1
        let cells = Double(made.size.count)
        func share(_ count: Int, of all: Int) -> Double { all == 0 ? 0 : Double(count) / Double(all) }
        var places: [Int] = []
        switch made.puzzle {
        case let board as TapaPuzzle:
            places = board.clues.indices.filter { board.clues[$0] > 0 }
            let runs = places.map { TapaClue.runs[Int(board.clues[$0])] }
            for run in runs { clues[run.map { $0 < 0 ? "?" : "\($0)" }.joined(), default: 0] += 1 }
            note("vague", share(runs.count { $0.contains(TapaClue.unknown) }, of: runs.count))
            note("shaded", share(made.solution.cells.count { $0 == 1 }, of: made.size.count))
            note("edge", share(places.count { isEdge($0, made.size) }, of: places.count))
        case let board as LightupPuzzle:
            places = board.clues.indices.filter { board.clues[$0] >= 0 }
            note("unnumbered", share(places.count { board.clues[$0] == 5 }, of: places.count))
            for place in places { clues[board.clues[place] == 5 ? "x" : "\(board.clues[place])", default: 0] += 1 }
        case let board as ShakashakaPuzzle:
            places = board.clues.indices.filter { board.clues[$0] >= 0 }
            note("unnumbered", share(places.count { board.clues[$0] == 5 }, of: places.count))
            for place in places { clues[board.clues[place] == 5 ? "x" : "\(board.clues[place])", default: 0] += 1 }
        case let board as NurikabePuzzle:
            places = board.clues.indices.filter { board.clues[$0] != 0 }
            let islands = places.map { Int(board.clues[$0]) }
            for island in islands { clues["\(island)", default: 0] += 1 }
            note("islands", Double(places.count))
            note("largest", Double(islands.max() ?? 0))
            note("mean", share(islands.reduce(0, +), of: islands.count))
            note("ones", share(islands.count { $0 == 1 }, of: islands.count))
        case let board as HeyawakePuzzle:
            let numbered = board.numbers.indices.filter { board.numbers[$0] >= 0 }
            places = numbered.map { board.numberCells[$0] }
            for room in numbered { clues["\(board.numbers[room])", default: 0] += 1 }
            var areas = [Int](repeating: 0, count: board.numbers.count)
            for room in board.rooms { areas[room] += 1 }
            note("rooms", Double(areas.count))
            note("largest", Double(areas.max() ?? 0))
            note("numbered", share(numbered.count, of: areas.count))
            note("ones", Double(areas.count { $0 == 1 }))
        default: break
        }
        note("density", Double(places.count) / cells)
        symmetries[symmetry(of: Set(places), made.size), default: 0] += 1
    }

    private mutating func note(_ name: String, _ value: Double) { values[name, default: []].append(value) }

    private func isEdge(_ cell: Int, _ size: GridSize) -> Bool {
        let place = size.cell(cell)
        return place.row == 0 || place.column == 0 || place.row == size.height - 1 || place.column == size.width - 1
    }

    private func symmetry(of places: Set<Int>, _ size: GridSize) -> String {
        func holds(_ view: Dihedral) -> Bool {
            places.allSatisfy {
                let image = view.image(of: size.cell($0), in: size)
                return places.contains(size.index(image.row, image.column))
            }
        }
        if size.isSquare, holds(.turnRight) { return "rot90" }
        if holds(.turnHalf) { return "rot180" }
        return holds(.mirrorColumns) || holds(.mirrorRows) ? "mirror" : "none"
    }

    func quantiles(_ name: String) -> [Double] {
        let sorted = (values[name] ?? []).sorted()
        return [0.1, 0.25, 0.5, 0.75, 0.9].map { sorted[min(sorted.count - 1, Int($0 * Double(sorted.count)))] }
    }

    func share(_ counts: [String: Int], _ name: String) -> Double {
        Double(counts[name] ?? 0) / Double(max(1, counts.values.reduce(0, +)))
    }

    var text: String {
        var lines = ["\(count) \(sizes)"]
        for name in values.keys.sorted() {
            lines.append("\(name): \(quantiles(name).map { Double(Int($0 * 1000)) / 1000 })")
        }
        for counts in [symmetries, clues] {
            lines.append(
                counts.sorted { $0.value > $1.value }.prefix(20)
                    .map { "\($0.key): \(Double(Int(1000 * share(counts, $0.key))) / 1000)" }.joined(separator: ", "))
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
