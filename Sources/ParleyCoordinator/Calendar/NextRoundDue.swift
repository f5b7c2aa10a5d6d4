// When the next round of a round's series is due: the day on which its run begins, in UTC.

import Foundation
public import ParleyModel
public import ParleyQueue
import ParleyRounds

extension CoordinatorQueue {
    /// `YYYY-MM-DD`; nil for a round of no series, and where the calendar goes no further.
    public func nextRoundDue(after round: RoundName) async throws -> String? {
        let windows = try await calendar()
        guard let own = windows.first(where: { $0.round == round }) else { return nil }
        let next = windows.filter {
            $0.series == own.series && $0.occurrence > own.occurrence && $0.kind == WindowKind.run.rawValue
        }
        .min { $0.opensAtMicros < $1.opensAtMicros }
        return next.map {
            Date(timeIntervalSince1970: Double($0.opensAtMicros) / 1e6)
                .formatted(.iso8601.year().month().day())
        }
    }
}
