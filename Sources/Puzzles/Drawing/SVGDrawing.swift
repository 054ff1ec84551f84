import Platform

/// Draws a board as an SVG document that needs nothing but itself.
struct SVGDrawing {
    let board: DrawnBoard
    private static let cell = 36
    private static let margin = 6

    var text: String {
        let width = board.size.width * Self.cell + 2 * Self.margin
        let height = board.size.height * Self.cell + 2 * Self.margin
        var parts = [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(width) \(height)\" width=\"\(width)\" "
                + "height=\"\(height)\" font-family=\"sans-serif\" text-anchor=\"middle\">",
            "<rect width=\"\(width)\" height=\"\(height)\" fill=\"#ffffff\"/>",
        ]
        for (index, look) in board.looks.enumerated() { parts += cell(look, at: board.size.cell(index)) }
        parts.append(
            lines(of: "#b8b8b8", width: 1) { _, _ in
                true
            } rows: { _, _ in
                true
            })
        parts.append(
            lines(of: "#202020", width: 3) {
                board.hasBorder(leftOf: $0, $1)
            } rows: {
                board.hasBorder(above: $0, $1)
            })
        parts.append("</svg>\n")
        return parts.joined(separator: "\n")
    }

    private func cell(_ look: CellLook, at cell: Cell) -> [String] {
        let (x, y, side) = (Self.margin + cell.column * Self.cell, Self.margin + cell.row * Self.cell, Self.cell)
        let (midX, midY) = (x + side / 2, y + side / 2)
        var parts: [String] = []
        if let fill = fill(look.ground) {
            parts.append("<rect x=\"\(x)\" y=\"\(y)\" width=\"\(side)\" height=\"\(side)\" fill=\"\(fill)\"/>")
        }
        switch look.mark {
        case .none: break
        case .dot: parts.append("<circle cx=\"\(midX)\" cy=\"\(midY)\" r=\"2\" fill=\"#909090\"/>")
        case .path: parts.append("<circle cx=\"\(midX)\" cy=\"\(midY)\" r=\"7\" fill=\"#1f6feb\"/>")
        case .lamp:
            parts.append(
                "<circle cx=\"\(midX)\" cy=\"\(midY)\" r=\"11\" fill=\"#f5b800\" stroke=\"#7a5c00\" "
                    + "stroke-width=\"1.5\"/>")
        case .triangle(let corner):
            let corners = [(x, y + side), (x + side, y + side), (x + side, y), (x, y)]
            let black = Int(corner.rawValue) - 1
            let points = [black, (black + 1) % 4, (black + 3) % 4].map { "\(corners[$0].0),\(corners[$0].1)" }
            parts.append("<polygon points=\"\(points.joined(separator: " "))\" fill=\"#1f4e8c\"/>")
        }
        if !look.text.isEmpty {
            let fontSize = look.text.count > 2 ? 12 : 20
            let ink = look.ground == .black || look.ground == .shaded ? "#ffffff" : look.isGiven ? "#101010" : "#1f6feb"
            parts.append(
                "<text x=\"\(midX)\" y=\"\(midY + fontSize * 7 / 20)\" font-size=\"\(fontSize)\" fill=\"\(ink)\""
                    + (look.isGiven ? " font-weight=\"bold\"" : "") + ">\(look.text.escapedMarkup)</text>")
        }
        return parts
    }

    private func fill(_ ground: CellLook.Ground) -> String? {
        switch ground {
        case .paper: nil
        case .black: "#202020"
        case .shaded: "#5b7083"
        case .lit: "#fff6c8"
        case .colour(let colour): Self.palette[Int(colour) % Self.palette.count]
        }
    }

    private func lines(
        of colour: String, width: Int, columns: (Int, Int) -> Bool, rows: (Int, Int) -> Bool
    ) -> String {
        var path = ""
        for row in 0...board.size.height {
            for column in 0...board.size.width {
                let (x, y) = (Self.margin + column * Self.cell, Self.margin + row * Self.cell)
                if row < board.size.height, columns(row, column) { path += "M\(x) \(y)v\(Self.cell)" }
                if column < board.size.width, rows(row, column) { path += "M\(x) \(y)h\(Self.cell)" }
            }
        }
        return "<path d=\"\(path)\" stroke=\"\(colour)\" stroke-width=\"\(width)\" stroke-linecap=\"square\" "
            + "fill=\"none\"/>"
    }

    /// The ten colours in which ARC is usually shown.
    private static let palette = [
        "#000000", "#0074d9", "#ff4136", "#2ecc40", "#ffdc00", "#aaaaaa", "#f012be", "#ff851b", "#7fdbff", "#870c25",
    ]
}
