import Foundation
import ParleyModel
import Testing

@testable import ParleyEvidence

@Suite("Data keys that are bound to a party's secret")
struct BoundKeyTests {
    private static let slot = KeySlot(round: ContentHash(of: [1]), suite: 0, party: "south")
    private static let place = BlobPlace.transcript(JobID(7))
    private let secret = PartySecret(party: "south")

    private func sealed(_ key: DataKey) throws -> [UInt8] {
        try BlobStore(seal: DataKeySeal(key)).store([1, 2, 3], at: Self.place)
    }

    private func load(_ blob: [UInt8], _ key: DataKey) throws -> [UInt8] {
        try BlobStore(seal: DataKeySeal(key)).load(blob, at: Self.place)
    }

    @Test("A wrapping opens with the recipient's key and the secret together, and with neither alone")
    func opened() throws {
        let key = DataKey(slot: Self.slot, boundTo: secret)
        let blob = try sealed(key)
        var reader = try SealKey(holder: "north")
        let wrapped = try key.wrapped(for: reader.recipient)
        #expect(try DataKey.opened(slot: Self.slot, wrapped: wrapped, with: reader) == nil)
        let error = #expect(throws: ParleyFailure.self) {
            try DataKey(slot: Self.slot, wrapped: wrapped, with: reader)
        }
        #expect(error?.message.contains("bound to that party's secret") == true)
        reader.partySecrets = [PartySecret(party: "west"), secret]
        #expect(try load(blob, DataKey(slot: Self.slot, wrapped: wrapped, with: reader)) == [1, 2, 3])
        var stranger = try SealKey(holder: "stranger")
        stranger.partySecrets = [secret]
        #expect(throws: ParleyFailure.self) { try DataKey(slot: Self.slot, wrapped: wrapped, with: stranger) }
    }

    @Test("Another secret of the same name gives another key, and another party's gives none")
    func otherSecret() throws {
        let key = DataKey(slot: Self.slot, boundTo: secret)
        let blob = try sealed(key)
        var reader = try SealKey(holder: "north")
        let wrapped = try key.wrapped(for: reader.recipient)
        reader.partySecrets = [PartySecret(party: "south")]
        let wrong = try DataKey(slot: Self.slot, wrapped: wrapped, with: reader)
        #expect(throws: ParleyFailure.self) { try load(blob, wrong) }
        reader.partySecrets = [PartySecret(party: "west")]
        #expect(try DataKey.opened(slot: Self.slot, wrapped: wrapped, with: reader) == nil)
    }

    @Test("Handed on, the key is still bound")
    func handedOn() throws {
        var first = try SealKey(holder: "north")
        first.partySecrets = [secret]
        let key = DataKey(slot: Self.slot, boundTo: secret)
        let read = try DataKey(slot: Self.slot, wrapped: key.wrapped(for: first.recipient), with: first)
        let second = try SealKey(holder: "worker-2")
        #expect(
            try DataKey.opened(slot: Self.slot, wrapped: read.wrapped(for: second.recipient), with: second) == nil
        )
    }

    @Test("The end of the file is the end of the secret, and only of the one that was meant")
    func destroyed() throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).secret").path
        try secret.write(to: file)
        #expect(throws: ParleyFailure.self) { try PartySecret.destroy(file: file, of: "west") }
        #expect(try PartySecret(file: file) == secret)
        try PartySecret.destroy(file: file, of: "south")
        #expect(!FileManager.default.fileExists(atPath: file))
        #expect(throws: ParleyFailure.self) { try PartySecret.destroy(file: file, of: "south") }
    }

    @Test("Neither the bytes nor their text stand in a secret's description")
    func description() throws {
        #expect("\(secret)" == "a party's secret")
    }
}
