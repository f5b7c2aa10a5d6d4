// Whose turn it is on a connection: a transaction owns the connection from begin to commit, and other tasks wait in
// the order in which they came. Pure bookkeeping; the connection resumes the waiters. Invariant: `owner` is nil only
// when nobody waits.

/// The queue of tasks before a connection that a transaction holds.
struct Turn {
    /// Names one transaction.
    typealias Token = UInt64

    struct Waiter {
        let token: Token
        let continuation: CheckedContinuation<Bool, Never>
    }

    private(set) var owner: Token?
    private var waiters: [Waiter] = []
    private var made: Token = 0

    mutating func makeToken() -> Token {
        made += 1
        return made
    }

    /// Takes the connection if it is free.
    mutating func take(_ token: Token) -> Bool {
        guard owner == nil else { return false }
        owner = token
        return true
    }

    mutating func wait(_ waiter: Waiter) { waiters.append(waiter) }

    /// Gives the connection to the next waiter and returns it.
    mutating func release() -> Waiter? {
        guard !waiters.isEmpty else {
            owner = nil
            return nil
        }
        let next = waiters.removeFirst()
        owner = next.token
        return next
    }

    /// Takes a waiter out of the queue; nil when it has had its turn.
    mutating func abandon(_ token: Token) -> Waiter? {
        guard let index = waiters.firstIndex(where: { $0.token == token }) else { return nil }
        return waiters.remove(at: index)
    }
}
