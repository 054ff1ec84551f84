import Deduction
import Testing

@Suite struct LatticeTests {
    /// Two cells, tokens 0 to 2.
    private let open = Lattice(cells: [0b111, 0b110])

    @Test(
        arguments: [
            ([9, 0, 0, 9, 9, 0], 6, [0b110, 0b100], [9, 9] as [Float]),
            // At the threshold nothing goes; a token that is not a candidate stays gone and does not count.
            ([6, 6, 6, 9, 6, 6], 6, [0b111, 0b110], []),
            ([7, 7, 7, -1, -1, -1], 6, [0b000, 0b110], [7, 7, 7]),
            ([.nan, .infinity, -.infinity, 0, .nan, 0], 6, [0b101, 0b110], [.infinity]),
        ] as [([Float], Float, [UInt64], [Float])])
    func projectsAtTheThreshold(
        logits: [Float], threshold: Float, cells: [UInt64], gone: [Float]
    ) {
        var lattice = open
        let went = lattice.project(logits, vocabulary: 3, threshold: threshold)
        #expect(lattice.cells == cells)
        #expect(went == gone)
    }

    @Test func fewerLogitsThanCellsTakeNothingBeyondThem() {
        var lattice = open
        let went = lattice.project([9, 9], vocabulary: 3, threshold: 6)
        #expect(lattice.cells == [0b100, 0b110])
        #expect(went.count == 2)
    }

    @Test(
        arguments: [
            ([0b001, 0b100], false, true, [0, 2]), ([0b000, 0b100], true, false, [0, 2]),
            ([0b011, 0b100], false, false, [0, 2]),
        ] as [([UInt64], Bool, Bool, [Int32])])
    func tellsAnswersFromContradictions(cells: [UInt64], isContradictory: Bool, isSettled: Bool, tokens: [Int32]) {
        let lattice = Lattice(cells: cells)
        #expect(lattice.isContradictory == isContradictory)
        #expect(lattice.isSettled == isSettled)
        #expect(lattice.tokens == tokens)
    }

    @Test func splitsIntoTwoPartsThatAreTheWhole() {
        let (with, without) = open.split(at: Choice(cell: 0, token: 1, logShare: 0))
        #expect(with.cells == [0b010, 0b110])
        #expect(without.cells == [0b101, 0b110])
    }

    @Test func splitsWhereTheModelIsSurest() {
        // The second cell's tokens 1 and 2 are as 7 to 0; the first cell's best is 3 above the others.
        let choice = open.choice([0, -3, 0, 99, 0, 7], vocabulary: 3, temperature: 0, seed: 0, branch: 0)
        #expect(choice?.cell == 1)
        #expect(choice?.token == 1)
        #expect(abs((choice?.logShare ?? 0) + 0.000_911) < 1e-5)
    }

    @Test(arguments: [[Float](repeating: 0, count: 6), [Float](repeating: .nan, count: 6), []])
    func ofEqualsTheLowest(logits: [Float]) {
        let choice = open.choice(logits, vocabulary: 3, temperature: 0, seed: 0, branch: 0)
        // Two candidates have a larger share each than three.
        #expect(choice?.cell == 1)
        #expect(choice?.token == 1)
    }

    @Test func nothingToSplit() {
        let settled = Lattice(cells: [0b001, 0b100])
        #expect(settled.choice([0, 0, 0, 0, 0, 0], vocabulary: 3, temperature: 1, seed: 0, branch: 0) == nil)
    }

    @Test func drawsByTheShares() {
        let one = Lattice(cells: [0b11])
        // Token 0 is possible with a logit of log 3, token 1 with 0: three to one.
        let logits: [Float] = [-1.098_612, 0]
        let draws = (0..<4000).map { one.choice(logits, vocabulary: 2, temperature: 1, seed: 5, branch: $0)?.token }
        let share = Double(draws.count { $0 == 0 }) / 4000
        #expect(abs(share - 0.75) < 0.03)
        let again = (0..<4000).map { one.choice(logits, vocabulary: 2, temperature: 1, seed: 5, branch: $0)?.token }
        #expect(draws == again)
        let others = (0..<4000).map { one.choice(logits, vocabulary: 2, temperature: 1, seed: 6, branch: $0)?.token }
        #expect(draws != others)
    }
}
