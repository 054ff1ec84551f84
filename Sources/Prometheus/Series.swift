import CoreMetrics
import Threading

enum MetricType: String, Sendable { case counter, gauge, histogram }

/// One line, or one histogram, of a family.
protocol Series: AnyObject, Sendable {
    func write(name: String, labels: [Label], into text: inout String)
}

final class CounterSeries: Series, CounterHandler {
    private let value = Monitor<Int64>(0)

    /// Counters only grow: a negative amount is left out, and one past the last number stays there.
    func increment(by amount: Int64) {
        value.withLock { value in
            let (sum, overflow) = value.addingReportingOverflow(max(0, amount))
            value = overflow ? .max : sum
        }
    }

    func reset() { value.withLock { value in value = 0 } }

    func write(name: String, labels: [Label], into text: inout String) {
        Exposition.sample(name, labels, "\(value.withLock { $0 })", into: &text)
    }
}

final class FloatingPointCounterSeries: Series, FloatingPointCounterHandler {
    private let value = Monitor(0.0)

    func increment(by amount: Double) {
        guard amount > 0 else { return }
        value.withLock { value in value += amount }
    }

    func reset() { value.withLock { value in value = 0 } }

    func write(name: String, labels: [Label], into text: inout String) {
        Exposition.sample(name, labels, Exposition.number(value.withLock { $0 }), into: &text)
    }
}

final class GaugeSeries: Series, MeterHandler, RecorderHandler {
    private let value = Monitor(0.0)

    func set(_ new: Int64) { set(Double(new)) }
    func set(_ new: Double) { value.withLock { value in value = new } }
    func increment(by amount: Double) { value.withLock { value in value += amount } }
    func decrement(by amount: Double) { value.withLock { value in value -= amount } }
    func record(_ new: Int64) { set(Double(new)) }
    func record(_ new: Double) { set(new) }

    func write(name: String, labels: [Label], into text: inout String) {
        Exposition.sample(name, labels, Exposition.number(value.withLock { $0 }), into: &text)
    }
}

final class HistogramSeries: Series, RecorderHandler, TimerHandler {
    private struct State {
        /// One for each bound, not cumulative, and one for what is beyond the last.
        var counts: [Int]
        var sum = 0.0
    }

    private let bounds: [Double]
    private let state: Monitor<State>

    init(bounds: [Double]) {
        self.bounds = bounds
        state = Monitor(State(counts: .init(repeating: 0, count: bounds.count + 1)))
    }

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        guard !value.isNaN else { return }
        let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
        state.withLock { state in
            state.counts[bucket] += 1
            state.sum += value
        }
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }

    func write(name: String, labels: [Label], into text: inout String) {
        let state = state.withLock { $0 }
        var total = 0
        for (bound, count) in zip(bounds.map(Exposition.number) + ["+Inf"], state.counts) {
            total += count
            Exposition.sample(name + "_bucket", labels + [Label(name: "le", value: bound)], "\(total)", into: &text)
        }
        Exposition.sample(name + "_sum", labels, Exposition.number(state.sum), into: &text)
        Exposition.sample(name + "_count", labels, "\(total)", into: &text)
    }
}
