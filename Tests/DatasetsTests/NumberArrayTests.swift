import Datasets
import JSON
import Puzzles
import Randomness
import TestSupport
import Testing

/// Files as `numpy.save` writes them.
enum NumPy {
    static func file(_ type: String, _ shape: String, _ bytes: [UInt8], version: UInt8 = 1) -> [UInt8] {
        var header = Array("{'descr': '\(type)', 'fortran_order': False, 'shape': \(shape), }".utf8)
        let lead = version == 1 ? 10 : 12
        while (header.count + lead + 1) % 64 != 0 { header.append(0x20) }
        header.append(0x0A)
        var length = [UInt8(header.count & 0xFF), UInt8(header.count >> 8)]
        if version > 1 { length += [0, 0] }
        return [0x93] + Array("NUMPY".utf8) + [version, 0] + length + header + bytes
    }

    static func file(int32 rows: [[Int32]]) -> [UInt8] {
        let bytes = rows.joined().flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) } }
        return file("<i4", "(\(rows.count), \(rows.first?.count ?? 0))", bytes)
    }
}

@Suite struct NumberArrayTests {
    @Test(
        arguments: [
            ("|u1", [7, 255], [7, 255]), ("|i1", [7, 255], [7, -1]), ("<i2", [0xFF, 0xFF, 1, 0], [-1, 1]),
            (">i2", [0xFF, 0xFE, 0, 1], [-2, 1]), ("<u4", [1, 0, 0, 0x80, 2, 0, 0, 0], [0x8000_0001, 2]),
            ("|b1", [1, 0], [1, 0]),
        ] as [(String, [UInt8], [Int64])])
    func integerTypes(_ type: String, _ bytes: [UInt8], _ expected: [Int64]) throws {
        let folder = try TemporaryFolder()
        for version: UInt8 in 1...3 {
            let path = try folder.write(NumPy.file(type, "(1, 2)", bytes, version: version), as: "a.npy")
            let array = try NumberArray(path: path)
            #expect(try array.shape == [1, 2] && array.row(0) == expected)
        }
    }

    @Test(arguments: [
        ("<f4", "(1, 2)", 8), ("<i4", "(1, 3)", 8), ("<i4", "(1, 2, 1)", 8), ("<i4", "()", 8), ("<i3", "(1, 2)", 8),
        ("O", "(1,)", 8), ("<i8", "(1000000000000, 1000000000000)", 8),
    ])
    func whatIsNoTableIsRefused(_ type: String, _ shape: String, _ bytes: Int) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(NumPy.file(type, shape, .init(repeating: 0, count: bytes)), as: "a.npy")
        #expect(throws: DatasetError.self) { try NumberArray(path: path) }
    }

    @Test func brokenFilesAreErrors() throws {
        let folder = try TemporaryFolder()
        let original = NumPy.file(int32: [[1, 2, 3], [4, 5, 6]])
        var random = SplitMix(seed: 3)
        for _ in 0..<400 {
            var bytes = original
            for _ in 0...random.below(3) { bytes[random.below(100)] = UInt8(random.below(256)) }
            if random.below(4) == 0 { bytes.removeLast(random.below(bytes.count)) }
            let path = try folder.write(bytes, as: "a.npy")
            guard let array = try? NumberArray(path: path) else { continue }
            for row in 0..<min(array.rows, 3) { _ = try? array.row(row) }
        }
    }

    /// A folder as the reference builder makes it, in the order of its puzzles.
    static func folder(_ inputs: [[Int32]], _ labels: [[Int32]], vocabulary: Int) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try folder.write(
            #"{"pad_id":0,"ignore_label_id":0,"vocab_size":\#(vocabulary),"seq_len":\#(inputs[0].count),"sets":["all"]}"#,
            as: "dataset.json")
        try folder.write(NumPy.file(int32: inputs), as: "all__inputs.npy")
        try folder.write(NumPy.file(int32: labels), as: "all__labels.npy")
        return folder
    }

    @Test func aSudokuFolder() throws {
        let puzzle = "53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79"
        let answer = "534678912672195348198342567859761423426853791713924856961537284287419635345286179"
        func tokens(_ text: String) -> [Int32] { text.map { Int32($0.wholeNumberValue ?? 0) + 1 } }
        let folder = try Self.folder([tokens(puzzle)], [tokens(answer)], vocabulary: 11)
        let dataset = try #require(try Dataset(path: folder.path))
        let item = try #require(try dataset.reader.next())
        #expect(item.task == "sudoku" && item.puzzle == .string(puzzle) && item.solution == .string(answer))
        let end = try dataset.reader.next()
        #expect(end == nil)
        let raw = try #require(try Dataset(path: folder.path, task: Tasks.named("tokens"))?.reader.next())
        #expect(raw.task == "tokens" && raw.puzzle.arrayValue?.count == 81)
    }

    @Test func otherFoldersAreTokens() throws {
        let folder = try Self.folder([[1, 2], [3, 0]], [[0, 2], [1, 1]], vocabulary: 4)
        try folder.write(NumPy.file("<i4", "(2,)", [5, 0, 0, 0, 6, 0, 0, 0]), as: "all__puzzle_identifiers.npy")
        let reader = try #require(try Dataset(path: folder.path)?.reader)
        let first = try #require(try reader.next())
        #expect(first.puzzle == ["tokens": [1, 2], "puzzle_identifier": 5] && first.solution == [0, 2])
        let second = try #require(try reader.next())
        #expect(second.puzzle == ["tokens": [3, 0], "puzzle_identifier": 6])
    }
}

@Suite struct ArcDatasetTests {
    static let task = #"{"train":[{"input":[[1]],"output":[[2]]}],"test":[{"input":[[3]]},{"input":[[4]]}]}"#

    @Test func challengesWithTheirSolutions() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(#"{"a1":\#(Self.task),"b2":\#(Self.task)}"#, as: "x_challenges.json")
        try folder.write(#"{"a1":[[[5]],[[6]]]}"#, as: "x_solutions.json")
        let reader = try #require(try Dataset(path: path)?.reader)
        let first = try #require(try reader.next())
        #expect(first.id == "a1" && first.task == "arc" && first.solution == [[[5]], [[6]]])
        #expect(first.puzzle["name"] == "a1")
        #expect(first.puzzle["test"] == [["input": [[3]], "output": [[5]]], ["input": [[4]], "output": [[6]]]])
        let second = try #require(try reader.next())
        #expect(second.id == "b2" && (second.solution ?? .null).isNull)
    }

    @Test func submissions() {
        #expect(
            ArcDataset.submission(answers: [[[1]], [[2]]], tests: 1) == [["attempt_1": [[1]], "attempt_2": [[2]]]])
        #expect(
            ArcDataset.submission(answers: [[[[1]], nil], [[[2]], [[3]]]], tests: 2)
                == [["attempt_1": [[1]], "attempt_2": [[2]]], ["attempt_1": [[0]], "attempt_2": [[3]]]])
        #expect(ArcDataset.submission(answers: [], tests: 1) == [["attempt_1": [[0]], "attempt_2": [[0]]]])
    }

    /// Solutions stand beside challenges by position: what cannot belong together is refused, what differs is kept apart.
    @Test func solutionsOfAnotherEdition() throws {
        let folder = try TemporaryFolder()
        let tasks = #"{"a":{"train":[],"test":[{"input":[[1]],"output":[[2]]},{"input":[[3]]}]}}"#
        let path = try folder.write(tasks, as: "x_challenges.json")
        func read(_ solutions: String) throws -> DatasetItem? {
            try folder.write(solutions, as: "x_solutions.json")
            return try ArcDataset(file: path, bytes: Array(tasks.utf8))?.next()
        }
        let item = try #require(try read(#"{"a":[[[5]],[[6]]],"b":[]}"#))
        #expect(item.solution == [[[5]], [[6]]])
        #expect(item.puzzle["test"] == [["input": [[1]], "output": [[2]]], ["input": [[3]], "output": [[6]]]])
        #expect(try read("{}")?.solution == nil)
        for (solutions, found) in [(#"{"a":[[[5]]]}"#, "1 outputs"), (#"{"a":7}"#, "an integer")] {
            let error = #expect(throws: DatasetError.self) { try read(solutions) }
            #expect(
                error.map { "\($0)" }?.contains("have \(found) for a, which has 2 test inputs") == true,
                "\(String(describing: error))")
        }
    }
}
