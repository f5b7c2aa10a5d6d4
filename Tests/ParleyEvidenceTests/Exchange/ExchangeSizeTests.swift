// The memory of an export does not grow with what the observations hold: only names and scores are kept. The number is
// set by PARLEY_EXPORT_SAMPLES; with 100,000 the archive needs ZIP64.

import Foundation
import ParleyModel
import Testing

@testable import ParleyEvidence

@Suite("Size of exports")
struct ExchangeSizeTests {
    private static let count = ProcessInfo.processInfo.environment["PARLEY_EXPORT_SAMPLES"].flatMap { Int($0) } ?? 2000

    /// Bytes that this process has resident.
    private static func resident() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") })
        return try #require(Int(line.split(separator: " ").dropLast().last ?? "")) << 10
    }

    @Test("Observations are written and read without being held")
    func bounded() throws {
        let folder = try ExchangeFolder()
        let fixture = try ExchangeFixture(samples: Self.count, epochs: 1)
        let cell = fixture.cells[0]
        let filler = String(repeating: "words that no two observations share ", count: 100)
        func record(_ number: Int) -> ExchangeRecord {
            let sample = Sample(id: "s\(number)", input: [Message(.user, "\(number)")], target: ["\(number)"])
            return ExchangeRecord(
                job: JobID(1 << 36 + Int64(number)),
                sampleIndex: number,
                sample: sample,
                epoch: 1,
                kind: .scored,
                score: number % 3 == 0 ? .one : .zero,
                completedAtMicros: 1_795_696_000_000_000,
                transcript: Transcript(
                    suite: cell.suite.name,
                    configuration: cell.configuration.name,
                    sampleID: sample.id,
                    epoch: 1,
                    messages: sample.input + [Message(.assistant, "\(number) " + filler)],
                    answer: "\(number) " + filler
                )
            )
        }
        let log = try InspectLogWriter(cell, folder: folder.path)
        var baseline = 0
        for number in 0..<Self.count {
            try log.add(record(number))
            if number == 500 { baseline = try Self.resident() }
        }
        try log.finish()
        let grown = try Self.resident() - baseline
        // The texts alone are 7 kB an observation.
        #expect(grown < 16 << 20 + 1500 * Self.count, "\(grown) bytes more")
        let reader = try InspectLogReader(path: log.path)
        #expect(reader.samples.count == Self.count)
        #expect(reader.header["eval"]?["dataset"]?["samples"]?.integer == Int64(Self.count))
        for key in [reader.samples[0], reader.samples[Self.count - 1]] {
            #expect(try reader.sample(key)["id"]?.string == key.id)
        }
        print("\(Self.count) observations: \(grown >> 20) MiB more than after 500, \(try Self.resident() >> 20) in all")
    }
}
