import Evaluation
import Rollouts
import TRM
import Testing

@Suite struct PlotTests {
    static func report(sigmas: [Float], Ks: [Int], Ds: [Int]) -> EvaluationReport {
        var report = EvaluationReport(
            profile: "p", model: "m<1>", modelHash: "", task: "sudoku", hasChecker: true, puzzles: 2)
        for sigma in sigmas {
            var settings = SearchSettings()
            settings.sigma = sigma
            report.add(
                [MetricsTests.record, MetricsTests.record], Condition(settings), settings: settings, Ks: Ks, Ds: Ds)
        }
        return report
    }

    /// Panels for width and for Q, one for depth when there are several, one for noise when there are several.
    @Test(arguments: [([0.3], [1, 4], [3], 2), ([0.3], [1, 4], [1, 3], 3), ([0.1, 0.3], [4], [1, 3], 4)])
    func panels(_ sigmas: [Float], _ Ks: [Int], _ Ds: [Int], _ expected: Int) {
        let report = Self.report(sigmas: sigmas, Ks: Ks, Ds: Ds)
        let svg = report.plot(main: report.sections[0].condition)
        #expect(svg.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\"") && svg.hasSuffix("</svg>\n"))
        #expect(svg.matches(of: /fill="none" stroke="#666666"/).count == expected)
        #expect(svg.contains("m&lt;1&gt;") && !svg.contains("nan") && !svg.contains("inf"))
        #expect(svg.matches(of: /<polyline/).count >= 5)
        // Everything opened is closed.
        #expect(svg.matches(of: /<text/).count == svg.matches(of: /<\/text>/).count)
    }

    /// More lines than colours: those that share one differ in their dashes.
    @Test func linesOfOneColourAreToldApart() {
        let report = Self.report(sigmas: [0.3], Ks: Array(1...9), Ds: [1, 3])
        let lines = report.plot(main: report.sections[0].condition).matches(of: /<polyline points="([^"]*)"([^>]*)>/)
        let first = lines.filter { $0.1.split(separator: " ").count == 2 && $0.2.contains("#0072b2") }
        #expect(Set(first.map { String($0.2) }).count > 1)
    }

    /// Every point lies in the picture.
    @Test func coordinatesAreInside() {
        let report = Self.report(sigmas: [0, 0.1, 1], Ks: [1, 2, 4], Ds: [1, 2, 3])
        let svg = report.plot(main: report.sections[1].condition)
        let width = svg.firstMatch(of: /width="(\d+)"/).flatMap { Double($0.1) } ?? 0
        #expect(width > 0)
        for match in svg.matches(of: /c?x1?="(-?[\d.]+)"/) {
            let x = Double(match.1) ?? -1
            #expect(x >= 0 && x <= width)
        }
    }

    @Test func tableHasALineForEachWidth() {
        let table = Self.report(sigmas: [0.3], Ks: [1, 4], Ds: [1, 3]).table
        #expect(table.split(separator: "\n").count { $0.hasPrefix("     1") || $0.hasPrefix("     4") } == 8)
        #expect(table.contains("100.0 % (34.2-100.0)"))
        #expect(!table.contains(/[)][0-9]/), "columns touch: \(table)")
    }

    @Test func trajectories() {
        let points = MetricsTests.record.rollouts.enumerated().map { k, rollout in
            rollout.q.indices.map { [Float(k), Float($0), Float(k * $0), 1] }
        }
        var settings = SearchSettings()
        settings.qThreshold = 2
        let report = TrajectoryReport(
            name: "a & b", record: MetricsTests.record, condition: Condition(settings), latent: .zH, points: points,
            qThreshold: 2)
        #expect(report.ways.map(\.mode) == [.failure, .delayedSuccess, .failure, .delayedSuccess])
        #expect(report.count(.failure) == 2 && report.explained.count == 2)
        #expect(report.plot.matches(of: /<polyline/).count == 12)
        #expect(report.plot.contains("a &amp; b") && report.plot.contains("q_threshold"))
        #expect(report.table.split(separator: "\n").count == 6)
    }
}
