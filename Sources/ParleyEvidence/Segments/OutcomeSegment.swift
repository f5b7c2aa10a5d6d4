// A segment: finished outcomes of one cell by column, which the reduction reads without a row in between. The form is
// a version, the cell, the number of outcomes, the time of the last, the models that answered, then ten columns; all of
// it passes through the seam of stored blobs. The same outcomes in the same order give the same plain bytes.

import ParleyDispatch
public import ParleyModel
import ParleyReduction

/// Finished outcomes of one cell.
public struct OutcomeSegment: Sendable {
    private static let version: UInt64 = 1
    /// What is added to the kind where there is a score.
    private static let scored: Int64 = 8

    /// Index in `RoundDefinition.cells`.
    public let cell: Int
    /// When the last of them was recorded, in microseconds since the Unix epoch.
    public let latestMicros: Int64
    /// The model ids that came back, each once, sorted.
    public let modelsReturned: [String]
    let columns: OutcomeColumns

    /// The bytes to store of a cell's outcomes.
    public static func pack(
        _ outcomes: [FindingsInput],
        cell: Int,
        latestMicros: Int64,
        modelsReturned: Set<String>
    ) throws(ParleyFailure) -> [UInt8] {
        var bytes: [UInt8] = []
        for (value, width) in [
            (version, 1), (UInt64(cell), 4), (UInt64(outcomes.count), 4), (UInt64(bitPattern: latestMicros), 8),
            (UInt64(modelsReturned.count), 2),
        ] { PackedColumn.append(value, width: width, to: &bytes) }
        for model in modelsReturned.sorted() {
            PackedColumn.append(UInt64(model.utf8.count), width: 2, to: &bytes)
            bytes += model.utf8
        }
        let columns: [(FindingsInput) -> Int64] = [
            { Int64($0.sample) }, { Int64($0.epoch) },
            { Int64($0.kind.rawValue) + ($0.score == nil ? 0 : scored) }, { $0.score?.billionths ?? 0 },
            \.usage.input, \.usage.output, { $0.usage.cacheRead + $0.usage.cacheWrite }, \.usage.reasoning,
            \.cost.billionths, \.latencyMicros,
        ]
        for column in columns { PackedColumn.append(outcomes.map(column), to: &bytes) }
        return try BlobStore().store(bytes)
    }

    /// Reads stored bytes. Throws where they are damaged, or of a form that this program does not know.
    public init(unpacking content: [UInt8]) throws {
        var reader = PackedReader(try BlobStore().load(content))
        guard try reader.number(width: 1) == Self.version else {
            throw ParleyFailure(.failure, "a segment of outcomes has a form that this version of Parley does not know")
        }
        cell = Int(try reader.number(width: 4))
        let count = Int(try reader.number(width: 4))
        latestMicros = Int64(bitPattern: try reader.number(width: 8))
        var models: [String] = []
        for _ in 0..<(try reader.number(width: 2)) { models.append(try reader.text()) }
        modelsReturned = models
        let sample = try reader.column(count)
        let epoch = try reader.column(count)
        let mark = try reader.column(count)
        let score = try reader.column(count)
        let input = try reader.column(count)
        let output = try reader.column(count)
        let cached = try reader.column(count)
        let reasoning = try reader.column(count)
        let cost = try reader.column(count)
        let latency = try reader.column(count)
        let cellNumber = Int32(clamping: cell)
        var columns = OutcomeColumns()
        columns.reserve(count)
        for row in 0..<count {
            guard let kind = KindCode(rawValue: UInt8(truncatingIfNeeded: mark[row] & (Self.scored - 1))) else {
                throw ParleyFailure(.failure, "a segment of outcomes is damaged: a kind is \(mark[row])")
            }
            try columns.append(
                OutcomeRow(
                    cell: cellNumber,
                    sample: Int32(clamping: sample[row]),
                    epoch: Int32(clamping: epoch[row]),
                    kind: kind,
                    score: mark[row] >= Self.scored ? score[row] : nil,
                    tokensIn: input[row],
                    tokensOut: output[row],
                    tokensCached: cached[row],
                    tokensReasoning: reasoning[row],
                    cost: cost[row],
                    latency: latency[row]
                )
            )
        }
        self.columns = columns
    }

    /// Reads several at a time on all processors. Blocks its thread: call it from a queue of its own.
    public static func unpack(_ contents: [[UInt8]]) throws -> [OutcomeSegment] {
        try parallelMap(count: contents.count, threads: availableProcessors()) { index in
            Result { try OutcomeSegment(unpacking: contents[index]) }
        }.map { try $0.get() }
    }
}
