import Profiles
import Testing

@Suite struct SelectionTests {
    static func set(_ profiles: [(String, String)]) -> ProfileSet {
        ProfileSet(
            profiles.map { name, task in
                var profile = Profile(name: name, place: SourcePlace(file: "p", line: 1, column: 1))
                profile.task = task
                return profile
            })
    }

    static let several = set([
        ("fast", "sudoku"), ("sudoku", "sudoku"), ("lamp", "lightup"), ("easy", "maze"), ("hard", "maze"),
        ("binairo", "maze"),
    ])

    @Test(
        arguments: [
            ("fast", nil, "fast"), ("fast", "sudoku", "fast"), (nil, "sudoku", "sudoku"), (nil, "lightup", "lamp"),
            ("lamp", nil, "lamp"),
        ] as [(String?, String?, String)])
    func selects(_ profile: String?, _ task: String?, _ expected: String) throws {
        #expect(try Self.several.select(profile: profile, task: task).name == expected)
    }

    @Test(
        arguments: [
            ("fats", nil, "profile", "unknown profile \"fats\"; did you mean fast?"),
            (
                "none", nil, "profile",
                "unknown profile \"none\"; expected fast, sudoku, lamp, easy, hard or binairo"
            ),
            ("fast", "lightup", "task", "the profile fast solves sudoku, not \"lightup\""),
            (nil, "maze", "profile", "several profiles solve maze; name one: easy, hard or binairo"),
            (nil, "lightupp", "task", "no profile solves \"lightupp\"; did you mean lightup?"),
            // A profile of that name that solves something else is not meant.
            (nil, "binairo", "task", "no profile solves \"binairo\"; expected sudoku, lightup or maze"),
            (nil, nil, "profile", "name a task or a profile: fast, sudoku, lamp, easy, hard or binairo"),
        ] as [(String?, String?, String, String)])
    func refuses(_ profile: String?, _ task: String?, _ field: String, _ message: String) {
        let error = #expect(throws: ProfileSelectionError.self) {
            try Self.several.select(profile: profile, task: task)
        }
        #expect(error?.field == field)
        #expect(error?.message == message)
        // What the message offers, programs get as well.
        #expect(message.contains("did you mean") == (error?.nearest != nil))
        #expect(message.contains("solves sudoku") || error?.known.isEmpty == false)
    }

    @Test func theOnlyProfileNeedsNoName() throws {
        #expect(try Self.set([("only", "sudoku")]).select(profile: nil, task: nil).name == "only")
        #expect(throws: ProfileSelectionError.self) { try Self.set([]).select(profile: nil, task: nil) }
    }
}
