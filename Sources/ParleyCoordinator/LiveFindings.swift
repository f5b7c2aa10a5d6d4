// Findings that follow a round while it runs: what is sealed is read once, and then only what is new. An actor with a
// thread of its own, since taking in millions of outcomes blocks for a while.

import ParleyDispatch
import ParleyEvidence
public import ParleyModel
public import ParleyQueue

/// The findings of a round that still runs.
public actor LiveFindings {
    private nonisolated let executor = DispatchQueueExecutor(label: "parley.live")
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private let queue: CoordinatorQueue
    private var cells: LiveCells
    private var feed: ObservationFeed

    private init(queue: CoordinatorQueue, definition: RoundDefinition, feed: ObservationFeed) {
        self.queue = queue
        self.feed = feed
        cells = LiveCells(definition: definition)
    }

    /// Findings of what is sealed; ``refresh()`` takes in the rest.
    public static func of(_ round: RoundID, in queue: CoordinatorQueue) async throws -> LiveFindings {
        let sealed = try await queue.segments(round: round)
        let live = LiveFindings(
            queue: queue,
            definition: try await queue.open(round).definition,
            feed: ObservationFeed(round: round, without: sealed)
        )
        try await queue.read(sealed, of: round) { try await live.apply($0) }
        return live
    }

    private func apply(_ segments: [OutcomeSegment]) throws {
        for segment in segments { try cells.apply(segment) }
    }

    /// Takes in what changed since the last time. One call at a time.
    /// - Returns: how many observations changed
    @discardableResult
    public func refresh() async throws -> Int {
        var feed = feed
        let changes = try await feed.changes(from: queue)
        self.feed = feed
        try cells.apply(
            changes.map { change in
                switch change {
                case .observed(let observation): .observed(FindingsInput(observation))
                case .withdrawn(let observation):
                    .withdrawn(
                        cell: observation.cell,
                        sample: observation.sample,
                        epoch: FindingsInput(observation).epoch
                    )
                }
            }
        )
        return changes.count
    }

    /// What is known of every cell now, in the definition's order.
    /// - Parameter complete: whether with all that needs every outcome: what `findings` of the same outcomes says
    public func records(complete: Bool = false) throws -> [CellRecord] { try cells.records(complete: complete) }
}
