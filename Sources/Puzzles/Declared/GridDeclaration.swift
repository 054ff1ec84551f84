/// A grid task that a profiles file declares: what its boards look like, how they become tokens, and what a solution is.
/// It is checked where it is read; everything here relies on that.
package struct GridDeclaration: Sendable, Hashable {
    package enum CellForm: String, Sendable, Hashable, CaseIterable {
        /// One character a cell.
        case characters
        /// Words apart by spaces.
        case words
    }

    package var name: String
    package var title: String
    /// The model's board: puzzles have this size, or lie at its top left.
    package var frame: GridSize
    /// Whether smaller boards are taken, padded right and below.
    package var takesSmaller = false
    package var cells = CellForm.characters
    /// Whether answers are written as lines; else all cells in one.
    package var writesLines = true
    package var input: GridAlphabet
    package var output: GridAlphabet
    /// The token right of and below a board.
    package var padding: Int32 = 0
    /// The input symbols that must stand in the answer, and the output symbols that they are there, both by index.
    package var givens: [Int: Int] = [:]
    /// The size of the boxes, which are drawn with lines between them.
    package var boxes: GridSize?
    /// Named regions: per cell of the frame the number of its region, nil for none.
    package var regions: [String: [Int?]] = [:]
    package var rules: [GridRule] = []
    package var symmetries = GridSymmetries()

    package init(name: String, frame: GridSize, input: GridAlphabet, output: GridAlphabet) {
        self.name = name
        title = name
        self.frame = frame
        self.input = input
        self.output = output
    }

    /// Tokens that the task's models know, padding included.
    package var vocabSize: Int { 1 + Int(max(padding, input.lastToken, output.lastToken)) }

    /// How a cell is written of which the model gave no symbol.
    package var unknown: String { output.index(of: ".") == nil ? "." : "?" }
}

/// The symbols of a board and their tokens.
package struct GridAlphabet: Sendable, Hashable {
    package struct Symbol: Sendable, Hashable {
        package var text: String
        package var token: Int32

        package init(text: String, token: Int32) {
            self.text = text
            self.token = token
        }
    }

    package let symbols: [Symbol]
    private let indices: [String: Int]
    /// The first symbol of each token, which writes it.
    private let writers: [Int32: Int]

    /// The texts are different; there are at most `most`.
    package init(_ symbols: [Symbol]) {
        self.symbols = symbols
        indices = Dictionary(symbols.enumerated().map { ($1.text, $0) }) { first, _ in first }
        writers = Dictionary(symbols.enumerated().map { ($1.token, $0) }) { first, _ in first }
    }

    /// A solution's cells have a code of one byte, of which 0 is none.
    package static let most = 255

    package func index(of text: String) -> Int? { indices[text] }
    package func index(ofToken token: Int32) -> Int? { writers[token] }
    /// The symbol that writes what this one means: another one when both have one token.
    package func canonical(_ index: Int) -> Int { writers[symbols[index].token] ?? index }
    package var lastToken: Int32 { symbols.map(\.token).max() ?? 0 }
}

/// Cells that a rule is about: each of these groups by itself.
package enum GridGroups: Sendable, Hashable {
    case rows, columns, boxes
    case regions(String)
}

/// One rule of a declared task.
package struct GridRule: Sendable, Hashable {
    package enum Content: Sendable, Hashable {
        /// None of these output symbols, by index, stands twice in a group.
        case allDifferent(Set<Int>)
        /// So many cells of a group have one of these output symbols.
        case count(Set<Int>, ClosedRange<Int>)
    }

    /// What replies call it when it is broken.
    package var name: String
    package var groups: GridGroups
    package var content: Content

    package init(name: String, groups: GridGroups, content: Content) {
        self.name = name
        self.groups = groups
        self.content = content
    }
}

extension GridDeclaration {
    /// The groups of cells of a board of this size, as indices of its cells.
    package func groups(_ groups: GridGroups, of size: GridSize) -> [[Int]] {
        switch groups {
        case .rows:
            return (0..<size.height).map { row in (0..<size.width).map { size.index(row, $0) } }
        case .columns:
            return (0..<size.width).map { column in (0..<size.height).map { size.index($0, column) } }
        case .boxes:
            guard let boxes else { return [] }
            return collected(of: size) { $0 / boxes.height * frame.width + $1 / boxes.width }
        case .regions(let name):
            guard let map = regions[name] else { return [] }
            return collected(of: size) { map[frame.index($0, $1)] }
        }
    }

    private func collected(of size: GridSize, _ number: (_ row: Int, _ column: Int) -> Int?) -> [[Int]] {
        var groups: [Int: [Int]] = [:]
        for cell in 0..<size.count {
            if let group = number(cell / size.width, cell % size.width) { groups[group, default: []].append(cell) }
        }
        return groups.keys.sorted().compactMap { groups[$0] }
    }
}
