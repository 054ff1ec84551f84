import Platform
import Testing

@Suite struct PrintableTextTests {
    @Test(arguments: [
        ("plain, ünïcödé, 数独, ◣◢", "plain, ünïcödé, 数独, ◣◢"), ("a\u{1B}[31mb", #"a\u{1B}[31mb"#),
        ("\u{7}\u{8}", #"\u{7}\u{8}"#),
        ("a\rb", #"a\u{D}b"#), ("\u{9B}2J", #"\u{9B}2J"#), ("\u{202E}gnp.exe", #"\u{202E}gnp.exe"#),
        ("a\n\tb", "a\n\tb"),
        ("\u{2028}", #"\u{2028}"#), ("\0", #"\u{0}"#), ("\r\n", "\\u{D}\n"),
    ])
    func whatATerminalObeysIsWrittenOut(text: String, shown: String) { #expect(text.printable() == shown) }

    @Test func linesMayGoToo() { #expect("a\nb".printable(keepsLines: false) == #"a\u{A}b"#) }

    @Test func itIsBounded() {
        let long = String(repeating: "x", count: 1_000_000)
        #expect(long.printable(limit: 10) == "xxxxxxxxxx…")
        #expect(long.printable().unicodeScalars.count == 4001)
        // One character of a thousand marks is no way around it.
        #expect(("e" + String(repeating: "\u{301}", count: 10_000)).printable(limit: 10).unicodeScalars.count == 11)
    }
}
