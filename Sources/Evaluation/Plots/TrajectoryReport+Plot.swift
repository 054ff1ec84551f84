import TRM

extension TrajectoryReport {
    /// Q by step, cell accuracy by step, and the latents' ways: each rollout a line in the colour of its mode.
    package var plot: String {
        let steps = ways.map(\.q.count).max() ?? 0
        let x = Chart.Axis.linear("step", [], fits: 1...Double(max(2, steps)))
        var panels = [
            Chart(
                title: "Halt logit", x: x, y: .linear("q", ways.flatMap(\.q)),
                series: lines { way in way.q.enumerated().map { (Double($0 + 1), $1) } },
                level: qThreshold.map { ($0, "q_threshold") })
        ]
        if ways.contains(where: { way in way.cells.contains { $0 != nil } }) {
            panels.append(
                Chart(
                    title: "Cells to solve that are right", x: x,
                    y: .linear("%", ways.flatMap { $0.cells.compactMap { $0.map { 100 * $0 } } } + [100]),
                    series: lines { way in
                        way.cells.enumerated().map { (Double($0 + 1), 100 * ($1 ?? .nan)) }
                    }))
        }
        if explained.count == 2 {
            let share = explained.map { "\((100 * $0).text(0)) %" }
            let places = ways.flatMap(\.places)
            panels.append(
                Chart(
                    title: "\(latent.name) after each step (ring: first, dot: last)",
                    x: .linear("first principal component (\(share[0]))", places.map { $0[0] }),
                    y: .linear("second (\(share[1]))", places.map { $0[1] }),
                    series: lines(hasEnds: true) { way in way.places.map { ($0[0], $0[1]) } }))
        }
        let modes = RolloutMode.allCases.map { "\(count($0)) \($0.title)" }.joined(separator: ", ")
        return Chart.document("\(name), \(condition.text): \(modes)", panels)
    }

    private func lines(hasEnds: Bool = false, _ points: (Way) -> [(x: Double, y: Double)]) -> [Chart.Series] {
        var named: Set<RolloutMode> = []
        // Failures first, so that the rarer ways are not hidden under them.
        return ways.sorted { ($0.mode == .failure ? 0 : 1) < ($1.mode == .failure ? 0 : 1) }.map { way in
            // Rollout 0, noiseless by default, has its own colour and name.
            let isFirst = way.rollout == 0 && !hasEnds
            return Chart.Series(
                name: isFirst ? "rollout 0" : way.mode.title, colour: Self.colour(way.mode), points: points(way),
                width: isFirst ? 2 : 1.2, opacity: ways.count > 12 && !isFirst ? 0.55 : 0.9,
                dash: isFirst ? "6 3" : nil, hasDots: false, hasEnds: hasEnds,
                isNamed: isFirst || named.insert(way.mode).inserted)
        }
    }

    private static func colour(_ mode: RolloutMode) -> String {
        switch mode {
        case .quickSuccess: Palette.line(2)
        case .delayedSuccess: Palette.line(0)
        case .failure: Palette.line(1)
        }
    }
}
