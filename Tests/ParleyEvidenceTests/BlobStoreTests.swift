// The sealed-blob seam: what is stored comes back, and what is damaged is refused.

import ParleyEvidence
import ParleyModel
import Testing

@Suite("Blob store") struct BlobStoreTests {
    let store = BlobStore()

    @Test("What is stored comes back", arguments: [0, 1, 1_000, 3_000_000])
    func roundTrip(count: Int) throws {
        let plain = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 7) }
        #expect(try store.load(store.store(plain)) == plain)
    }

    @Test("A transcript with hostile text comes back unchanged")
    func transcript() throws {
        let hostile = "<script>alert(1)</script>\u{1b}[2J\u{202e}\0{{input}}"
        let transcript = Transcript(
            suite: "s",
            configuration: "c",
            sampleID: "1",
            epoch: 1,
            messages: [Message(.user, hostile), Message(.assistant, "no", reasoning: hostile)],
            answer: hostile,
            exchanges: [
                Exchange(
                    purpose: .target,
                    configuration: "c",
                    url: "http://127.0.0.1/v1",
                    request: ["a_b": ["C": 1]],
                    status: 200,
                    responseHeaders: ["x-request-id": "7"],
                    response: hostile,
                    startedAtMicros: 1,
                    durationMicros: 2
                )
            ]
        )
        #expect(try store.transcript(store.store(transcript, at: .unbound), at: .unbound) == transcript)
    }

    @Test("A sample comes back with its metadata as it was")
    func sample() throws {
        let sample = Sample(
            id: "1",
            input: [Message(.user, "Q")],
            choices: ["x", "y"],
            target: ["A"],
            metadata: ["camelKey": 1, "snake_key": ["innerKey": nil]]
        )
        #expect(try store.sample(store.store(sample, at: .unbound), at: .unbound) == sample)
    }

    @Test("A damaged, empty or oversized blob is an error, never a crash")
    func damaged() throws {
        let good = try store.store(Array("hello hello hello hello".utf8))
        #expect(throws: ParleyFailure.self) { try store.load([]) }
        #expect(throws: ParleyFailure.self) { try store.load([9] + good.dropFirst()) }
        #expect(throws: ParleyFailure.self) { try store.load(Array(good.dropLast(3))) }
        // A frame header that promises 2^62 bytes.
        let bomb: [UInt8] = [1, 0x28, 0xB5, 0x2F, 0xFD, 0xE0, 0, 0, 0, 0, 0, 0, 0, 0x40]
        #expect(throws: ParleyFailure.self) { try store.load(bomb) }
    }
}
