import Rollouts
import TRM

extension EvaluationReport {
    /// Accuracy by width, by depth and by noise: the figures that the paper calls width scaling and noise ablation.
    ///
    /// The first panel shows the condition of `main`, or the first one when it was not measured.
    package func plot(main: Condition) -> String {
        guard let section = sections.first(where: { $0.condition == main }) ?? sections.first else {
            return Chart.document("nothing measured", [])
        }
        var panels = [widthPanel(section)]
        if Set(section.widths.map(\.D)).count > 1 { panels.append(depthPanel(section)) }
        if sections.count > 1 { panels.append(noisePanel) }
        panels.append(logitPanel(section))
        return Chart.document("\(model), \(puzzles) puzzles of \(task) (bars: 95 % intervals)", panels)
    }

    private var measures: [(WidthMetrics.Measure, String)] {
        [
            (.pass, "pass@K"), (.bestQ, "best-Q@K"), (.mode, "mode@K"), (.single, "one rollout"),
            (.verified, "verified@K"),
        ].filter { hasChecker || $0.0 != .verified }
    }

    /// Accuracy in percent with its interval, of one measure of several results. Series that would lie on each other
    /// stand a little apart.
    private func series(
        _ name: String, _ index: Int, _ values: [(x: Double, result: Proportion?)]
    ) -> Chart.Series {
        let shift = 0.045 * (Double(index) - 2)
        let present = values.compactMap { value in value.result.map { (value.x + shift, $0) } }
        return Chart.Series(
            name: name, colour: Palette.line(index), points: present.map { ($0.0, 100 * $0.1.value) },
            bars: present.map { 100 * $0.1.interval.lowerBound...100 * $0.1.interval.upperBound },
            dash: Palette.dash(index))
    }

    /// From a round value below everything drawn up to 100 %.
    private func axis(_ series: [Chart.Series]) -> Chart.Axis {
        let least = series.flatMap { $0.bars.map(\.lowerBound) }.min() ?? 0
        return .linear("right, %", [], fits: max(0, (least / 10).rounded(.down) * 10)...100)
    }

    private func widthPanel(_ section: Section) -> Chart {
        let depth = section.widths.map(\.D).max() ?? 0
        let widths = section.widths.filter { $0.D == depth }
        let lines = measures.enumerated().map { index, measure in
            series(measure.1, index, widths.enumerated().map { (Double($0), $1.right[measure.0]) })
        }
        return Chart(
            title: "Width, D \(depth), sigma \(section.condition.sigma)",
            x: .places("rollouts K", widths.map { "\($0.K)" }), y: axis(lines), series: lines)
    }

    private func depthPanel(_ section: Section) -> Chart {
        let Ks = section.widths.map(\.K).reduce(into: [Int]()) { if !$0.contains($1) { $0.append($1) } }
        let lines = Ks.enumerated().map { index, K in
            series(
                "K \(K)", index,
                section.widths.filter { $0.K == K }.enumerated().map { (Double($0), $1.right[.bestQ]) })
        }
        let Ds = section.widths.filter { $0.K == Ks.first }.map { "\($0.D)" }
        return Chart(
            title: "Depth, best-Q@K, sigma \(section.condition.sigma)", x: .places("steps D", Ds), y: axis(lines),
            series: lines)
    }

    private func logitPanel(_ section: Section) -> Chart {
        let bins = section.logits.bins
        let right = Chart.Series(
            name: "answers right", colour: Palette.line(0),
            points: bins.map { (Double($0.q), 100 * Double($0.right) / Double($0.count)) })
        let cells = Chart.Series(
            name: "cells right", colour: Palette.line(2),
            points: bins.compactMap { bin in bin.meanCells.map { (Double(bin.q), 100 * $0) } })
        let correlation = section.logits.correlation.map { ", r \($0.text(2))" } ?? ""
        return Chart(
            title: "Q of every step\(correlation)", x: .linear("halt logit q", bins.map { Double($0.q) }),
            y: .linear("%", [], fits: 0...100),
            // Without solutions nothing is known of the cells.
            series: cells.points.isEmpty ? [right] : [right, cells])
    }

    private var noisePanel: Chart {
        let K = sections.flatMap { $0.widths.map(\.K) }.max() ?? 0
        let D = sections.flatMap { $0.widths.map(\.D) }.max() ?? 0
        let lines = measures.enumerated().map { index, measure in
            series(
                measure.1, index,
                sections.enumerated().map { (Double($0), $1.width(K: K, D: D)?.right[measure.0]) })
        }
        let onlySigma =
            Set(sections.map(\.condition.noise)).count == 1 && Set(sections.map(\.condition.views)).count == 1
        let labels = sections.map { section in
            onlySigma ? "\(section.condition.sigma)" : "\(section.condition.noise.rawValue) \(section.condition.sigma)"
        }
        return Chart(
            title: "Noise, K \(K), D \(D)", x: .places(onlySigma ? "sigma" : "noise", labels), y: axis(lines),
            series: lines)
    }
}
