import Platform

/// A small SVG document, written element by element.
struct SVGCanvas {
    private let width: Double
    private let height: Double
    private var body: [String] = []

    init(width: Double, height: Double) {
        self.width = width
        self.height = height
    }

    enum Anchor: String {
        case start
        case middle
        case end
    }

    mutating func line(
        _ from: (x: Double, y: Double), _ to: (x: Double, y: Double), colour: String, width: Double = 1,
        dash: String? = nil
    ) {
        body.append(
            "<line x1=\"\(number(from.x))\" y1=\"\(number(from.y))\" x2=\"\(number(to.x))\" y2=\"\(number(to.y))\" "
                + "stroke=\"\(colour)\" stroke-width=\"\(number(width))\"\(dashes(dash))/>")
    }

    mutating func path(
        _ points: [(x: Double, y: Double)], colour: String, width: Double = 1.5, opacity: Double = 1,
        dash: String? = nil
    ) {
        let list = points.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")
        body.append(
            "<polyline points=\"\(list)\" fill=\"none\" stroke=\"\(colour)\" stroke-width=\"\(number(width))\" "
                + "stroke-opacity=\"\(number(opacity))\" stroke-linejoin=\"round\"\(dashes(dash))/>")
    }

    mutating func circle(_ centre: (x: Double, y: Double), radius: Double, fill: String, stroke: String = "none") {
        body.append(
            "<circle cx=\"\(number(centre.x))\" cy=\"\(number(centre.y))\" r=\"\(number(radius))\" fill=\"\(fill)\" "
                + "stroke=\"\(stroke)\"/>")
    }

    mutating func rectangle(x: Double, y: Double, width: Double, height: Double, fill: String, stroke: String = "none")
    {
        body.append(
            "<rect x=\"\(number(x))\" y=\"\(number(y))\" width=\"\(number(width))\" height=\"\(number(height))\" "
                + "fill=\"\(fill)\" stroke=\"\(stroke)\"/>")
    }

    mutating func text(
        _ text: String, at place: (x: Double, y: Double), size: Double = 12, anchor: Anchor = .start,
        colour: String = "#333333", bold: Bool = false, turned: Bool = false
    ) {
        let turn = turned ? " transform=\"rotate(-90 \(number(place.x)) \(number(place.y)))\"" : ""
        body.append(
            "<text x=\"\(number(place.x))\" y=\"\(number(place.y))\" font-size=\"\(number(size))\" "
                + "text-anchor=\"\(anchor.rawValue)\" fill=\"\(colour)\"\(bold ? " font-weight=\"bold\"" : "")\(turn)>"
                + "\(text.escapedMarkup)</text>")
    }

    var document: String {
        """
        <svg xmlns="http://www.w3.org/2000/svg" width="\(number(width))" height="\(number(height))" \
        viewBox="0 0 \(number(width)) \(number(height))" font-family="Helvetica, Arial, sans-serif">
        <rect width="100%" height="100%" fill="#ffffff"/>
        \(body.joined(separator: "\n"))
        </svg>

        """
    }

    private func dashes(_ dash: String?) -> String { dash.map { " stroke-dasharray=\"\($0)\"" } ?? "" }

    /// Two digits after the point, without trailing zeros; 0 for what is not finite, which no caller draws.
    private func number(_ value: Double) -> String {
        guard value.isFinite else { return "0" }
        var text = value.text(2)
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text
    }
}

/// Colours that most people can distinguish, colour-blind ones too (Okabe and Ito).
enum Palette {
    static let lines = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7f7f7f"]

    static func line(_ index: Int) -> String { lines[index % lines.count] }

    /// Tells lines apart that have the same colour; nil for an unbroken one.
    static func dash(_ index: Int) -> String? {
        let round = index / lines.count
        return round == 0 ? nil : "\(8 / round + 1) 3"
    }
}
