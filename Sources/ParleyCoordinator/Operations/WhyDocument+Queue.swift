// Why something does not go on: of one job where it is, of a cell or a round what holds its unfinished jobs.

public import ParleyModel
public import ParleyQueue

extension RoundHold {
    /// Why the unfinished jobs of the round, or of one of its cells, are not done yet: the reason that holds most of
    /// them first.
    public func reasons(cell: Int? = nil) -> [WhyDocument.Reason] {
        var order: [String] = []
        var reasons: [String: WhyDocument.Reason] = [:]
        func add(_ reason: WhyDocument.Reason) {
            if reasons[reason.says] == nil { order.append(reason.says) }
            reasons[reason.says, default: reason].jobs += reasons[reason.says] == nil ? 0 : reason.jobs
        }
        let streams = streams.filter { cell == nil || $0.cell == cell }
        for stream in streams where stream.ready + stream.waiting > 0 { add(reason(for: stream)) }
        let held = streams.reduce(0) { $0 + $1.leased }
        if held > 0 { add(.init(.leased, "Workers have them just now.", jobs: held)) }
        let dead = streams.reduce(0) { $0 + $1.unruled }
        if dead > 0 {
            add(
                .init(
                    .dead,
                    "Their retries are spent.",
                    remedy:
                        "parley dead list \(record.name), then parley dead rule \(record.name) rerun|exclude|accept.",
                    jobs: dead
                )
            )
        }
        let found = order.compactMap { reasons[$0] }
        if found.isEmpty { return [.init(.finished, "Nothing: all its jobs are done.", jobs: 0)] }
        return found.enumerated().sorted { ($1.element.jobs, $0.offset) < ($0.element.jobs, $1.offset) }.map(\.element)
    }

    /// Why one job is not done yet.
    func reason(for place: JobPlace) -> WhyDocument.Reason {
        let name = record.name
        switch place.place {
        case .finished(let kind):
            return .init(.finished, "Nothing: it is done, and its outcome is '\(kind.name)'.", jobs: 0)
        case .dead(let failureClass, let message, let ruling?, let by):
            return .init(
                .finished,
                "Its retries are spent (\(failureClass): \(message)), and \(by ?? "somebody") ruled '\(ruling)'.",
                jobs: 0
            )
        case .dead(let failureClass, let message, nil, _):
            return .init(
                .dead,
                "Its retries are spent; the last failure was \(failureClass): \(message)",
                remedy: "parley dead rule \(name) rerun --class \(failureClass), or exclude, or accept.",
                jobs: 1
            )
        case .held(let worker, let workerName, let host, let time, let lease) where lease > .zero:
            return .init(
                .leased,
                "Worker \(worker) (\(workerName) on \(host)) has had it for \(Self.text(time)); without a sign of life "
                    + "its lease ends in \(Self.text(lease)).",
                remedy: "parley drain \(worker) --now takes back what that worker holds.",
                jobs: 1
            )
        case .held(let worker, let workerName, let host, _, let lease):
            return .init(
                .silent,
                "Worker \(worker) (\(workerName) on \(host)) has it, but its lease ended \(Self.text(.zero - lease)) ago: "
                    + "a coordinator will take it back.",
                remedy: "If this stays so, no coordinator runs: start `parley coordinator`.",
                jobs: 1
            )
        case .waiting(let wait, let attempt, let fingerprint) where wait > .zero:
            let last = fingerprint.map { " The last one failed by \($0)." } ?? ""
            return .init(
                .retry,
                "Attempt \(attempt + 1) begins in \(Self.text(wait)) at the earliest.\(last)",
                jobs: 1
            )
        case .waiting, .unclaimed:
            guard let stream = streams.first(where: { $0.id == place.stream }) else {
                return .init(.queue, "It waits for its turn.", jobs: 1)
            }
            if stream.stage == .grade, case .unclaimed = place.place {
                return .init(.queue, "It grades an answer that is not given yet.", jobs: 1)
            }
            var reason = reason(for: stream)
            reason.jobs = 1
            return reason
        }
    }
}

extension CoordinatorQueue {
    /// Why a job is not done yet; nil where no round has it.
    public func why(job: JobID) async throws -> WhyDocument? {
        guard let place = try await place(of: job),
            let record = try await rounds().first(where: { $0.id == place.round })
        else { return nil }
        let cell = try await definition(of: record.id).cells[place.cell]
        return WhyDocument(
            round: record.name,
            job: job.rawValue,
            suite: cell.suite,
            configuration: cell.configuration,
            sample: place.sample,
            epoch: place.epoch,
            reasons: [try await hold(record).reason(for: place)]
        )
    }

    /// Why a round, or one of its cells, is not done yet; nil where the round has no such cell.
    public func why(_ record: RoundRecord, cell: Cell? = nil) async throws -> WhyDocument? {
        var index: Int?
        if let cell {
            index = try await definition(of: record.id).cells.firstIndex(of: cell)
            if index == nil { return nil }
        }
        return WhyDocument(
            round: record.name,
            suite: cell?.suite,
            configuration: cell?.configuration,
            reasons: try await hold(record).reasons(cell: index)
        )
    }
}
