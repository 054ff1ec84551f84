import JSON
import LineProtocol
import MCP
import Testing

/// Puzzles and answers as they are pasted, through the tools that take them.
@Suite struct PastedTests {
    /// The result of one tool call.
    private static func call(_ tool: String, _ arguments: JSON) throws -> JSON {
        var server = MCPServer(version: "1")
        let message: JSON = [
            "jsonrpc": "2.0", "id": 1, "method": "tools/call",
            "params": [
                "name": .string(tool), "arguments": arguments,
                "_meta": [
                    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
                    "io.modelcontextprotocol/clientCapabilities": [:],
                ],
            ],
        ]
        let effects = server.receive(FramedLine(number: 1, content: .bytes(Array(message.text.utf8))))
        guard case .send(let reply)? = effects.first, let result = reply["result"] else { return .null }
        return result
    }

    private static let small = "1.....1..1.3...1"

    @Test(arguments: [
        ("1...\n..1.\n.1.3\n...1", "sudoku"), ("Solve this: 1.....1..1.3...1 please.", nil),
        ("My grid is 1.....1..1.3...1.", nil), ("> ```\n> 1...\n> ..1.\n> .1.3\n> ...1\n> ```\n> ok?", "sudoku"),
        ("here:\n\n| 1 |   |   |   |\n|---|---|---|---|\n|   |   | 1 |   |\n|   | 1 |   | 3 |\n|   |   |   | 1 |", nil),
        ("┏━━━┳━━━┓\n┃1 .┃. .┃\n┃. .┃1 .┃\n┣━━━╋━━━┫\n┃. 1┃. 3┃\n┃. .┃. 1┃\n┗━━━┻━━━┛", "sudoku"),
        ("Row 1: 1 _ _ _\nRow 2: _ _ 1 _\nRow 3: _ 1 _ 3\nRow 4: _ _ _ 1", "sudoku"),
        ("  A B C D\n1 1 . . .\n2 . . 1 .\n3 . 1 . 3\n4 . . . 1", "sudoku"),
        ("board = [[1, None, None, None], [None, None, 1, None], [None, 1, None, 3], [None, None, None, 1]]", "sudoku"),
        ("{\"id\":\"x\",\"task\":\"sudoku\",\"puzzle\":\"1.....1..1.3...1\",\"solution\":\"1\"}", nil),
        ("1️⃣ . . .\n. . 1️⃣ .\n. 1️⃣ . 3️⃣\n. . . 1️⃣", "sudoku"), ("1□□□\n□□1□\n□1□3\n□□□1", "sudoku"),
        ("１...\n..１.\n.１.３\n...１", "sudoku"), ("1,,,\n,,1,\n,1,,3\n,,,1", "sudoku"),
    ])
    func readsSudoku(text: String, task: String?) throws {
        var arguments: JSONObject = ["puzzle": .string(text)]
        arguments["task"] = task.map(JSON.string)
        let result = try Self.call("draw_puzzle", .object(arguments))
        #expect(result["structuredContent"]?["puzzle"] == .string(Self.small), "\(result.text)")
        #expect(result["structuredContent"]?["task"] == "sudoku")
    }

    @Test(arguments: [
        ("See [this](https://puzz.link/p?nurikabe/6/6/n3o4r4h3g).", "https://puzz.link/p?nurikabe/6/6/n3o4r4h3g"),
        ("https://puzz.link/p?nurikabe/6/6/n3o4r4h3g, thanks", "https://puzz.link/p?nurikabe/6/6/n3o4r4h3g"),
    ])
    func readsAddresses(text: String, notation: String) throws {
        let result = try Self.call("draw_puzzle", ["puzzle": .string(text)])
        #expect(result["structuredContent"]?["puzzle"] == .string(notation), "\(result.text)")
    }

    @Test(arguments: [
        (
            "a\n```\n1...\n..1.\n.1.3\n...1\n```\nb\n```\n2...\n..2.\n.2.3\n...2\n```", "sudoku",
            "the text has 2 puzzles"
        ),
        ("1.....1..1.3...1 and 2.....2..2.3...2", "sudoku", "the text has 2 puzzles"),
        (". . #\n. 1 .\n. . .", nil, "lightup and shakashaka"), ("", nil, "no task reads this puzzle"),
        ("1...\n..1.\n.1.3", "sudoku", "12 cells"),
        ("https://puzz.link/p?slither/5/5/abc", nil, "no task reads addresses"),
        ("11..\n..1.\n.1.3\n...1", "sudoku", "row 1 column 1 and row 1 column 2"),
        ("1.....1..1.3...1", "soduku", "there is no \"soduku\""),
    ])
    func refuses(text: String, task: String?, words: String) throws {
        var arguments: JSONObject = ["puzzle": .string(text)]
        arguments["task"] = task.map(JSON.string)
        let result = try Self.call("draw_puzzle", .object(arguments))
        #expect(result["isError"] == true)
        #expect(result["content"]?.arrayValue?.first?["text"]?.stringValue?.contains(words) == true, "\(result.text)")
    }

    @Test(arguments: [
        "1234341221434321", "The answer:\n1 2 3 4\n3 4 1 2\n2 1 4 3\n4 3 2 1",
        "┌─────┬─────┐\n│ 1 2 │ 3 4 │\n│ 3 4 │ 1 2 │\n├─────┼─────┤\n│ 2 1 │ 4 3 │\n│ 4 3 │ 2 1 │\n└─────┴─────┘",
        "[[1,2,3,4],[3,4,1,2],[2,1,4,3],[4,3,2,1]]",
    ])
    func readsAnswers(text: String) throws {
        let result = try Self.call(
            "check_answer", ["puzzle": .string(Self.small), "task": "sudoku", "answer": .string(text)])
        #expect(result["structuredContent"]?["answer"] == "1234341221434321", "\(result.text)")
        #expect(result["structuredContent"]?["valid"] == true)
    }
}
