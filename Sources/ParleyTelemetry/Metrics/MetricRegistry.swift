// All metrics of one process. Handed on, never global: two daemons in one process (`parley run`, tests) count apart.

import Synchronization

/// The metrics of a process, in the order in which they were made.
public final class MetricRegistry: Sendable {
    private struct State {
        var sources: [any MetricSource] = []
        var readings: [@Sendable () async -> Void] = []
    }

    private let state = Mutex(State())

    /// A registry that states which program it counts for.
    public init(program: String, version: String) {
        gauge("parley_build_info", "The program that is running; always 1.", labels: ["program", "version"])
            .of(program, version).set(1)
    }

    public func counter(
        _ name: String,
        _ help: String,
        labels: [String] = [],
        unit: MetricUnit = .one
    ) -> MetricFamily<Counter> {
        add(
            MetricFamily(name, help, labels: labels, make: { Counter(MetricShape(unit: unit)) }) {
                $0.write(&$1, $2, $3)
            }
        )
    }

    public func gauge(_ name: String, _ help: String, labels: [String] = []) -> MetricFamily<Gauge> {
        add(MetricFamily(name, help, labels: labels, make: { Gauge(MetricShape()) }) { $0.write(&$1, $2, $3) })
    }

    /// - Parameter bounds: upper bounds of the buckets, ascending; one for all that is above is added
    public func histogram(
        _ name: String,
        _ help: String,
        labels: [String] = [],
        bounds: [Duration]
    ) -> MetricFamily<Histogram> {
        let shape = MetricShape(unit: .seconds, bounds: bounds)
        return add(MetricFamily(name, help, labels: labels, make: { Histogram(shape) }) { $0.write(&$1, $2, $3) })
    }

    /// Something to be read just before the metrics are written: what somebody else counts already.
    public func beforeWriting(_ read: @escaping @Sendable () async -> Void) {
        state.withLock { $0.readings.append(read) }
    }

    /// All metrics in the text format.
    public func text() async -> String {
        for read in state.withLock({ $0.readings }) { await read() }
        var writer = ExpositionWriter()
        for source in state.withLock({ $0.sources }) { source.write(&writer) }
        return writer.text
    }

    /// What `text` is, as HTTP names it.
    public static var contentType: String { ExpositionWriter.contentType }

    private func add<Instrument>(_ family: MetricFamily<Instrument>) -> MetricFamily<Instrument> {
        state.withLock { state in
            precondition(!state.sources.contains { $0.name == family.name }, "\(family.name) is there twice")
            state.sources.append(family)
        }
        return family
    }
}

extension [Duration] {
    /// Bounds for what takes a moment: statements, turns of a loop. From 1 ms to 30 s.
    public static var shortTimes: [Duration] {
        [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 10_000, 30_000].map { .milliseconds($0) }
    }

    /// Bounds for probes and calls of models. From 50 ms to an hour.
    public static var longTimes: [Duration] {
        [50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000, 180_000, 600_000, 3_600_000].map {
            .milliseconds($0)
        }
    }
}
