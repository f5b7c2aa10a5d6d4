// Segments: ranges of finished probe jobs whose outcomes are stored once more, by column and compressed. This file
// knows when a range is final; what a segment holds is its maker's.

public import ParleyModel
import ParleyPostgres

/// A range of a cell's probe jobs in which every job has its outcome.
public struct SealableRange: Hashable, Sendable {
    /// Index in `RoundDefinition.cells`.
    public let cell: Int
    /// Job numbers.
    public let jobs: Range<Int64>
}

extension CoordinatorQueue {
    /// The most jobs of a segment.
    private static let segmentSize: Int64 = 1 << 16
    /// Ranges with fewer jobs are read as rows, which is as fast.
    private static let leastSegmentSize: Int64 = 1 << 10

    /// Ranges that are final and not sealed yet: nothing ready, held, waiting or dead, and graded by the probe itself.
    public func sealableRanges(round: RoundID, limit: Int) async throws -> [SealableRange] {
        try await query(
            .sealable,
            [
                .int64(round.rawValue), .int64(Self.segmentSize), .int64(Self.leastSegmentSize),
                .int64(Int64(limit)),
            ]
        ).map { row in
            SealableRange(cell: Int(try row.int32(0)), jobs: try row.int64(1)..<row.int64(2))
        }
    }

    /// Stores a segment. One that is there already stays.
    public func seal(round: RoundID, jobs: Range<Int64>, content: [UInt8]) async throws {
        _ = try await query(
            .seal,
            [
                .int64(round.rawValue), .int64(jobs.lowerBound), .int64(jobs.upperBound), .bytea(content),
                .bytea(ContentHash(of: content).bytes),
            ]
        )
    }

    /// The job numbers of a round's segments, ascending.
    public func segments(round: RoundID) async throws -> [Range<Int64>] {
        try await query(.segments, [.int64(round.rawValue)]).map { try $0.int64(0)..<$0.int64(1) }
    }

    /// The contents of some segments, each held against its hash.
    public func segmentContents(round: RoundID, of ranges: [Range<Int64>]) async throws -> [[UInt8]] {
        if ranges.isEmpty { return [] }
        let rows = try await query(
            .segmentContents,
            [.int64(round.rawValue), .int64Array(ranges.map(\.lowerBound))]
        )
        return try rows.map { row in
            let content = try row.bytea(0)
            guard ContentHash(of: content).bytes == (try row.bytea(1)) else {
                throw ParleyFailure(
                    .failure,
                    "A segment of round \(round) does not have its hash.",
                    remedy: "Delete the row from parley.segments: it is made again from the outcomes."
                )
            }
            return content
        }
    }
}
