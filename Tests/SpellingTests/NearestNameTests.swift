import Spelling
import Testing

@Suite struct NearestNameTests {
    @Test(arguments: [
        ("sigam", "sigma"), ("Sigma", "sigma"), ("sigm", "sigma"), ("q_treshold", "q_threshold"), ("puzle", "puzzle"),
        ("xyz", nil), ("", nil), ("sigmasigmasigma", nil), ("qthreshold", "q_threshold"), ("maxsteps", "max_steps"),
    ])
    func finds(name: String, nearest: String?) {
        #expect(NearestName.of(name, among: ["sigma", "q_threshold", "puzzle", "max_steps", "K"]) == nearest)
    }

    @Test func prefersTheCloserAndThenTheFirst() {
        #expect(NearestName.of("cat", among: ["cart", "car", "cat_"]) == "cart")
        #expect(NearestName.of("timing", among: ["times", "timings"]) == "timings")
        #expect(NearestName.of(String(repeating: "x", count: 100), among: [String(repeating: "x", count: 99)]) == nil)
    }
}
