// Encryption of what belongs to held-out suites: opened by whom it is for and where it belongs, and by nobody and nowhere
// else; any change is found.

import Foundation
import ParleyEvidence
import ParleyModel
import Testing

@Suite("Data keys") struct DataKeyTests {
    static let slot = KeySlot(round: ContentHash(of: Array("round".utf8)), suite: 3, party: "south")
    let plain = Array("Which port is open? 4711.".utf8)

    @Test("What is sealed comes back, and holds nothing of the plain text")
    func roundTrip() throws {
        let store = BlobStore(seal: DataKeySeal(DataKey(slot: Self.slot)))
        let sealed = try store.store(plain, at: .sample(7))
        #expect(try store.load(sealed, at: .sample(7)) == plain)
        #expect(String(decoding: sealed, as: UTF8.self).contains("4711") == false)
        // The same again is another ciphertext.
        #expect(try store.store(plain, at: .sample(7)) != sealed)
    }

    @Test("Each flipped bit, each cut and each added byte is found")
    func changes() throws {
        let store = BlobStore(seal: DataKeySeal(DataKey(slot: Self.slot)))
        let sealed = try store.store(plain, at: .sample(7))
        for index in sealed.indices {
            for bit in 0..<8 {
                var changed = sealed
                changed[index] ^= 1 << bit
                #expect(throws: ParleyFailure.self, "byte \(index), bit \(bit)") {
                    try store.load(changed, at: .sample(7))
                }
            }
        }
        for count in 0..<sealed.count {
            #expect(throws: ParleyFailure.self) { try store.load(Array(sealed.prefix(count)), at: .sample(7)) }
        }
        #expect(throws: ParleyFailure.self) { try store.load(sealed + [0], at: .sample(7)) }
    }

    @Test("A blob opens at its own place only, and never as one of another suite, party or round")
    func swaps() throws {
        let key = DataKey(slot: Self.slot)
        let store = BlobStore(seal: DataKeySeal(key))
        let job = JobID(5 << 36 | 77)
        let sealed = try store.store(plain, at: .transcript(job))
        let places: [BlobPlace] = [.transcript(JobID(5 << 36 | 78)), .checkpoint(job), .sample(77), .unbound]
        for place in places { #expect(throws: ParleyFailure.self, "\(place)") { try store.load(sealed, at: place) } }
        // The same key, said to be another slot's: a wrapping opens for its own slot only.
        let reader = try SealKey(holder: "worker-1")
        let wrapped = try key.wrapped(for: reader.recipient)
        let others = [
            KeySlot(round: Self.slot.round, suite: 4, party: "south"),
            KeySlot(round: Self.slot.round, suite: 3, party: "west"),
            KeySlot(round: Self.slot.round, suite: 3, party: nil),
            KeySlot(round: ContentHash(of: []), suite: 3, party: "south"),
        ]
        for slot in others {
            #expect(throws: ParleyFailure.self) { try DataKey(slot: slot, wrapped: wrapped, with: reader) }
        }
        let opened = BlobStore(seal: DataKeySeal(try DataKey(slot: Self.slot, wrapped: wrapped, with: reader)))
        #expect(try opened.load(sealed, at: .transcript(job)) == plain)
        // Under another key of the same slot.
        let other = BlobStore(seal: DataKeySeal(DataKey(slot: Self.slot)))
        #expect(throws: ParleyFailure.self) { try other.load(sealed, at: .transcript(job)) }
    }

    @Test("A wrapped key opens with the recipient's key alone, and not when changed or cut")
    func wrapping() throws {
        let (reader, other) = (try SealKey(holder: "north"), try SealKey(holder: "south"))
        let wrapped = try DataKey(slot: Self.slot).wrapped(for: reader.recipient)
        #expect(throws: ParleyFailure.self) { try DataKey(slot: Self.slot, wrapped: wrapped, with: other) }
        for index in wrapped.indices {
            var changed = wrapped
            changed[index] ^= 0x10
            #expect(throws: ParleyFailure.self) { try DataKey(slot: Self.slot, wrapped: changed, with: reader) }
        }
        for count in [0, 31, 32, wrapped.count - 1] {
            #expect(throws: ParleyFailure.self) {
                try DataKey(slot: Self.slot, wrapped: Array(wrapped.prefix(count)), with: reader)
            }
        }
    }

    @Test("What is not encrypted is refused where encryption belongs, and the other way round")
    func forms() throws {
        let sealed = BlobStore(seal: DataKeySeal(DataKey(slot: Self.slot)))
        let plainBlob = try BlobStore().store(plain, at: .sample(1))
        #expect(throws: ParleyFailure.self) { try sealed.load(plainBlob, at: .sample(1)) }
        #expect(throws: ParleyFailure.self) {
            try BlobStore().load(sealed.store(plain, at: .sample(1)), at: .sample(1))
        }
    }

    @Test("A key's file is its owner's alone; a wider one, and a key that signs, are refused")
    func files() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "parley-seal-\(UInt32.random(in: 0 ... .max))"
        )
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("north.seal.key").path
        let key = try SealKey(holder: "north")
        try key.write(to: file)
        let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let read = try SealKey(file: file)
        #expect(read.recipient == key.recipient)
        let slot = Self.slot
        _ = try DataKey(slot: slot, wrapped: DataKey(slot: slot).wrapped(for: key.recipient), with: read)
        #expect(try Recipient(json: key.recipient.json) == key.recipient)
        #expect("\(key)".contains("private") == false)
        #expect(throws: ParleyFailure.self) { try key.write(to: file) }
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: file)
        #expect(throws: ParleyFailure.self) { try SealKey(file: file) }
        let signing = folder.appendingPathComponent("north.key").path
        try SigningKey(party: "north").write(to: signing)
        #expect(throws: ParleyFailure.self) { try SealKey(file: signing) }
    }
}
