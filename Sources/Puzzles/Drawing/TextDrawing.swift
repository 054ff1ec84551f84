/// Draws a board with box-drawing characters: the frame, and lines only where borders are.
struct TextDrawing {
    let board: DrawnBoard
    private let rowLines: [Bool]
    private let columnLines: [Bool]
    private let glyphWidth: Int

    init(board: DrawnBoard) {
        self.board = board
        let size = board.size
        rowLines = (0...size.height).map { row in
            (0..<size.width).contains { board.hasBorder(above: row, $0) }
        }
        columnLines = (0...size.width).map { column in
            (0..<size.height).contains { board.hasBorder(leftOf: $0, column) }
        }
        glyphWidth = board.looks.map(\.glyph.count).max() ?? 1
    }

    func text(_ style: DrawingStyle) -> String {
        var text = ""
        for row in 0...board.size.height {
            if rowLines[row] { text += line(above: row) + "\n" }
            if row < board.size.height { text += cells(of: row, style) + "\n" }
        }
        return text
    }

    private func cells(of row: Int, _ style: DrawingStyle) -> String {
        var text = ""
        for column in 0..<board.size.width {
            if columnLines[column] { text += board.hasBorder(leftOf: row, column) ? "│" : " " }
            let look = board.looks[board.size.index(row, column)]
            let space = String(repeating: " ", count: glyphWidth - look.glyph.count)
            text += " " + space + (style == .ansi ? coloured(look) : look.glyph)
            if columnLines[column + 1] { text += " " }
        }
        return text + "│"
    }

    private func line(above row: Int) -> String {
        var text = ""
        for column in 0...board.size.width {
            if columnLines[column] { text += joint(row, column) }
            guard column < board.size.width else { break }
            let length = glyphWidth + 1 + (columnLines[column + 1] ? 1 : 0)
            text += String(repeating: board.hasBorder(above: row, column) ? "─" : " ", count: length)
        }
        return text
    }

    /// The character where lines meet at the top left corner of a cell.
    private func joint(_ row: Int, _ column: Int) -> String {
        let up = row > 0 && board.hasBorder(leftOf: row - 1, column)
        let down = row < board.size.height && board.hasBorder(leftOf: row, column)
        let left = column > 0 && board.hasBorder(above: row, column - 1)
        let right = column < board.size.width && board.hasBorder(above: row, column)
        let arms = (up ? 8 : 0) + (down ? 4 : 0) + (left ? 2 : 0) + (right ? 1 : 0)
        return [" ", "╶", "╴", "─", "╷", "┌", "┐", "┬", "╵", "└", "┘", "┴", "│", "├", "┤", "┼"][arms]
    }

    /// Bold for givens, cyan for what the answer added, colours as colours.
    private func coloured(_ look: CellLook) -> String {
        guard look.glyph != " " else { return look.glyph }
        let code =
            switch look.ground {
            case .colour(let colour): "\(38);5;\(Self.palette[Int(colour) % Self.palette.count])"
            case .black: look.text.isEmpty ? "90" : "1;7"
            case .shaded: look.isGiven ? "1" : "36"
            case .paper, .lit: look.isGiven ? "1" : look.mark == .dot ? "2" : "36"
            }
        return "\u{1B}[\(code)m\(look.glyph)\u{1B}[0m"
    }

    /// The ten ARC colours in the terminal's 256.
    private static let palette = [240, 27, 160, 34, 220, 246, 199, 208, 117, 88]
}
