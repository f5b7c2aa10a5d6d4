// A batch of results as `parley.commit` takes it: jobs of blocks first, block by block and in order, single jobs after
// them; arrays without nulls, so that the server reads them by position.

import ParleyModel
import ParleyPostgres

struct CommitColumns {
    /// Stands for no score.
    private static let noScore = Int64.min

    let values: [PostgresValue]
    /// The places of results that are left out, since the batch has one of their job already.
    let repeated: [Int]

    /// Takes results in any order.
    init(_ commits: [Commit]) {
        // One number sorts: single jobs after those of blocks. Job numbers are below 2^63.
        let places = commits.map { UInt64($0.key.job.rawValue) | ($0.key.block == nil ? 1 << 63 : 0) }
        var order = Array(commits.indices)
        var repeated: [Int] = []
        if !zip(places, places.dropFirst()).allSatisfy({ $0 < $1 }) {
            order.sort { (places[$0], $0) < (places[$1], $1) }
            repeated = zip(order, order.dropFirst()).filter { places[$0] == places[$1] }.map(\.1)
            if !repeated.isEmpty {
                let left = Set(repeated)
                order.removeAll { left.contains($0) }
            }
        }
        self.repeated = repeated
        var blocks: [Int64?] = []
        var masks: [Int64] = []
        var starts: [Int32?] = []
        for (place, index) in order.enumerated() {
            let key = commits[index].key
            guard let block = key.block?.rawValue else { break }
            if blocks.last != block {
                blocks.append(block)
                masks.append(0)
                starts.append(Int32(clamping: place + 1))
            }
            masks[masks.count - 1] |= 1 << (key.job.rawValue - block)
        }
        var models: [String: Int16] = [:]
        var names: [String] = []
        let modelNumbers: [Int16?] = order.map { index in
            guard let model = commits[index].modelReturned else { return 0 }
            if let number = models[model] { return number }
            names.append(model.storable(bytes: 1024))
            models[model] = Int16(clamping: names.count)
            return Int16(clamping: names.count)
        }
        func numbers(_ value: (Commit) -> Int64) -> [Int64?] { order.map { value(commits[$0]) } }
        func numbersOrNull(_ value: (Commit) -> Int64) -> PostgresValue {
            commits.contains { value($0) != 0 } ? .int64Array(numbers(value)) : .null(.int64Array)
        }
        values = [
            .int64Array(blocks), .int64Array(masks), .int32Array(starts), .int64Array(numbers(\.key.job.rawValue)),
            .int64Array(numbers(\.key.fence)), .int16Array(order.map { Int16(commits[$0].kind.rawValue) }),
            .int64Array(numbers { $0.score?.billionths ?? Self.noScore }), .int64Array(numbers(\.usage.input)),
            .int64Array(numbers(\.usage.output)), numbersOrNull(\.usage.cacheRead),
            numbersOrNull(\.usage.cacheWrite), numbersOrNull(\.usage.reasoning),
            .int64Array(numbers(\.cost.billionths)), .int64Array(numbers(\.latencyMicros)), .int16Array(modelNumbers),
            .textArray(names),
            commits.contains { $0.transcript != nil }
                ? .byteaArray(order.map { commits[$0].transcript }) : .null(.byteaArray),
        ]
    }
}
