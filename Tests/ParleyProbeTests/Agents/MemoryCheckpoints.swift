// Checkpoints in memory, every one of them kept.

import ParleyModel
import ParleyProbe
import Synchronization

/// Keeps the state of one job's run in memory.
final class MemoryCheckpoints: CheckpointStore {
    /// What was kept at one save.
    struct Saved {
        var state: JSONValue
        var usage: Usage
        var cost: Money
    }

    private let saves = Mutex<[Saved]>([])

    /// All saves, in order.
    var history: [Saved] { saves.withLock { $0 } }

    func load() async -> JSONValue? { saves.withLock { $0.last?.state } }

    func save(_ state: JSONValue, usage: Usage, cost: Money) async {
        saves.withLock { $0.append(Saved(state: state, usage: usage, cost: cost)) }
    }
}
