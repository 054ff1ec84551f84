import BundledFiles
import JSON
import Platform

/// A page for a browser that needs nothing but itself: style, program and data in one file, and no network, which its
/// policy forbids as well.
enum Page {
    /// - Parameters:
    ///   - name: of the files `NAME.html` and `NAME.js` among the bundled ones.
    ///   - title: for the browser until the program runs.
    static func document(_ name: String, title: String, data: JSON) -> String {
        // In a JSON text this character stands in strings only, where its escape means the same.
        let json = data.text.escaped(["<": "\\u003c"])
        let policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="\(policy)">
            <title>\(title.escapedMarkup)</title>
            <style>
            \(text("page.css"))</style>
            </head>
            <body>
            \(text("\(name).html"))<script type="application/json" id="data">\(json)</script>
            <script>
            \(["board.js", "charts.js", "\(name).js"].map(text).joined(separator: "\n"))</script>
            </body>
            </html>

            """
    }

    private static func text(_ file: String) -> String {
        BundledFiles.bytes(of: "pages/" + file).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}

extension JSON {
    /// A number with few digits, so that pages stay small; null when it is not finite.
    init(short value: Double, digits: Int = 3) {
        self = value.isFinite ? .number(value.rounded(digits: digits)) : .null
    }
}
