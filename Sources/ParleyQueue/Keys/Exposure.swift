// Which models held-out samples are sent to, and how many of them were. A row stands for each from the submission on;
// the database fills it from how far streams were claimed.

public import ParleyModel
import ParleyPostgres

/// A model that is called with samples of a held-out suite.
public struct Exposure: Hashable, Sendable {
    /// As what it is called.
    public enum Purpose: String, Hashable, Sendable, Codable { case target, judge, helper }

    public let round: RoundName
    public let suite: SuiteName
    public let model: ModelName
    public let purpose: Purpose
    public let party: PartyName
    /// The account and the address that are called.
    public let provider: String
    /// Where it is agreed that the provider does not train on it; empty for the owner's own.
    public let term: String
    /// How many samples it may have seen: the first ones in their frozen order.
    public let samples: Int
    /// Microseconds since the Unix epoch; nil where none was sent yet.
    public let firstAtMicros: Int64?
    public let latestAtMicros: Int64?
    /// The names of those samples: commitments that only the holders of the suite's key can open.
    public let commitments: [ContentHash]
}

extension StreamPlan {
    struct PlannedExposure: Hashable {
        let suite: Int
        let purpose: Exposure.Purpose
        let model: ModelDefinition
        let term: String

        var provider: String { "\(model.account) at \(model.baseURL)" }
    }

    /// What will be called with samples of held-out suites, each once.
    func exposures(of definition: RoundDefinition) -> [PlannedExposure] {
        var seen: Set<PlannedExposure> = []
        return streams.flatMap { stream -> [PlannedExposure] in
            let suite = definition.suites[stream.suite]
            guard suite.isHeldOut else { return [] }
            return stream.subjects.compactMap { model -> PlannedExposure? in
                let isCalled = model.name == stream.model
                if stream.stage == .grade, !isCalled { return nil }
                return PlannedExposure(
                    suite: stream.suite,
                    purpose: stream.stage == .grade ? .judge : isCalled ? .target : .helper,
                    model: model,
                    term: model.party == suite.party ? "" : model.noTraining ?? ""
                )
            }
        }.filter { seen.insert($0).inserted }
    }
}

extension CoordinatorQueue {
    /// Brings what was sent up to date.
    /// - Returns: how many rows have grown
    @discardableResult
    public func recordExposures() async throws -> Int {
        Int(try await query(.recordExposures).only().int64("count"))
    }

    /// Which models held-out samples go to.
    /// - Parameter name: of a round, or of a suite in all rounds
    public func exposures(of name: String) async throws -> [Exposure] {
        try await recordExposures()
        var exposures: [Exposure] = []
        for row in try await query(.exposures, [.text(name)]) {
            guard let purpose = Exposure.Purpose(rawValue: try row.text("purpose")) else {
                throw ParleyFailure(.database, "The database holds a purpose that this program does not know.")
            }
            let samples = try row.int32("samples")
            let commitments = try await query(
                .commitments,
                [.int64(row.int64("round_id")), .int32(row.int32("suite_no")), .int32(samples)]
            ).map { try ContentHash(stored: $0.bytea(0)) }
            exposures.append(
                Exposure(
                    round: RoundName(try row.text("round")),
                    suite: SuiteName(try row.text("suite")),
                    model: ModelName(try row.text("model")),
                    purpose: purpose,
                    party: PartyName(try row.text("party")),
                    provider: try row.text("provider"),
                    term: try row.text("term"),
                    samples: Int(samples),
                    firstAtMicros: try row.timestamptzOrNil("first_at"),
                    latestAtMicros: try row.timestamptzOrNil("latest_at"),
                    commitments: commitments
                )
            )
        }
        return exposures
    }
}
