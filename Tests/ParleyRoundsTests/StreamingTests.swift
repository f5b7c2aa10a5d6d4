// Large datasets are read through one chunk, shuffled or not; shuffles are the same for the same seed.

import Foundation
import ParleyModel
import Testing

@testable import ParleyRounds

@Suite("A large dataset")
struct StreamingTests {
    static let rows = 200_000

    @Test("of 200,000 rows is read with one chunk and one row in memory")
    func boundedMemory() throws {
        let folder = try Folder()
        var text = "id,input\n"
        for row in 0..<Self.rows { text += "r\(row),q\n" }
        try folder.write("data.csv", text)
        let specification = folder.specification("data.csv", .csv)
        let chunk = 4096
        var scanner = try RowScanner(specification, chunkSize: chunk)
        var count = 0
        while try scanner.next() != nil { count += 1 }
        #expect(count == Self.rows + 1)
        #expect(scanner.largestBuffer < chunk + 64)
        #expect(text.utf8.count > 400 * chunk)
    }

    @Test("shuffled keeps 16 bytes a row and gives each row once")
    func shuffledMemory() throws {
        #expect(MemoryLayout<RowLocation>.stride == 16)
        let folder = try Folder()
        let rows = 5_000
        try folder.write("data.jsonl", (1...rows).map { "{\"input\":\"q\($0)\"}\n" }.joined())
        let source = try DatasetSource.open(folder.specification("data.jsonl", .jsonl) { $0.shuffleSeed = 3 })
        #expect(source.locations?.count == rows)
        var reader = try source.makeReader()
        var ids: [Int] = []
        while let sample = try reader.next() {
            #expect(sample.input[0].content == "q\(sample.id)")
            ids.append(Int(sample.id) ?? 0)
        }
        #expect(reader.largestBuffer < RowScanner.seekingChunk * 2)
        #expect(ids != Array(1...rows) && ids.sorted() == Array(1...rows))
    }

    @Test("shuffled and limited takes the head of the shuffled whole", arguments: [0, 1, 7] as [UInt64])
    func limitAfterShuffle(_ seed: UInt64) throws {
        let folder = try Folder(["data.jsonl": (1...50).map { "{\"input\":\"q\($0)\"}\n" }.joined()])
        func ids(_ seed: UInt64?, _ limit: Int?) throws -> [String] {
            try folder.samples("data.jsonl", .jsonl) {
                $0.shuffleSeed = seed
                $0.limit = limit
            }.map(\.id)
        }
        let whole = try ids(seed, nil)
        #expect(try ids(seed, nil) == whole)
        #expect(try ids(seed, 10) == Array(whole.prefix(10)))
        #expect(try ids(seed + 1, nil) != whole)
    }

    @Test("is shuffled by SplitMix64 as its authors publish it")
    func splitMix() {
        var generator = SplitMix64(seed: 1_234_567)
        let expected: [UInt64] = [
            6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
            4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
        ]
        #expect(expected.map { _ in generator.next() } == expected)
    }

    @Test("gives every order of three rows about equally often")
    func fairShuffle() {
        var counts: [[Int]: Int] = [:]
        for seed in 0..<6000 {
            var order = [0, 1, 2]
            order.shuffle(seed: UInt64(seed))
            counts[order, default: 0] += 1
        }
        // Binomial(6000, 1/6): mean 1000, standard deviation 29; five of them.
        #expect(counts.count == 6 && counts.values.allSatisfy { (856...1144).contains($0) }, "\(counts)")
    }
}
