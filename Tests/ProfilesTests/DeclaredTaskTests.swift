import JSON
import Profiles
import Puzzles
import Randomness
import Rollouts
import TestSupport
import Testing

@Suite struct DeclaredTaskTests {
    static func examples() throws -> ProfileSet {
        let path = "\(RepositoryFiles.root)/examples/tasks/profiles.yaml"
        return try ProfileSet.parse(
            RepositoryFiles.read(path), path: path, knownTasks: Tasks.all.map(\.name), knownModels: ["sudoku-9x9"])
    }

    static func task(_ name: String) throws -> GridDeclaration {
        try #require(try examples().tasks.first { $0.declaration.name == name }?.declaration)
    }

    /// A file with one task whose last lines are `lines`.
    static func file(_ lines: String) -> String {
        "version: 1\ntasks:\n  t:\n" + lines.split(separator: "\n").map { "    \($0)\n" }.joined()
            + "profiles:\n  p: {task: t, engines: [exact]}\n"
    }

    static let latin =
        "size: 3\ninput: \".123\"\noutput: \"123\"\nrules: [{all_different: rows}, {all_different: columns}]"

    @Test func aFileOfTasksAloneHasAProfileForEachThatStatesRules() throws {
        let text =
            "version: 1\ndefaults: {K: 5}\ntasks:\n"
            + "  ruled: {size: 3, input: \".123\", output: \"123\", rules: [{all_different: rows}]}\n"
            + "  bare: {size: 3, input: \".123\", output: \"123\"}\n"
        let set = try ProfileSet.parse(Array(text.utf8), path: "t.yaml", knownTasks: ["sudoku"], knownModels: [])
        #expect(set.profiles.map(\.name) == ["ruled"])
        let profile = try #require(set.profiles.first)
        #expect(profile.task == "ruled" && profile.declared?.declaration.name == "ruled")
        #expect(profile.search.engines == [.exact] && profile.search.K == 5)
        #expect(set.tasks.count == 2)
    }

    @Test func sudokuDeclaredIsSudoku() throws {
        let declared = try Self.task("sudoku9").task
        let own = try #require(Tasks.named("sudoku"))
        let shape = InputShape(seqLen: 81, vocabSize: 11)
        #expect(declared.vocabSize == own.vocabSize && declared.mismatch(with: shape) == nil)
        let text = "53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79"
        let right = "534678912672195348198342567859761423426853791713924856961537284287419635345286179"
        let lines = try RepositoryFiles.read("\(RepositoryFiles.root)/examples/puzzles/sudoku.ndjson")
        let others = try lines.split(separator: 0x0A).map { try JSON(parsing: Array($0))["puzzle"] ?? .null }
        var random = SplitMix(seed: 1)
        for puzzle in [.string(text)] + others {
            let (a, b) = (try declared.read(puzzle), try own.read(puzzle))
            #expect(try a.tokens(in: shape) == b.tokens(in: shape))
            #expect(a.notation == b.notation)
            let tokens = (0..<81).map { _ in Int32(random.below(13)) }
            #expect(a.answer(from: tokens, in: shape) == b.answer(from: tokens, in: shape))
        }
        let (a, b) = (try declared.read(text: text), try own.read(text: text))
        var verdicts: Set<String> = []
        for _ in 0..<500 {
            var wrong = Array(right)
            for _ in 0..<random.below(3) { wrong[random.below(81)] = Array(".123456789")[random.below(10)] }
            let answer = JSON.string(String(wrong))
            let (ours, theirs) = (try a.readAnswer(answer), try b.readAnswer(answer))
            let verdict = a.check(ours)
            #expect(verdict == b.check(theirs), "\(answer)")
            if case .broken(let rule, _, _) = verdict { verdicts.insert(rule) }
            if verdict == .valid { #expect(try a.tokens(of: ours, in: shape) == b.tokens(of: theirs, in: shape)) }
        }
        #expect(verdicts.isSuperset(of: ["given_changed", "row_repeats_digit", "cell_is_blank"]))
        #expect(throws: PuzzleError.self) { try declared.read(text: "55" + String(repeating: ".", count: 79)) }
    }

    /// A view of a solved puzzle is a puzzle, and the view of its solution solves it.
    @Test(arguments: ["latin6", "sudoku9", "futoshiki4"]) func viewsKeepTheRules(_ name: String) throws {
        let declaration = try Self.task(name)
        let shape = InputShape(seqLen: declaration.frame.count, vocabSize: declaration.vocabSize)
        let solutions = [
            "latin6": (
                "1.....\n......\n..5...\n......\n......\n.....5", "123456\n234561\n345612\n456123\n561234\n612345"
            ),
            "sudoku9": (
                "53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79",
                "534678912672195348198342567859761423426853791713924856961537284287419635345286179"
            ),
            "futoshiki4": (
                ".-.-.<.\n------^\n.-.-.>.\n-------\n.-3-.-.\n-------\n.-.-.-.",
                "1-4-2<3\n------^\n2-1-4>3\n-------\n4-3-1-2\n-------\n3-2-4-1"
            ),
        ]
        let (text, answer) = try #require(solutions[name])
        let task = declaration.task
        let puzzle = try task.read(.string(name == "latin6" ? text : text))
        let solution = try puzzle.readAnswer(.string(answer))
        if name != "futoshiki4" { #expect(puzzle.check(solution).isValid || name == "latin6") }
        let (given, target) = (try puzzle.tokens(in: shape), try puzzle.tokens(of: solution, in: shape))
        var seen: Set<[Int32]> = []
        for rollout in 0..<60 {
            let view = puzzle.symmetry(in: shape, seed: 7, rollout: UInt32(rollout))
            #expect(Set(view.positions).count == shape.seqLen && Set(view.tokens).count == shape.vocabSize)
            #expect(view.inverse.apply(view.apply(target)) == target)
            seen.insert(view.apply(given))
            let board = DeclaredBoards.text(view.apply(given), declaration)
            let turned = try task.read(.string(board))
            #expect(try turned.tokens(in: shape) == view.apply(given))
            let verdict = turned.check(turned.answer(from: view.apply(target), in: shape))
            #expect(verdict == puzzle.check(solution) || verdict.isRight == puzzle.check(solution).isRight)
        }
        #expect(seen.count > 5)
    }

    /// A sign between two cells points to the same of them after every turn.
    @Test func signsTurnWithTheBoard() throws {
        let declaration = try Self.task("futoshiki4")
        let shape = InputShape(seqLen: 49, vocabSize: declaration.vocabSize)
        let rows = ["1<2-.-.", "-------", ".-.-.-.", "-------", ".-.-.-.", "-------", ".-.-.-."]
        let puzzle = try declaration.task.read(.string(rows.joined(separator: "\n")))
        let tokens = try puzzle.tokens(in: shape)
        for rollout in 0..<40 {
            let view = puzzle.symmetry(in: shape, seed: 3, rollout: UInt32(rollout))
            let board = DeclaredBoards.text(view.apply(tokens), declaration).split(separator: "\n").map(Array.init)
            for row in 0..<7 {
                for column in 0..<7 {
                    switch board[row][column] {
                    case "<": #expect(board[row][column - 1] == "1" && board[row][column + 1] == "2")
                    case ">": #expect(board[row][column - 1] == "2" && board[row][column + 1] == "1")
                    case "^": #expect(board[row - 1][column] == "1" && board[row + 1][column] == "2")
                    case "v": #expect(board[row - 1][column] == "2" && board[row + 1][column] == "1")
                    default: break
                    }
                }
            }
        }
    }

    @Test func smallerBoardsArePadded() throws {
        let text = Self.file(
            "size: {up_to: {width: 4, height: 3}}\ncells: words\ninput: {_: 5, aa: 6}\noutput: [aa, bb]\npadding: 9")
        let task = try #require(try parse(text).tasks.first).declaration.task
        let puzzle = try task.read(text: "aa _\n_ aa")
        let shape = InputShape(seqLen: 12, vocabSize: 10)
        #expect(try puzzle.tokens(in: shape) == [6, 5, 9, 9, 5, 6, 9, 9, 9, 9, 9, 9])
        #expect(try task.read([["aa", "_"], ["_", "aa"]]).notation == puzzle.notation)
        let answer = puzzle.answer(from: [6, 7, 9, 9, 7, 0, 9, 9, 9, 9, 9, 9], in: shape)
        #expect(answer.notation == "aa bb\nbb .")
        #expect(puzzle.check(answer) == .unchecked && !task.hasChecker)
        #expect(try puzzle.readAnswer(answer.notation) == answer)
        #expect(throws: PuzzleError.self) { try task.read(text: "aa _ _ _ _\n_ _ _ _ _") }
        #expect(task.mismatch(with: InputShape(seqLen: 16, vocabSize: 10)) != nil)
    }

    @Test func countsAndRegions() throws {
        let rules = """
            size: 3
            input: ".#"
            output: ".#"
            givens: ["#"]
            regions: {corner: [aa., a.., ...]}
            rules:
              - {count: "#", in: rows, exactly: 1}
              - {count: "#", in: corner, at_most: 1, name: corner_is_full}
            """
        let text =
            "version: 1\ntasks:\n  t:\n" + rules.split(separator: "\n").map { "    \($0)\n" }.joined()
            + "profiles:\n  p: {task: t, engines: [exact]}\n"
        let task = try #require(try parse(text).tasks.first).declaration.task
        func verdict(_ answer: String) throws -> Verdict {
            let puzzle = try task.read(text: "...\n...\n..#")
            return puzzle.check(try puzzle.readAnswer(.string(answer))).first
        }
        #expect(try verdict("#..\n..#\n..#") == .valid)
        #expect(try verdict("#..\n..#\n#..") == .broken(rule: "given_changed", cells: [Cell(2, 2)]))
        #expect(
            try verdict("##.\n...\n..#")
                == .broken(rule: "row_has_wrong_count", cells: [Cell(0, 0), Cell(0, 1), Cell(0, 2)]))
        #expect(
            try verdict("#..\n#..\n..#")
                == .broken(rule: "corner_is_full", cells: [Cell(0, 0), Cell(0, 1), Cell(1, 0)]))
    }

    /// What is shown reads back, and with it the task.
    @Test func whatIsShownReadsBack() throws {
        let set = try Self.examples()
        let back = try ProfileSet.parse(
            Array(set.yaml.utf8), path: "p.yaml", knownTasks: Tasks.all.map(\.name), knownModels: ["sudoku-9x9"])
        #expect(back.tasks.map(\.declaration) == set.tasks.map(\.declaration))
        #expect(back.yaml == set.yaml)
    }

    /// Lines of a task and what is told of them, with the place.
    static let wrong: [(String, [String])] = [
        ("input: \"1\"\noutput: \"1\"", ["3:3: the task t has no size"]),
        (
            "size: 0\ninput: \"1\"\noutput: \"1\"",
            [
                "4:11: size: expected a side from 1 to 128 or {width, height}, or {up_to: ...} of one of these, found 0"
            ]
        ),
        ("size: 3\ninput: \"1\"", ["3:3: the task t has no output"]),
        ("size: 3\ninput: \"11\"\noutput: \"1\"", [#"5:12: input: the symbol "1" stands there twice"#]),
        ("size: 3\ninput: {a: -1}\noutput: a", ["5:16: input.a: expected a token from 0 to 65535, found -1"]),
        (
            "size: 3\ninput: [ab]\noutput: [ab]",
            [
                #"5:12: input: "ab" has several characters, which needs cells: words"#,
                #"6:13: output: "ab" has several characters, which needs cells: words"#,
            ]
        ),
        (
            latin + "\nboxes: wide",
            [
                #"8:12: boxes: expected a side from 1 to 128 or {width, height}, found "wide""#
            ]
        ),
        (latin + "\nruls: []", [#"8:5: unknown key "ruls"; did you mean rules?"#]),
        (
            "size: 3\ninput: \"12\"\noutput: \"12\"\nrules: [{all_different: boxes}]",
            [
                "7:29: rules: the task has no boxes; say how large they are with boxes: {width, height}"
            ]
        ),
        (
            "size: 3\ninput: \"12\"\noutput: \"12\"\nrules: [{all_different: cols}]",
            [
                #"7:29: rules: expected rows, columns or boxes, found "cols""#
            ]
        ),
        (
            "size: 3\ninput: \"12\"\noutput: \"12\"\nrules: [{count: 3, in: rows, exactly: 1}]",
            [
                "7:21: rules.count: the output has no symbol \"3\"; it has 1 2"
            ]
        ),
        (
            "size: 3\ninput: \"12\"\noutput: \"12\"\nsymmetries: [{square: {turn: {\"1\": \"2\"}}}]",
            [
                "7:34: symmetries.square.turn: four turns must give every symbol back"
            ]
        ),
        (
            "size: 3\ninput: \"12\"\noutput: \"12\"\nsymmetries: [spin]",
            [
                "7:18: symmetries: expected square, {square: {turn: ..., transpose: ...}}, {exchange: symbols} or "
                    + #"{shuffle: rows, within: 3}, found "spin""#
            ]
        ),
    ]

    @Test(arguments: wrong) func mistakesAreToldWithTheirPlaces(_ lines: String, _ expected: [String]) {
        #expect(problems(Self.file(lines)) == expected)
    }

    @Test func aTaskOfTheProgramCannotBeDeclared() {
        let text = Self.file(Self.latin).replacing("  t:\n", with: "  sudoku:\n").replacing(
            "task: t,", with: "task: sudoku,")
        #expect(problems(text) == ["3:3: sudoku is a task of the program; choose another name"])
    }

    /// Broken files give tasks or diagnostics, and tasks that read give puzzles or errors.
    @Test func byteFlips() throws {
        let original = try RepositoryFiles.read("\(RepositoryFiles.root)/examples/tasks/profiles.yaml")
        var random = SplitMix(seed: 11)
        for _ in 0..<1500 {
            var bytes = original
            for _ in 0...random.below(3) { bytes[random.below(bytes.count)] = UInt8(random.below(256)) }
            guard
                let set = try? ProfileSet.parse(
                    bytes, path: "p", knownTasks: Tasks.all.map(\.name), knownModels: ["sudoku-9x9"])
            else { continue }
            for declared in set.tasks {
                let declaration = declared.declaration
                let cells = (0..<declaration.frame.count).map { _ in
                    declaration.input.symbols[random.below(declaration.input.symbols.count)].text
                }
                let shape = InputShape(seqLen: declaration.frame.count, vocabSize: declaration.vocabSize)
                guard let puzzle = try? declaration.task.read(.string(cells.joined())) else { continue }
                let view = puzzle.symmetry(in: shape, seed: 1, rollout: 1)
                #expect(Set(view.tokens).count == shape.vocabSize)
                _ = puzzle.check(puzzle.answer(from: try puzzle.tokens(in: shape), in: shape))
            }
        }
    }
}

/// Boards from tokens.
enum DeclaredBoards {
    static func text(_ tokens: [Int32], _ declaration: GridDeclaration) -> String {
        let texts = tokens.map { token in
            declaration.input.index(ofToken: token).map { declaration.input.symbols[$0].text } ?? "?"
        }
        let width = declaration.frame.width
        return stride(from: 0, to: texts.count, by: width).map { texts[$0..<$0 + width].joined() }
            .joined(separator: "\n")
    }
}
