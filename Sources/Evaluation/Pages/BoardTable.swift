import JSON
import Puzzles

/// Many boards in little space: a character for each cell, which stands for one of the looks that cells have on any of
/// them.
struct BoardTable {
    private var looks: [CellLook] = []
    private var places: [CellLook: Int] = [:]

    /// The size of a board, and the borders inside it as a digit for each cell.
    static func shape(of puzzle: any GridPuzzle) -> JSON {
        func digits(_ isBorder: (Int) -> Bool) -> JSON {
            .string(String((0..<puzzle.size.count).map { isBorder($0) ? "1" : "0" }))
        }
        return [
            "width": .integer(Int64(puzzle.size.width)), "height": .integer(Int64(puzzle.size.height)),
            "right": digits(puzzle.hasBorder(rightOf:)), "below": digits(puzzle.hasBorder(below:)),
        ]
    }

    /// The board with an answer in it.
    mutating func text(of puzzle: any GridPuzzle, answer: PuzzleAnswer?) -> String {
        let codes = answer.flatMap { $0.cells.count == puzzle.size.count ? $0.cells : nil }
        var text = String.UnicodeScalarView()
        for cell in 0..<puzzle.size.count {
            let look = puzzle.look(at: cell, code: codes?[cell])
            let place = places[look] ?? looks.count
            if place == looks.count {
                places[look] = place
                looks.append(look)
            }
            // From the digit 0 on; there are far fewer looks than characters before the surrogates.
            text.append(UnicodeScalar(UInt32(0x30 + place)) ?? "0")
        }
        return String(text)
    }

    /// The table of looks: `t` its text, `g` its ground or `c` its colour, `m` its mark, `f` whether it was given.
    var json: JSON { .array(looks.map(Self.json)) }

    private static func json(_ look: CellLook) -> JSON {
        var members = JSONObject()
        if !look.text.isEmpty { members["t"] = .string(look.text) }
        switch look.ground {
        case .paper: break
        case .black: members["g"] = "black"
        case .shaded: members["g"] = "shaded"
        case .lit: members["g"] = "lit"
        case .colour(let colour): members["c"] = .integer(Int64(colour))
        }
        switch look.mark {
        case .none: break
        case .dot: members["m"] = "dot"
        case .lamp: members["m"] = "lamp"
        case .path: members["m"] = "path"
        case .triangle(let corner): members["m"] = .integer(Int64(corner.rawValue))
        }
        if look.isGiven { members["f"] = true }
        return .object(members)
    }
}
