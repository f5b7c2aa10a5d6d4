// Which statements a connection has prepared. Pure: it decides names and evictions, and the connection carries them
// out. Invariant: at most `capacity` statements are prepared at a time; the least recently used goes first.

/// Prepared statements of one connection, by text and parameter types.
struct StatementCache {
    struct Key: Hashable {
        let sql: String
        let types: [UInt32]
    }

    private struct Entry {
        let name: String
        var lastUse: UInt64
    }

    let capacity: Int
    private var entries: [Key: Entry] = [:]
    private var uses: UInt64 = 0
    private var made: UInt64 = 0

    init(capacity: Int = 256) {
        precondition(capacity > 0, "StatementCache: the capacity must be positive, is \(capacity)")
        self.capacity = capacity
    }

    var count: Int { entries.count }

    /// The name of a prepared statement, counted as a use.
    mutating func name(of key: Key) -> String? {
        uses += 1
        entries[key]?.lastUse = uses
        return entries[key]?.name
    }

    /// A name that this connection has not used before.
    mutating func freshName() -> String {
        made += 1
        return "parley_\(made)"
    }

    /// Keeps a statement that has been prepared; returns the name of one to deallocate, if the cache was full.
    mutating func insert(_ key: Key, name: String) -> String? {
        var evicted: String?
        if entries.count >= capacity, let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse }) {
            evicted = oldest.value.name
            entries[oldest.key] = nil
        }
        uses += 1
        entries[key] = Entry(name: name, lastUse: uses)
        return evicted
    }

    /// Forgets a statement and returns its name.
    mutating func remove(_ key: Key) -> String? {
        entries.removeValue(forKey: key)?.name
    }
}
