// What happens in a round, from now on: ends of jobs, failed attempts and entries of the ledger, by the time at which
// they happened within each look.

import Foundation
public import ParleyModel
public import ParleyQueue

/// Follows a round.
public struct RoundTail: Sendable {
    private let queue: CoordinatorQueue
    private let record: RoundRecord
    private let definition: RoundDefinition
    private var ends: ObservationFeed
    private var failures: FailureFeed
    private var lastEntry: Int

    /// Follows a round from now on.
    public init(_ record: RoundRecord, from queue: CoordinatorQueue) async throws {
        self.queue = queue
        self.record = record
        definition = try await queue.definition(of: record.id)
        failures = FailureFeed(round: record.id, fromMicros: try await queue.now())
        lastEntry = try await queue.ledgerEntries(of: record.id).last?.sequence ?? 0
        ends = ObservationFeed(round: record.id, without: try await queue.segments(round: record.id))
        _ = try await ends.changes(from: queue)
    }

    /// What happened since the last call.
    public nonisolated(nonsending) mutating func next() async throws -> [TailRecord] {
        var found: [(at: Int64, record: TailRecord)] = []
        for failure in try await failures.failures(from: queue) {
            found.append((failure.endedAtMicros, record(of: failure)))
        }
        for case .observed(let end) in try await ends.changes(from: queue) {
            found.append((end.completedAtMicros, record(of: end)))
        }
        for entry in try await queue.ledgerEntries(of: record.id, after: lastEntry) {
            lastEntry = entry.sequence
            var line = TailRecord(at: Self.text(entry.atMicros), what: .event)
            line.who = entry.who
            line.action = entry.what
            line.subject = entry.subject
            line.why = entry.why.isEmpty ? nil : entry.why
            found.append((entry.atMicros, line))
        }
        return found.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
            .map(\.element.record)
    }

    /// Whether nothing more will happen to the round's jobs.
    public func isOver() async throws -> Bool {
        guard let record = try await queue.round(named: record.name) else { return true }
        return ![.draft, .frozen, .running].contains(record.state)
    }

    private func record(of end: Observation) -> TailRecord {
        var line = TailRecord(at: Self.text(end.completedAtMicros), what: .end)
        line.place(end.job, definition.cells[end.cell], end.sample, end.epoch)
        line.kind = end.kind
        line.score = end.score?.value
        return line
    }

    private func record(of failure: FailedTry) -> TailRecord {
        var line = TailRecord(at: Self.text(failure.endedAtMicros), what: .failure)
        line.place(failure.job, definition.cells[failure.cell], failure.sample, failure.epoch)
        line.failureClass = failure.failureClass
        line.message = failure.message
        line.disposition = failure.disposition
        line.worker = failure.worker.rawValue
        return line
    }

    private static func text(_ micros: Int64) -> String {
        Date(timeIntervalSince1970: Double(micros) / 1e6)
            .formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }
}

extension TailRecord {
    fileprivate mutating func place(_ job: JobID, _ cell: Cell, _ sample: Int, _ epoch: Int) {
        self.job = job.rawValue
        suite = cell.suite
        configuration = cell.configuration
        self.sample = sample
        self.epoch = epoch
    }
}
