// How long to wait before connecting again: doubling from 100 ms to 10 s, of which a random half to whole is waited, so
// that many workers do not come back in step after an outage.

/// The delay before the next attempt to connect.
struct Backoff: Sendable {
    private(set) var failures = 0

    /// The next delay: zero after a success.
    func delay(random: Double = .random(in: 0..<1)) -> Duration {
        if failures == 0 { return .zero }
        let whole = min(10_000.0, 100.0 * Double(1 << min(failures - 1, 10)))
        return .microseconds(Int64(whole * 1000 * (0.5 + random / 2)))
    }

    /// Waits for the delay.
    /// - Throws: `cancelled` when the task is cancelled meanwhile
    func pause() async throws(PostgresError) {
        let delay = delay()
        if delay == .zero { return }
        do {
            try await Task.sleep(for: delay)
        } catch {
            throw .cancelled("The task was cancelled while it waited to connect again.")
        }
    }

    mutating func failed() { failures += 1 }
    mutating func succeeded() { failures = 0 }
}
