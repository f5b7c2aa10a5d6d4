// The course of the limits: a look every ten seconds, kept in the database in a ring.

public import ParleyModel
import ParleyPostgres

extension CoordinatorQueue {
    /// Takes note of how the limits of running rounds are now; to be called every ten seconds.
    public func lookAtLimits() async throws { _ = try await query(.lookAtLimits) }

    /// The course of limits, for each at most one of each step, in this order.
    public func limitCourses(of limits: [LimitsDocument.Entry]) async throws -> [LimitCourse] {
        struct Key: Hashable {
            let account: String
            let model: String
            let step: Int32
        }
        var looks: [Key: [LimitCourse.Look]] = [:]
        for row in try await query(
            .limitLooks,
            [.textArray(limits.map(\.account)), .textArray(limits.map(\.model.text))]
        ) {
            let key = Key(account: try row.text("account"), model: try row.text("model"), step: try row.int32("step"))
            looks[key, default: []].append(
                LimitCourse.Look(
                    ago: try row.int64("ago"),
                    inFlight: Int(try row.int32("in_flight")),
                    allowed: Int(try row.int32("allowed"))
                )
            )
        }
        return looks.sorted {
            ($0.key.account, $0.key.model, $0.key.step) < ($1.key.account, $1.key.model, $1.key.step)
        }.map { key, looks in
            LimitCourse(account: key.account, model: ModelName(key.model), step: Int(key.step), looks: looks)
        }
    }
}
