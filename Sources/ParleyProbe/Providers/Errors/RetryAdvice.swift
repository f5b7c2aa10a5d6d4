// How long a provider asks us to wait. Servers state it in many forms at once; the largest that applies wins, since
// coming back too early costs another failure and coming back late costs seconds.

import Foundation
public import ParleyModel

/// Reads the waits out of response headers.
struct RetryAdvice {
    /// The longest wait that is believed. Daily quotas reset within it; beyond it a header is a mistake.
    static let limit: Duration = .seconds(24 * 3600)

    /// Names in lower case.
    let headers: [String: String]
    /// The worker's clock, for dates where the response has no `Date`.
    let now: Date

    /// The wait, from 0 to `limit`; nil where no header states one.
    ///
    /// A `retry-after` or `retry-after-ms` competes with the resets of limits that are used up (or that do not say
    /// what remains): a limit with room left resets for its own reasons. Where only such resets are stated, they
    /// are all there is to go by.
    var wait: Duration? {
        let stated = [retryAfterMilliseconds, retryAfter].compactMap { $0 }
        let resets = resets
        let spent = resets.filter { $0.remaining.map { $0 <= 0 } ?? true }.map(\.seconds)
        let candidates = stated + spent
        guard let seconds = (candidates.isEmpty ? resets.map(\.seconds) : candidates).max() else { return nil }
        let clamped = min(max(seconds, 0), Double(Self.limit.components.seconds))
        return .milliseconds(Int64((clamped * 1000).rounded(.up)))
    }

    /// How long there is no room for another call that uses so many tokens, by what the limits say remains; nil where
    /// there is room, or nothing is stated.
    func wait(tokens: Int64) -> Duration? {
        let spent = resets.filter { reset in
            guard let remaining = reset.remaining else { return false }
            return remaining < (reset.name.contains("token") ? Double(max(tokens, 1)) : 1)
        }
        guard let seconds = spent.map(\.seconds).max(), seconds > 0 else { return nil }
        return .milliseconds(Int64((min(seconds, Double(Self.limit.components.seconds)) * 1000).rounded(.up)))
    }

    private var retryAfterMilliseconds: Double? { headers["retry-after-ms"].flatMap(Self.number).map { $0 / 1000 } }

    private var retryAfter: Double? {
        guard let text = headers["retry-after"] else { return nil }
        return Self.number(text) ?? TimeText.httpDate(text).map(seconds(until:))
    }

    /// `x-ratelimit-reset-X` (a duration) and `anthropic-ratelimit-X-reset` (a date), with what remains of each limit.
    private var resets: [(name: String, seconds: Double, remaining: Double?)] {
        headers.compactMap { name, value in
            if name.hasPrefix("x-ratelimit-reset-") {
                let remaining = headers["x-ratelimit-remaining-" + name.dropFirst("x-ratelimit-reset-".count)]
                return TimeText.duration(value).map { (name, $0, remaining.flatMap(Self.number)) }
            }
            if name.hasPrefix("anthropic-ratelimit-"), name.hasSuffix("-reset") {
                let remaining = headers[name.dropLast("reset".count) + "remaining"]
                return TimeText.iso8601(value).map { (name, seconds(until: $0), remaining.flatMap(Self.number)) }
            }
            return nil
        }
    }

    /// Relative to the server's own clock where it states it: ours may differ.
    private func seconds(until date: Date) -> Double {
        date.timeIntervalSince(headers["date"].flatMap(TimeText.httpDate) ?? now)
    }

    /// A finite number; `nan` and `inf` are not.
    private static func number(_ text: String) -> Double? {
        Double(text.trimmingCharacters(in: .whitespaces)).flatMap { $0.isFinite ? $0 : nil }
    }
}

extension Exchange {
    /// How long its provider has no room for another call that uses so many tokens, by its rate-limit headers; nil
    /// where there is room, or it does not say.
    public func waitForRoom(tokens: Int64) -> Duration? {
        RetryAdvice(headers: responseHeaders, now: .now).wait(tokens: tokens)
    }
}
