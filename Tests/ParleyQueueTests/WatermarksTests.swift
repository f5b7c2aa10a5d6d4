// The watermark's rules, without a database.

import ParleyModel
import Testing

@testable import ParleyQueue

@Suite("Watermarks")
struct WatermarksTests {
    private let start = ContinuousClock.now

    private func job(_ id: Int64, stream: Int64, fence: Int64 = 1) -> ClaimedJob {
        ClaimedJob(
            key: LeaseKey(job: JobID(id), fence: fence),
            round: RoundID(1),
            stream: StreamID(stream),
            stage: .probe,
            cell: 0,
            suite: 0,
            sample: 0,
            epoch: 1,
            judge: nil,
            attempt: 1,
            leaseExpiresAtMicros: 0,
            probe: nil
        )
    }

    private func marks(_ watermarks: Watermarks) -> [Int64: Int64] {
        let (streams, marks) = watermarks.columns
        return Dictionary(uniqueKeysWithValues: zip(streams.compactMap(\.self), marks.compactMap(\.self)))
    }

    @Test("A claim sets each stream's mark to its lowest fresh job")
    func lowestFreshJob() {
        var watermarks = Watermarks(now: start)
        watermarks.learn(from: [job(12, stream: 1), job(10, stream: 1), job(70, stream: 2)])
        #expect(marks(watermarks) == [1: 10, 2: 70])
        watermarks.learn(from: [job(13, stream: 1), job(14, stream: 1)])
        #expect(marks(watermarks) == [1: 13, 2: 70])
    }

    @Test("A job that came back moves no mark")
    func returnedJob() {
        var watermarks = Watermarks(now: start)
        watermarks.learn(from: [job(90, stream: 1, fence: 2)])
        #expect(watermarks.isEmpty)
    }

    @Test("Marks are forgotten after 30 seconds, not before")
    func expiry() {
        var watermarks = Watermarks(now: start)
        watermarks.learn(from: [job(10, stream: 1)])
        watermarks.expire(now: start + .seconds(29))
        #expect(!watermarks.isEmpty)
        watermarks.expire(now: start + .seconds(30))
        #expect(watermarks.isEmpty)
    }
}
