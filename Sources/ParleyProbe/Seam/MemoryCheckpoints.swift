// Checkpoints in memory: the driver of tests, and of runs that outlive no process.

public import ParleyModel
import Synchronization

/// Keeps the state of one job's run in memory.
public final class MemoryCheckpoints: CheckpointStore {
    /// What was kept at one save.
    public struct Saved: Hashable, Sendable {
        public var state: JSONValue
        public var usage: Usage
        public var cost: Money
    }

    private let saves = Mutex<[Saved]>([])

    public init() {}

    /// All saves, in order.
    public var history: [Saved] { saves.withLock { $0 } }

    public func load() async -> JSONValue? { saves.withLock { $0.last?.state } }

    public func save(_ state: JSONValue, usage: Usage, cost: Money) async {
        saves.withLock { $0.append(Saved(state: state, usage: usage, cost: cost)) }
    }
}
