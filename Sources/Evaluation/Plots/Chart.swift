/// One panel: lines over two axes.
struct Chart {
    struct Series {
        var name: String
        var colour: String
        var points: [(x: Double, y: Double)]
        /// Vertical bars, one for each point or none.
        var bars: [ClosedRange<Double>] = []
        var width = 2.0
        var opacity = 1.0
        var dash: String?
        /// Whether each point has a dot.
        var hasDots = true
        /// Whether the first point has a ring and the last a big dot: a path with a beginning and an end.
        var hasEnds = false
        /// Whether the legend names it.
        var isNamed = true
    }

    /// An axis from the least to the greatest value shown.
    struct Axis {
        var title: String
        var range: ClosedRange<Double>
        /// Labelled places.
        var ticks: [(value: Double, label: String)]

        /// Round ticks over the values; `fits` gives the range as it is.
        static func linear(_ title: String, _ values: [Double], fits: ClosedRange<Double>? = nil) -> Axis {
            let finite = values.filter(\.isFinite)
            var low = fits?.lowerBound ?? finite.min() ?? 0
            var high = fits?.upperBound ?? finite.max() ?? 1
            if high - low < 1e-9 { (low, high) = (low - 0.5, high + 0.5) }
            let step = roundStep((high - low) / 5)
            if fits == nil {
                low = (low / step).rounded(.down) * step
                high = (high / step).rounded(.up) * step
            }
            let digits = step >= 1 ? 0 : step >= 0.1 ? 1 : step >= 0.01 ? 2 : 4
            var ticks: [(Double, String)] = []
            var index = (low / step).rounded(.up)
            while index * step <= high + step * 1e-6, ticks.count < 50 {
                ticks.append((index * step, (index * step).text(digits)))
                index += 1
            }
            return Axis(title: title, range: low...high, ticks: ticks)
        }

        /// Evenly spaced places with these labels, at 0, 1, 2, ...
        static func places(_ title: String, _ labels: [String]) -> Axis {
            Axis(
                title: title, range: -0.3...(Double(max(1, labels.count)) - 0.7),
                ticks: labels.enumerated().map { (Double($0), $1) })
        }

        /// 1, 2 or 5 times a power of ten, at least `least`.
        private static func roundStep(_ least: Double) -> Double {
            var power = 1.0
            while power > least { power /= 10 }
            while power * 10 <= least { power *= 10 }
            return [1, 2, 5, 10].map { $0 * power }.first { $0 >= least * 0.999 } ?? power
        }
    }

    var title: String
    var x: Axis
    var y: Axis
    var series: [Series]
    /// A dashed level with a name.
    var level: (value: Double, name: String)?

    /// Draws the panel into a rectangle; the legend stands below the axis.
    func draw(into canvas: inout SVGCanvas, x left: Double, y top: Double, width: Double, height: Double) {
        let named = series.filter(\.isNamed)
        let rows = (named.count + 2) / 3
        let plot = (x: left + 56, y: top + 30, width: width - 72, height: height - 84 - 18 * Double(rows))
        func place(_ point: (x: Double, y: Double)) -> (x: Double, y: Double) {
            let across = (point.x - x.range.lowerBound) / (x.range.upperBound - x.range.lowerBound)
            let up = (point.y - y.range.lowerBound) / (y.range.upperBound - y.range.lowerBound)
            return (plot.x + across * plot.width, plot.y + (1 - up) * plot.height)
        }
        canvas.text(title, at: (left + width / 2 + 20, top + 18), size: 14, anchor: .middle, bold: true)
        for tick in y.ticks {
            let at = place((x.range.lowerBound, tick.value)).y
            canvas.line((plot.x, at), (plot.x + plot.width, at), colour: "#e5e5e5")
            canvas.text(tick.label, at: (plot.x - 6, at + 4), size: 11, anchor: .end)
        }
        for tick in x.ticks {
            let at = place((tick.value, y.range.lowerBound)).x
            canvas.line((at, plot.y + plot.height), (at, plot.y + plot.height + 4), colour: "#666666")
            canvas.text(tick.label, at: (at, plot.y + plot.height + 17), size: 11, anchor: .middle)
        }
        canvas.rectangle(x: plot.x, y: plot.y, width: plot.width, height: plot.height, fill: "none", stroke: "#666666")
        canvas.text(x.title, at: (plot.x + plot.width / 2, plot.y + plot.height + 36), anchor: .middle)
        canvas.text(y.title, at: (left + 14, plot.y + plot.height / 2), anchor: .middle, turned: true)
        if let level, y.range.contains(level.value) {
            let at = place((x.range.lowerBound, level.value)).y
            canvas.line((plot.x, at), (plot.x + plot.width, at), colour: "#666666", dash: "5 4")
            canvas.text(level.name, at: (plot.x + 4, at - 4), size: 11)
        }
        for line in series { draw(line, into: &canvas, place: place) }
        for (index, line) in named.enumerated() {
            let at = (
                x: plot.x + Double(index % 3) * plot.width / 3, y: plot.y + plot.height + 56 + 18 * Double(index / 3)
            )
            canvas.line(at, (at.x + 18, at.y), colour: line.colour, width: 3, dash: line.dash)
            canvas.text(line.name, at: (at.x + 23, at.y + 4), size: 11)
        }
    }

    private func draw(
        _ line: Series, into canvas: inout SVGCanvas, place: ((x: Double, y: Double)) -> (x: Double, y: Double)
    ) {
        let shown = line.points.indices.filter { line.points[$0].x.isFinite && line.points[$0].y.isFinite }
        for index in shown where line.bars.indices.contains(index) {
            let (low, high) = (line.bars[index].lowerBound, line.bars[index].upperBound)
            let x = line.points[index].x
            let (bottom, top) = (
                place((x, max(low, y.range.lowerBound))), place((x, min(high, y.range.upperBound)))
            )
            canvas.line(bottom, top, colour: line.colour, width: 1)
            for end in [bottom, top] { canvas.line((end.x - 3, end.y), (end.x + 3, end.y), colour: line.colour) }
        }
        let places = shown.map { place(line.points[$0]) }
        canvas.path(places, colour: line.colour, width: line.width, opacity: line.opacity, dash: line.dash)
        if line.hasDots { for at in places { canvas.circle(at, radius: 3, fill: line.colour) } }
        if line.hasEnds, let first = places.first, let last = places.last {
            canvas.circle(first, radius: 3, fill: "#ffffff", stroke: line.colour)
            canvas.circle(last, radius: 3.5, fill: line.colour, stroke: "#333333")
        }
    }

    /// Panels side by side under a title.
    static func document(_ title: String, _ panels: [Chart], width: Double = 460, height: Double = 380) -> String {
        var canvas = SVGCanvas(width: 20 + width * Double(panels.count), height: height + 40)
        canvas.text(title, at: (24, 26), size: 15, bold: true)
        for (index, panel) in panels.enumerated() {
            panel.draw(into: &canvas, x: 10 + width * Double(index), y: 36, width: width, height: height)
        }
        return canvas.document
    }
}
