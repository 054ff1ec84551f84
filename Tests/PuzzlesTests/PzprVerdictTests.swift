import JSON
import Puzzles
import Testing

@Suite struct PzprVerdictTests {
    @Test(arguments: VerdictVector.genres)
    func everyVerdictIsThatOfPzpr(_ task: String) throws {
        let vectors = VerdictVector.of(task)
        #expect(vectors.count >= 500)
        #expect(vectors.count { $0.valid } >= 100)
        for vector in vectors {
            do {
                let puzzle = try vector.puzzle()
                // By way of the notation of answers, so that what is checked is what users send.
                let answer = try puzzle.readAnswer(puzzle.answer(codes: vector.codes).notation)
                #expect(answer.cells == vector.codes, "line \(vector.line): \(vector.url)")
                let verdict = puzzle.check(answer)
                #expect(
                    verdict.isValid == vector.valid,
                    "line \(vector.line): \(verdict)\n\(puzzle.drawing(answer: answer, style: .plain))")
            } catch let error as PuzzleError {
                // A board refused for its givens has no solution at all.
                #expect(!vector.valid && !error.cells.isEmpty, "line \(vector.line): \(vector.url) \(error)")
            }
        }
    }

    @Test func decodingAndEncodingAnAddressGivesItBack() throws {
        for vector in VerdictVector.all {
            guard let puzzle = try? vector.puzzle() else { continue }
            let link = try #require(puzzle.link)
            #expect(try vector.task.read(.string(link)).notation == puzzle.notation)
            // pzpr keeps the order of a Tapa clue's runs; here a clue is a set of runs.
            if vector.task.name != "tapa" { #expect(link == vector.url) }
        }
    }
}
