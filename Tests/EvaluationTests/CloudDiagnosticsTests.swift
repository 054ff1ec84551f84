import Evaluation
import Testing

@Suite struct CloudDiagnosticsTests {
    /// Position 0 is given; the three others are open.
    private func cloud(_ answers: [[Int32]], q: [Float], first: Bool = true) throws -> CloudDiagnostics {
        try #require(CloudDiagnostics(answers: answers, q: q, open: [1, 2, 3], firstIsNoiseless: first))
    }

    @Test func aCloudOfOneMind() throws {
        let cloud = try cloud([[9, 1, 2, 1], [8, 1, 2, 1], [7, 1, 2, 1]], q: [1, 2, 3])
        #expect(cloud.stability == 1 && cloud.entropy == 0 && cloud.alignment == nil)
    }

    @Test func aDividedCloud() throws {
        // In one cell of three they are apart, two against two.
        let cloud = try cloud([[9, 1, 2, 1], [9, 1, 2, 1], [9, 1, 2, 5], [9, 1, 2, 5]], q: [1, 1, -1, -1])
        let logarithmOf2 = 0.693_147_180_559_945_3
        #expect(abs(cloud.entropy - logarithmOf2 / 3) < 1e-12)
        #expect(abs((cloud.stability ?? 0) - (1 + 2.0 / 3 + 2.0 / 3) / 3) < 1e-12)
        // The lower token counts as the most frequent one, and Q is high where it is.
        #expect(abs((cloud.alignment ?? 0) - 1) < 1e-12)
    }

    @Test func aMisalignedGuide() throws {
        let answers: [[Int32]] = [[0, 1, 1, 1], [0, 1, 1, 1], [0, 1, 1, 1], [0, 2, 2, 1]]
        let alignment = try cloud(answers, q: [0, 0, 0, 4]).alignment
        #expect(abs((alignment ?? 0) + 1) < 1e-12)
        #expect(try cloud(answers, q: [0, 0, 0, 4], first: false).stability == nil)
    }

    @Test func whereThereIsNothingToTell() {
        #expect(CloudDiagnostics(answers: [], q: [], open: [1], firstIsNoiseless: true) == nil)
        #expect(CloudDiagnostics(answers: [[1]], q: [0], open: [], firstIsNoiseless: true) == nil)
        let one = CloudDiagnostics(answers: [[1, 2]], q: [0], open: [1], firstIsNoiseless: true)
        #expect(one == CloudDiagnostics(stability: nil, alignment: nil, entropy: 0))
        #expect(CloudDiagnostics(meanOf: []) == nil)
        let mean = CloudDiagnostics(meanOf: [
            .init(stability: 1, alignment: nil, entropy: 0), .init(stability: 0.5, alignment: 0.25, entropy: 1),
        ])
        #expect(mean == CloudDiagnostics(stability: 0.75, alignment: 0.25, entropy: 0.5))
    }
}
