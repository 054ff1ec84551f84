import Evaluation
import Testing

@Suite struct PrincipalComponentsTests {
    /// Points on a plane in 30 dimensions, spread 3 : 1 along two known directions around a known mean.
    @Test func knownPlane() {
        var first = [Float](repeating: 0, count: 30)
        var second = first
        (first[3], first[17]) = (0.6, 0.8)
        (second[3], second[17]) = (-0.8, 0.6)
        let points = (0..<40).map { index -> [Float] in
            let angle = Float(index) * .pi / 20
            let (a, b) = (3 * cosine(angle), cosine(angle - .pi / 2))
            return (0..<30).map { Float($0) + a * first[$0] + b * second[$0] }
        }
        let components = PrincipalComponents(points)
        #expect(components.axes.count == 2)
        #expect(abs(abs(dot(components.axes[0], first)) - 1) < 1e-4)
        #expect(abs(abs(dot(components.axes[1], second)) - 1) < 1e-4)
        #expect(abs(components.explained[0] - 0.9) < 1e-4 && abs(components.explained[1] - 0.1) < 1e-4)
        #expect((0..<30).allSatisfy { abs(components.mean[$0] - Float($0)) < 1e-4 })
        let place = components.project((0..<30).map { Float($0) + 3 * first[$0] })
        #expect(abs(abs(place[0]) - 3) < 1e-3 && abs(place[1]) < 1e-3)
    }

    @Test func pointsThatSpanLess() {
        let line = (0..<5).map { [Float($0), 2 * Float($0), 0] }
        #expect(PrincipalComponents(line).axes.count == 1)
        #expect(PrincipalComponents([[1, 2], [1, 2]]).axes.isEmpty)
        #expect(PrincipalComponents([[1, 2, 3]]).axes.isEmpty)
        #expect(PrincipalComponents([]).axes.isEmpty)
    }

    private func dot(_ a: [Float], _ b: [Float]) -> Float { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

    /// Bhaskara's series is not exact enough; a Taylor series around the nearest multiple of pi is.
    private func cosine(_ x: Float) -> Float {
        var angle = Double(x)
        while angle > .pi { angle -= 2 * .pi }
        while angle < -.pi { angle += 2 * .pi }
        var (term, sum) = (1.0, 1.0)
        for n in 1...14 {
            term *= -angle * angle / Double((2 * n - 1) * 2 * n)
            sum += term
        }
        return Float(sum)
    }
}
