package import CoreMetrics
import Threading

// Prometheus is a swift-metrics backend: it keeps counters, gauges and histograms and writes them in the Prometheus text
// exposition format. It knows nothing of what is counted. Our own, because every metric has a text
// of help, which swift-metrics' interface does not carry.

/// Every metric of the process.
///
///     let registry = Registry(help: ["lines_total": "Lines read."])
///     MetricsSystem.bootstrap(registry)
///     Counter(label: "lines_total").increment()
///     print(registry.render())
package final class Registry: MetricsFactory {
    /// What a metric's name says to people, by the name it is exposed under.
    private let help: [String: String]
    private let bounds: [Double]
    private let families = Monitor<[String: Family]>([:])

    struct Key: Hashable {
        var labels: [Label]
    }

    struct Family {
        var type: MetricType
        var series: [Key: any Series] = [:]
    }

    /// - Parameters:
    ///   - help: a line for people for each metric's name.
    ///   - bounds: upper bounds of the buckets of histograms, increasing; of timers, in seconds.
    package init(help: [String: String] = [:], bounds: [Double] = Registry.latencyBounds) {
        self.help = help
        self.bounds = bounds
    }

    /// From a millisecond to five minutes.
    package static let latencyBounds = [
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300,
    ]

    /// The whole exposition, families by name and series by their labels, so that the same values give the same text.
    package func render() -> String {
        var text = ""
        for (name, family) in families.withLock({ $0 }).sorted(by: { $0.key < $1.key }) {
            if let help = help[name] { text += "# HELP \(name) \(Exposition.escaped(help: help))\n" }
            text += "# TYPE \(name) \(family.type.rawValue)\n"
            for (key, series) in family.series.sorted(by: { $0.key.labels < $1.key.labels }) {
                series.write(name: name, labels: key.labels, into: &text)
            }
        }
        return text
    }

    /// The series of that name and labels, made when there is none. A name that has another type already gives a series
    /// that is not exposed: one name may not have two types.
    private func series<S: Series>(
        _ label: String, _ dimensions: [(String, String)], _ type: MetricType, _ make: () -> S
    ) -> S {
        let name = Exposition.name(label)
        let key = Key(labels: dimensions.map { Label(name: Exposition.labelName($0.0), value: $0.1) }.sorted())
        return families.withLock { families in
            if let found = families[name]?.series[key] as? S { return found }
            let new = make()
            if families[name, default: Family(type: type)].type == type {
                families[name, default: Family(type: type)].series[key] = new
            }
            return new
        }
    }

    private func remove(_ handler: AnyObject) {
        families.withLock { families in
            for (name, family) in families {
                guard let key = family.series.first(where: { $0.value === handler })?.key else { continue }
                families[name]?.series[key] = nil
                if families[name]?.series.isEmpty == true { families[name] = nil }
            }
        }
    }
}

extension Registry {
    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, dimensions, .counter) { CounterSeries() }
    }

    package func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        series(label, dimensions, .counter) { FloatingPointCounterSeries() }
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, dimensions, .gauge) { GaugeSeries() }
    }

    package func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        guard aggregate else { return series(label, dimensions, .gauge) { GaugeSeries() } }
        return series(label, dimensions, .histogram) { HistogramSeries(bounds: bounds) }
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(label, dimensions, .histogram) { HistogramSeries(bounds: bounds) }
    }

    package func destroyCounter(_ handler: any CounterHandler) { remove(handler) }
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) { remove(handler) }
    package func destroyMeter(_ handler: any MeterHandler) { remove(handler) }
    package func destroyRecorder(_ handler: any RecorderHandler) { remove(handler) }
    package func destroyTimer(_ handler: any TimerHandler) { remove(handler) }
}
