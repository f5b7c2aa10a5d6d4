// A metric with its labels. Whoever adds often asks for its instrument once and keeps it: only the asking takes a lock.
//
// Invariant: a family has at most `seriesLimit` label sets. What comes beyond counts under `other`, so that no text
// from a round file, however many there are, makes a monitoring server grow without bound.

import Synchronization

/// The kinds of the text format.
public enum MetricKind: String, Sendable { case counter, gauge, histogram }

/// What a value counts. Seconds are kept as nanoseconds.
public enum MetricUnit: Sendable {
    case one
    case seconds

    func shown(_ value: Int) -> Double { self == .one ? Double(value) : Double(value) / 1e9 }
}

/// What the instruments of a family have in common.
public struct MetricShape: Sendable {
    var unit = MetricUnit.one
    var bounds: [Duration] = []
}

/// One series of a family.
public protocol MetricInstrument: AnyObject, Sendable {
    static var kind: MetricKind { get }
}

/// A metric: its name, what it says, and an instrument for each set of labels.
public final class MetricFamily<Instrument: MetricInstrument>: MetricSource {
    /// The most label sets of one metric.
    public static var seriesLimit: Int { 512 }

    public let name: String
    private let help: String
    private let labels: [String]
    private let make: @Sendable () -> Instrument
    private let writeOne: @Sendable (Instrument, inout ExpositionWriter, String, String) -> Void
    private let series = Mutex<[[String]: Instrument]>([:])

    init(
        _ name: String,
        _ help: String,
        labels: [String],
        make: @escaping @Sendable () -> Instrument,
        write: @escaping @Sendable (Instrument, inout ExpositionWriter, String, String) -> Void
    ) {
        self.name = name
        self.help = help
        self.labels = labels
        self.make = make
        writeOne = write
        // A metric without labels is there from the start, at zero.
        if labels.isEmpty { series.withLock { $0[[]] = make() } }
    }

    /// The instrument of these label values, in the order of the family's labels; the same one each time.
    public func of(_ values: String...) -> Instrument { instrument(values) }

    /// Takes the place of all label sets: for gauges that are read off something else, whose parts come and go.
    public func replaceAll(_ entries: [(labels: [String], set: (Instrument) -> Void)]) {
        var fresh: [[String]: Instrument] = [:]
        for entry in entries.prefix(Self.seriesLimit) {
            let instrument = make()
            entry.set(instrument)
            fresh[entry.labels] = instrument
        }
        series.withLock { $0 = fresh }
    }

    /// All series with the values of their labels.
    public var all: [(labels: [String], instrument: Instrument)] {
        series.withLock { $0.map { (labels: $0.key, instrument: $0.value) } }
    }

    private func instrument(_ values: [String]) -> Instrument {
        precondition(values.count == labels.count, "\(name) has the labels \(labels), not as many as \(values)")
        return series.withLock { series in
            if let known = series[values] { return known }
            let key = series.count < Self.seriesLimit ? values : labels.map { _ in "other" }
            if let known = series[key] { return known }
            let new = make()
            series[key] = new
            return new
        }
    }

    func write(_ writer: inout ExpositionWriter) {
        let all = all
        if all.isEmpty { return }
        writer.head(name, help, Instrument.kind)
        for (values, instrument) in all.sorted(by: { $0.labels.lexicographicallyPrecedes($1.labels) }) {
            writeOne(instrument, &writer, name, ExpositionWriter.labels(labels, values))
        }
    }
}

/// What can be written.
protocol MetricSource: AnyObject, Sendable {
    var name: String { get }
    func write(_ writer: inout ExpositionWriter)
}
