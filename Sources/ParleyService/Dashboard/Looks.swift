// What the dashboard looks at, kept for a moment: however many browsers are open, the database is asked for each thing
// by one look at a time, and for a tenth of its time at most.

/// Values by key, each looked at anew when it is old and asked for.
actor Looks<Key: Hashable & Sendable, Value: Sendable> {
    private struct Look {
        let task: Task<Value, any Error>
        /// nil while it is being looked at.
        var until: ContinuousClock.Instant?
    }

    private static var most: Int { 64 }
    private let age: Duration
    private var looks: [Key: Look] = [:]

    /// - Parameter age: for how long a value is kept at least
    init(age: Duration) { self.age = age }

    /// Looks anew at all that is asked for from now on.
    func forget() { looks = [:] }

    func value(_ key: Key, _ look: @Sendable @escaping () async throws -> Value) async throws -> Value {
        if let known = looks[key], known.until.map({ $0 > .now }) ?? true { return try await known.task.value }
        if looks.count >= Self.most { looks = looks.filter { $0.value.until.map { $0 > .now } ?? true } }
        let start = ContinuousClock.now
        let task = Task { try await look() }
        looks[key] = Look(task: task)
        do {
            let value = try await task.value
            looks[key]?.until = .now + max(age, (ContinuousClock.now - start) * 10)
            return value
        } catch {
            looks[key] = nil
            throw error
        }
    }
}
