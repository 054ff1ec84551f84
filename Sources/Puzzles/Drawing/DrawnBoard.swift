/// A board ready to be drawn, the same for text and SVG.
package struct DrawnBoard {
    package let size: GridSize
    package let looks: [CellLook]
    package let borderRight: [Bool]
    package let borderBelow: [Bool]

    package init(size: GridSize, looks: [CellLook], borderRight: [Bool], borderBelow: [Bool]) {
        self.size = size
        self.looks = looks
        self.borderRight = borderRight
        self.borderBelow = borderBelow
    }

    /// A board without borders inside.
    package init(size: GridSize, looks: [CellLook]) {
        let none = [Bool](repeating: false, count: size.count)
        self.init(size: size, looks: looks, borderRight: none, borderBelow: none)
    }

    package func hasBorder(leftOf row: Int, _ column: Int) -> Bool {
        column == 0 || column == size.width || borderRight[size.index(row, column - 1)]
    }

    package func hasBorder(above row: Int, _ column: Int) -> Bool {
        row == 0 || row == size.height || borderBelow[size.index(row - 1, column)]
    }
}

/// How one cell looks.
package struct CellLook: Sendable, Hashable {
    package enum Ground: Sendable, Hashable {
        case paper
        /// Black because the puzzle says so.
        case black
        /// Shaded by the answer.
        case shaded
        /// Made bright by the answer.
        case lit
        case colour(UInt8)
    }

    package enum Mark: Sendable, Hashable {
        case none
        case dot
        case lamp
        case path
        case triangle(Corner)
    }

    /// The black corner of a half-cell triangle, in the order of Shakashaka's solution codes 1-4.
    package enum Corner: UInt8, Sendable, Hashable, CaseIterable {
        case bottomLeft = 1
        case bottomRight, topRight, topLeft

        package var glyph: Character {
            switch self {
            case .bottomLeft: "◣"
            case .bottomRight: "◢"
            case .topRight: "◥"
            case .topLeft: "◤"
            }
        }
    }

    package var text = ""
    package var ground = Ground.paper
    package var mark = Mark.none
    /// Whether the cell's content belongs to the puzzle and not to the answer.
    package var isGiven = false

    /// The cell in characters. What the answer shades is shown shaded even where the puzzle has a number.
    package var glyph: String {
        if !text.isEmpty, ground != .shaded { return text }
        switch mark {
        case .lamp: return "●"
        case .path: return "o"
        case .triangle(let corner): return String(corner.glyph)
        case .dot, .none: break
        }
        switch ground {
        case .black: return "█"
        case .shaded: return "■"
        case .colour(let colour): return colour == 0 ? "·" : String(colour)
        case .paper, .lit: return mark == .dot ? "·" : " "
        }
    }
}
