// What is counted. Each instrument is a handful of atomics: adding takes no lock and no memory, so a job may do it.
//
// Invariant: relaxed order suffices, since no reader concludes from one value about another; a histogram that is read
// while it is added to may be one observation apart between its parts, which is why its count is taken from its buckets.

import Synchronization

/// A number that only grows.
public final class Counter: MetricInstrument {
    public static let kind = MetricKind.counter
    private let sum = Atomic<Int>(0)
    private let unit: MetricUnit

    init(_ shape: MetricShape) { unit = shape.unit }

    /// Adds, of a unit of one.
    public func add(_ count: Int = 1) { sum.wrappingAdd(count, ordering: .relaxed) }

    /// Adds time, of a unit of seconds.
    public func add(_ time: Duration) { add(time.clampedNanoseconds) }

    /// What was added, in the unit that is kept: nanoseconds where seconds are shown.
    public var value: Int { sum.load(ordering: .relaxed) }

    func write(_ writer: inout ExpositionWriter, _ name: String, _ labels: String) {
        writer.sample(name, labels, unit.shown(value))
    }
}

/// A number that goes up and down.
public final class Gauge: MetricInstrument {
    public static let kind = MetricKind.gauge
    private let bits = Atomic<UInt64>(0)

    init(_ shape: MetricShape) {}

    public func set(_ value: Double) { bits.store(value.bitPattern, ordering: .relaxed) }

    public func set(_ value: Int) { set(Double(value)) }

    public var value: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }

    func write(_ writer: inout ExpositionWriter, _ name: String, _ labels: String) {
        writer.sample(name, labels, value)
    }
}

/// How long things took, by fixed bounds.
public final class Histogram: MetricInstrument {
    public static let kind = MetricKind.histogram
    /// Upper bounds in nanoseconds, ascending; `buckets` has one more, for what is above all.
    private let bounds: [Int]
    private let buckets: [Counter]
    private let sum: Counter

    init(_ shape: MetricShape) {
        bounds = shape.bounds.map(\.clampedNanoseconds)
        buckets = (0...bounds.count).map { _ in Counter(shape) }
        sum = Counter(shape)
    }

    public func observe(_ time: Duration) {
        let nanoseconds = time.clampedNanoseconds
        var place = 0
        while place < bounds.count, nanoseconds > bounds[place] { place += 1 }
        buckets[place].add()
        sum.add(nanoseconds)
    }

    /// How many were observed.
    public var count: Int { buckets.reduce(0) { $0 + $1.value } }

    func write(_ writer: inout ExpositionWriter, _ name: String, _ labels: String) {
        var below = 0
        let separator = labels.isEmpty ? "" : ","
        for (place, bucket) in buckets.enumerated() {
            below += bucket.value
            let bound = place < bounds.count ? ExpositionWriter.number(Double(bounds[place]) / 1e9) : "+Inf"
            writer.sample(name + "_bucket", "\(labels)\(separator)le=\"\(bound)\"", Double(below))
        }
        writer.sample(name + "_sum", labels, Double(sum.value) / 1e9)
        writer.sample(name + "_count", labels, Double(below))
    }
}

extension Duration {
    /// In nanoseconds; none below zero, and at most what a 64-bit number holds (292 years).
    package var clampedNanoseconds: Int {
        let (seconds, attoseconds) = components
        if seconds < 0 || attoseconds < 0 { return 0 }
        if seconds > 9_000_000_000 { return .max }
        return Int(seconds) * 1_000_000_000 + Int(attoseconds / 1_000_000_000)
    }
}
