import Platform
import Testing

@Suite struct EscapedTextTests {
    /// What follows or goes before makes another character of it, and to a browser, a shell or a table the same.
    @Test(arguments: [
        ("a<b>&c", "a&lt;b&gt;&amp;c"), ("\u{600}</script>", "\u{600}&lt;/script&gt;"), ("<\u{338}", "&lt;\u{338}"),
        ("&\u{FE0F}lt;", "&amp;\u{FE0F}lt;"), ("", ""), ("ÄÖ\r\n", "ÄÖ\r\n"),
    ])
    func markup(text: String, escaped: String) {
        #expect(Array(text.escapedMarkup.utf8) == Array(escaped.utf8))
    }

    @Test(arguments: [("it's", "it'\\''s"), ("\u{600}'; ls", "\u{600}'\\''; ls"), ("'\u{33F}", "'\\''\u{33F}")])
    func quotes(text: String, escaped: String) {
        #expect(Array(text.escaped(["'": "'\\''"]).utf8) == Array(escaped.utf8))
    }
}
