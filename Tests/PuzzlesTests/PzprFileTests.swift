import JSON
import Puzzles
import Testing

@Suite struct PzprFileTests {
    /// Files as pzpr's editor saves them, some cells filled in, and the addresses of the same boards.
    static let files: [(String, String, String)] = [
        (
            "lightup", "pzprv3/lightup/3/3/. - ./# 0 +/. . 2/", "https://puzz.link/p?akari/3/3/g.h0i2"
        ),
        ("nurikabe", "pzprv3/nurikabe/2/3/3 . -/# . +/# # ./", ""),
        ("sudoku", "pzprv3/sudoku/4/. 1 . . /. . . 2 /3 . . . /. . 3 . /. . . . /1 . . . /. . . . /. . . . /", ""),
        ("heyawake", "pzprv3/heyawake/2/3/2/0 0 1 /0 0 1 /3 . . /. . . /# . . /. . . /", ""),
        ("tapa", "pzprv3/tapa/3/3/. # ./. 3,1 +/. . -/", ""),
        ("shakashaka", "pzprv3/shakashaka/2/2/5 ./. 0/. 2/3 ./", ""),
    ]

    @Test(arguments: files) func filesReadAsBoards(_ name: String, _ text: String, _ address: String) throws {
        let task = try #require(Tasks.named(name))
        let board = try task.read(text: text)
        let file = text.split(separator: "/", omittingEmptySubsequences: false).joined(separator: "\n")
        let other = try task.read(text: file)
        let link = try task.read(text: "https://puzz.link/p?type=editor&" + text.replacing(" ", with: "%20"))
        let again = try task.read(board.notation)
        #expect(other.notation == board.notation && link.notation == board.notation && again.notation == board.notation)
        #expect(Tasks.task(ofLink: text)?.name == name && Tasks.task(ofLink: file)?.name == name)
    }

    @Test func whatTheyHold() throws {
        func read(_ index: Int) throws -> any Puzzle {
            try #require(Tasks.named(Self.files[index].0)).read(text: Self.files[index].1)
        }
        #expect(try read(2).notation == ".1.....23.....3.")
        let lines = try #require(Tasks.named("lightup")).read(text: ".#.\n.0.\n..2")
        #expect(try read(0).notation == lines.notation)
        let tapa = try #require(Tasks.named("tapa")).read(text: ". . .\n. 31 .\n. . ?")
        #expect(try read(4).notation == tapa.notation)
    }

    @Test(arguments: [
        "pzprv3", "pzprv3/lightup", "pzprv3/lightup/3/x/", "pzprv3/lightup/3/3/. . ./", "pzprv3/lightup/1/1/9/",
        "pzprv3/slither/1/1/./", "pzprv3/lightup/999/1/./", "pzprv3/lightup/1/2/./",
    ])
    func brokenOnesAreErrors(_ text: String) throws {
        let task = try #require(Tasks.named("lightup"))
        #expect(throws: PuzzleError.self) { try task.read(text: text) }
    }
}
