// How often a caller may ask: a bucket of tokens for each token or address, filled evenly. Invariant: the memory is
// bounded; where there are too many callers, those whose buckets are full, who lose nothing by it, are forgotten.

import Hummingbird
import Synchronization

/// Counts what callers ask.
final class RateLimiter: Sendable {
    private struct Bucket {
        var level: Double
        var at: ContinuousClock.Instant
    }

    private static let mostCallers = 10_000
    private let perSecond: Double
    private let burst: Double
    private let buckets = Mutex<[String: Bucket]>([:])

    /// - Parameters:
    ///   - perMinute: what is allowed for long
    ///   - burst: what is allowed at once
    init(perMinute: Int, burst: Int) {
        perSecond = Double(perMinute) / 60
        self.burst = Double(burst)
    }

    /// Takes one from a caller's bucket.
    /// - Returns: how long to wait where it is empty; nil where it was not
    func take(_ caller: String, at now: ContinuousClock.Instant = .now) -> Duration? {
        buckets.withLock { buckets in
            if buckets.count >= Self.mostCallers, buckets[caller] == nil { forget(&buckets, now) }
            var bucket = buckets[caller] ?? Bucket(level: burst, at: now)
            bucket.level = level(bucket, now)
            bucket.at = now
            defer { buckets[caller] = bucket }
            if bucket.level >= 1 {
                bucket.level -= 1
                return nil
            }
            return .seconds((1 - bucket.level) / perSecond)
        }
    }

    /// Takes one, and refuses where there is none.
    func admit(_ caller: String) throws {
        guard let wait = take(caller) else { return }
        throw Problem(
            .tooManyRequests,
            "That is more than \(Int(perSecond * 60)) requests a minute.",
            remedy: "Ask again later; Retry-After says when.",
            headers: [.retryAfter: "\(wait.components.seconds + 1)"]
        )
    }

    private func level(_ bucket: Bucket, _ now: ContinuousClock.Instant) -> Double {
        min(burst, bucket.level + (now - bucket.at) / .seconds(1) * perSecond)
    }

    private func forget(_ buckets: inout [String: Bucket], _ now: ContinuousClock.Instant) {
        buckets = buckets.filter { level($0.value, now) < burst }
        // All of them ask: whoever is new starts with whoever is left out.
        if buckets.count >= Self.mostCallers { buckets.removeAll(keepingCapacity: true) }
    }
}

/// Limits what comes from one address, before anything is asked of the database.
struct AddressLimit: RouterMiddleware {
    let limiter: RateLimiter

    @concurrent func handle(
        _ request: Request,
        context: ServiceRequestContext,
        next: @concurrent (Request, ServiceRequestContext) async throws -> Response
    ) async throws -> Response {
        // A supervisor's question is always answered.
        if request.uri.path != "/healthz" { try limiter.admit(context.address) }
        return try await next(request, context)
    }
}
