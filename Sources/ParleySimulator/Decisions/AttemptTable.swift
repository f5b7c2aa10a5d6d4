// How often each prompt was asked, in a bounded table. Faults are drawn by this count, so that a retry meets a new
// draw. Open addressing over a short run of slots, four slots for each prompt that is to be remembered, so that a run
// is hardly ever full before the table is; where it is, its least asked prompt gives way, and is then counted from
// nothing when it comes again. Invariant: memory never grows after the table was made.

struct AttemptTable {
    private static let run = 16

    private var keys: [UInt64]
    private var counts: [UInt32]
    private let mask: Int
    /// How many different prompts came. One that gave way counts again when it comes back.
    private(set) var distinct = 0

    /// Makes room for at least `capacity` prompts.
    init(capacity: Int) {
        var size = Self.run
        while size < 4 * capacity { size *= 2 }
        keys = Array(repeating: 0, count: size)
        counts = Array(repeating: 0, count: size)
        mask = size - 1
    }

    /// Counts one more request of this prompt; returns how many came before it.
    mutating func record(_ key: UInt64) -> UInt32 {
        let start = Int(truncatingIfNeeded: key) & mask
        var least = start
        for step in 0..<Self.run {
            let slot = (start + step) & mask
            if counts[slot] == 0 {
                return take(slot, for: key)
            } else if keys[slot] == key {
                let before = counts[slot]
                counts[slot] = before == .max ? before : before + 1
                return before
            } else if counts[slot] < counts[least] {
                least = slot
            }
        }
        return take(least, for: key)
    }

    private mutating func take(_ slot: Int, for key: UInt64) -> UInt32 {
        keys[slot] = key
        counts[slot] = 1
        distinct += 1
        return 0
    }
}
