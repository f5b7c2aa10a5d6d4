// The limits of the last hours, kept in memory by the process that serves the dashboard: what a chart needs and no more.
// Another process, or this one started again, begins anew.

import Logging
import ParleyModel
import ParleyQueue
import ParleyReport
import ServiceLifecycle

/// Looks at all limits now and then, and keeps the looks.
actor LimitHistory {
    private struct Key: Hashable {
        let account: String
        let model: ModelName
    }

    static let pause = Duration.seconds(10)
    /// Two hours of looks, for at most so many limits.
    private static let mostLooks = 720
    private static let mostLimits = 256
    private let start = ContinuousClock.now
    private var looks: [Key: [DashboardLimitHistory.Look]] = [:]

    func add(_ entries: [LimitsDocument.Entry]) {
        let second = (ContinuousClock.now - start) / .seconds(1)
        for entry in entries {
            let key = Key(account: entry.account, model: entry.model)
            if looks[key] == nil, looks.count >= Self.mostLimits { continue }
            looks[key, default: []].append(
                .init(second: second, inFlight: entry.inFlight, allowed: Int(clamping: entry.allowed))
            )
            if looks[key, default: []].count > Self.mostLooks { looks[key]?.removeFirst() }
        }
    }

    var all: [DashboardLimitHistory] {
        looks.map { DashboardLimitHistory(account: $0.key.account, model: $0.key.model, looks: $0.value) }
    }
}
