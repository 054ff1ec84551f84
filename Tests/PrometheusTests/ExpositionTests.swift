import CoreMetrics
import Prometheus
import Testing

@Suite struct ExpositionTests {
    /// One text for everything that the format has.
    @Test func everyTypeIsWrittenAsTheFormatSays() {
        let registry = Registry(
            help: ["requests_total": "Requests \\ by kind.\nTwo lines.", "depth": "How \"deep\"."], bounds: [0.1, 1])
        registry.makeCounter(label: "requests_total", dimensions: [("kind", "b"), ("a", "x")]).increment(by: 3)
        let other = registry.makeCounter(label: "requests_total", dimensions: [("kind", "a\"b\\c\nd"), ("a", "x")])
        other.increment(by: 2)
        other.increment(by: -5)
        registry.makeFloatingPointCounter(label: "seconds.total", dimensions: []).increment(by: 0.25)
        let gauge = registry.makeMeter(label: "depth", dimensions: [])
        gauge.set(7.0)
        gauge.decrement(by: 2.5)
        registry.makeRecorder(label: "9lives", dimensions: [], aggregate: false).record(Double.infinity)
        let timer = registry.makeTimer(label: "took_seconds", dimensions: [("profile", "p")])
        for nanoseconds: Int64 in [50_000_000, 100_000_000, 500_000_000, 2_000_000_000] {
            timer.recordNanoseconds(nanoseconds)
        }
        #expect(
            registry.render() == #"""
                # TYPE _9lives gauge
                _9lives +Inf
                # HELP depth How "deep".
                # TYPE depth gauge
                depth 4.5
                # HELP requests_total Requests \\ by kind.\nTwo lines.
                # TYPE requests_total counter
                requests_total{a="x",kind="a\"b\\c\nd"} 2
                requests_total{a="x",kind="b"} 3
                # TYPE seconds_total counter
                seconds_total 0.25
                # TYPE took_seconds histogram
                took_seconds_bucket{profile="p",le="0.1"} 2
                took_seconds_bucket{profile="p",le="1"} 3
                took_seconds_bucket{profile="p",le="+Inf"} 4
                took_seconds_sum{profile="p"} 2.65
                took_seconds_count{profile="p"} 4

                """#)
    }

    @Test func theSameNameAndLabelsAreOneSeries() {
        let registry = Registry()
        for _ in 0..<3 { registry.makeCounter(label: "n", dimensions: [("a", "1"), ("b", "2")]).increment(by: 1) }
        registry.makeCounter(label: "n", dimensions: [("b", "2"), ("a", "1")]).increment(by: 1)
        #expect(registry.render() == "# TYPE n counter\nn{a=\"1\",b=\"2\"} 4\n")
    }

    @Test func aNameHasOneType() {
        let registry = Registry()
        registry.makeCounter(label: "n", dimensions: []).increment(by: 1)
        registry.makeMeter(label: "n", dimensions: []).set(Int64(9))
        #expect(registry.render() == "# TYPE n counter\nn 1\n")
    }

    @Test func destroyedSeriesAreGone() {
        let registry = Registry()
        let counter = registry.makeCounter(label: "n", dimensions: [])
        registry.destroyCounter(counter)
        #expect(registry.render() == "")
    }

    @Test(arguments: [
        ("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 200 OK", true),
        ("GET / HTTP/1.0\n\n", "HTTP/1.1 200 OK", true),
        ("HEAD /metrics?x HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK", false),
        ("POST /metrics HTTP/1.1\r\n\r\n", "HTTP/1.1 405 Method Not Allowed", false),
        ("GET /other HTTP/1.1\r\n\r\n", "HTTP/1.1 404 Not Found", false),
        ("nonsense\n\n", "HTTP/1.1 400 Bad Request", false),
    ])
    func requests(request: String, status: String, hasBody: Bool) {
        #expect(ScrapeResponse.isComplete(Array(request.utf8)))
        #expect(!ScrapeResponse.isComplete(Array(request.utf8.dropLast())))
        let text = String(decoding: ScrapeResponse.bytes(for: Array(request.utf8)) { "n 1\n" }, as: UTF8.self)
        #expect(text.hasPrefix(status + "\r\n"))
        #expect(text.hasSuffix("\r\n\r\nn 1\n") == hasBody)
    }

    @Test(
        arguments: [
            ("GET /healthz HTTP/1.1", nil, nil, "200 OK", "ok\n"), ("GET /readyz HTTP/1.1", nil, nil, "200 OK", "ok\n"),
            ("GET /healthz HTTP/1.1", nil, "draining", "200 OK", "ok\n"),
            ("GET /readyz HTTP/1.1", nil, "draining", "503 Service Unavailable", "draining\n"),
            ("GET /healthz HTTP/1.1", "stuck", nil, "503 Service Unavailable", "stuck\n"),
            ("GET /readyz?verbose HTTP/1.0", "stuck", "draining", "503 Service Unavailable", "stuck\n"),
            ("HEAD /readyz HTTP/1.1", nil, "draining", "503 Service Unavailable", ""),
        ] as [(String, String?, String?, String, String)])
    func health(line: String, illness: String?, unreadiness: String?, status: String, body: String) {
        let request = Array((line + "\r\n\r\n").utf8)
        let response = ScrapeResponse.bytes(
            for: request, health: { .init(illness: illness, unreadiness: unreadiness) }, body: { "n 1\n" })
        let text = String(decoding: response, as: UTF8.self)
        #expect(text.hasPrefix("HTTP/1.1 \(status)\r\n") && text.hasSuffix("\r\n\r\n" + body), "\(text)")
    }
}
