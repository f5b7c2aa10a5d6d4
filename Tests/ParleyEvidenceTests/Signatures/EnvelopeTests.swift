// DSSE envelopes: the encoding of the specification, several signatures, hostile ones.

import ParleyModel
import Testing

@testable import ParleyEvidence

@Suite("DSSE envelopes") struct EnvelopeTests {
    private let ring = Result { try KeyRing(trusted: ["north", "south"].map { try MadeUpRound.key($0).publicKey }) }

    private func signed(by parties: [PartyName], _ payload: String = "{}") throws -> DSSEEnvelope {
        var envelope = DSSEEnvelope(payloadType: Statement.payloadType, payload: Array(payload.utf8))
        for party in parties { try envelope.sign(by: MadeUpRound.key(party)) }
        return envelope
    }

    @Test("What is signed is the specification's encoding")
    func encoding() {
        let made = DSSEEnvelope.preAuthenticationEncoding(
            type: "http://example.com/HelloWorld",
            body: Array("hello world".utf8)
        )
        #expect(made == Array("DSSEv1 29 http://example.com/HelloWorld 11 hello world".utf8))
        // Lengths count bytes, not characters.
        #expect(DSSEEnvelope.preAuthenticationEncoding(type: "é", body: []) == Array("DSSEv1 2 é 0 ".utf8))
    }

    @Test("An envelope comes back, with the signatures of all who signed")
    func roundTrip() throws {
        let envelope = try signed(by: ["north", "south"])
        let read = try DSSEEnvelope(parsing: envelope.json.canonicalBytes)
        #expect(read == envelope)
        let count = SignatureCount(of: read, keys: try ring.get())
        #expect(count.parties == ["north", "south"] && count.invalid.isEmpty && count.unknown.isEmpty)
    }

    @Test("A key that signs again replaces its signature, and a signature that stands twice counts once")
    func duplicates() throws {
        var envelope = try signed(by: ["north"])
        try envelope.sign(by: MadeUpRound.key("north"))
        #expect(envelope.signatures.count == 1)
        let one = envelope.json["signatures"]?[0] ?? .null
        var members = envelope.json.object ?? [:]
        members["signatures"] = [one, one, ["sig": one["sig"] ?? .null]]
        let doubled = try DSSEEnvelope(parsing: JSONValue.object(members).canonicalBytes)
        let count = SignatureCount(of: doubled, keys: try ring.get())
        #expect(count.valid.count == 1 && count.parties == ["north"])
    }

    @Test("Two keys of one party are one party")
    func oneParty() throws {
        var envelope = try signed(by: ["north"])
        let second = try MadeUpRound.key("north", 2)
        try envelope.sign(by: second)
        let ring = try KeyRing(trusted: [MadeUpRound.key("north").publicKey, second.publicKey])
        let count = SignatureCount(of: envelope, keys: ring)
        #expect(count.valid.count == 2 && count.parties.count == 1)
    }

    @Test("A signature over another payload, type or by an unknown key does not count")
    func foreign() throws {
        let ring = try ring.get()
        let envelope = try signed(by: ["north"])
        func changed(_ key: String, _ value: JSONValue) throws -> SignatureCount {
            var members = envelope.json.object ?? [:]
            members[key] = value
            return SignatureCount(of: try DSSEEnvelope(parsing: JSONValue.object(members).canonicalBytes), keys: ring)
        }
        #expect(try changed("payload", .string(Base64.encode([1]))).parties.isEmpty)
        #expect(try changed("payloadType", "application/json").parties.isEmpty)
        #expect(try changed("payload", .string(Base64.encode([1]))).invalid.count == 1)
        let stranger = SignatureCount(of: try signed(by: ["east"]), keys: ring)
        #expect(stranger.parties.isEmpty && stranger.unknown.count == 1)
        // The name of a known key on a stranger's signature.
        let sig = try signed(by: ["east"]).json["signatures"]?[0]?["sig"] ?? .null
        let id = JSONValue.string(try MadeUpRound.key("south").publicKey.id.description)
        #expect(try changed("signatures", [["keyid": id, "sig": sig]]).invalid == [id.string])
    }

    @Test(
        "What is no envelope is refused",
        arguments: [
            "", "[]", "{}", #"{"payload":"e30=","payloadType":"x"}"#,
            #"{"payload":"e30","payloadType":"x","signatures":[{"sig":"AAAA"}]}"#,
            #"{"payload":"e30=","payloadType":"x","signatures":[]}"#,
            #"{"payload":"e30=","payloadType":"x","signatures":[{"sig":"A"}]}"#,
            #"{"payload":"e30=","payloadType":"x","signatures":[{}]}"#,
            #"{"payload":1,"payloadType":"x","signatures":[{"sig":"AAAA"}]}"#,
            #"{"payload":"e30=","payload":"e30=","payloadType":"x","signatures":[{"sig":"AAAA"}]}"#,
        ]
    )
    func invalid(text: String) {
        #expect(throws: ParleyFailure.self) { try DSSEEnvelope(parsing: Array(text.utf8)) }
    }

    @Test("Too many signatures, too many bytes and deep nesting are refused before anything is checked")
    func huge() throws {
        let one: JSONValue = ["sig": "AAAA"]
        let list = JSONValue.array(Array(repeating: one, count: 65))
        let many: JSONValue = ["payload": "", "payloadType": "x", "signatures": list]
        #expect(throws: ParleyFailure.self) { try DSSEEnvelope(parsing: many.canonicalBytes) }
        let bytes = [UInt8](repeating: 0x20, count: DSSEEnvelope.sizeLimit + 1)
        #expect(throws: ParleyFailure.self) { try DSSEEnvelope(parsing: bytes) }
        let deep = [UInt8](repeating: UInt8(ascii: "["), count: 1 << 20)
        #expect(throws: ParleyFailure.self) { try DSSEEnvelope(parsing: deep) }
    }

    @Test("A statement of another type, about other things or about several is not taken for the one expected")
    func statements() throws {
        let statement = Statement(subject: "x", digest: ContentHash(of: [1]), predicate: .package, content: [:])
        #expect(try Statement(in: statement.envelope, expecting: .package) == statement)
        #expect(throws: ParleyFailure.self) { try Statement(in: statement.envelope, expecting: .definition) }
        let plain = DSSEEnvelope(payloadType: "application/json", payload: statement.json.canonicalBytes)
        #expect(throws: ParleyFailure.self) { try Statement(in: plain, expecting: .package) }
        var members = statement.json.object ?? [:]
        let subject = members["subject"]?[0] ?? .null
        members["subject"] = [subject, subject]
        let several = DSSEEnvelope(
            payloadType: Statement.payloadType,
            payload: JSONValue.object(members).canonicalBytes
        )
        #expect(throws: ParleyFailure.self) { try Statement(in: several, expecting: .package) }
    }

    @Test("A policy names every lab and evaluator, and never lets one of several agree alone")
    func policy() throws {
        let definition = MadeUpRound.definition()
        let all = try SigningPolicy(of: definition)
        #expect(all.parties == ["north", "south"] && all.threshold == 2)
        for threshold in [-1, 0, 1, 3] {
            #expect(throws: ParleyFailure.self) { try SigningPolicy(of: definition, threshold: threshold) }
        }
        let short: JSONValue = ["parties": ["north"], "threshold": 2]
        #expect(throws: ParleyFailure.self) { try SigningPolicy(short, of: definition) }
        #expect(try SigningPolicy(all.json, of: definition) == all)
        var alone = definition
        alone.parties.removeLast(2)
        #expect(try SigningPolicy(of: alone).threshold == 1)
    }

    @Test("One key cannot be two parties', and a trusted key keeps others of its party out")
    func rings() throws {
        let north = try MadeUpRound.key("north").publicKey
        let posing = try PublicKey(party: "south", bytes: north.bytes)
        #expect(throws: ParleyFailure.self) { try KeyRing(trusted: [north, posing]) }
        let other = try MadeUpRound.key("north", 2).publicKey
        let ring = try KeyRing(trusted: [north], packaged: [other, MadeUpRound.key("south").publicKey])
        #expect(ring.displaced == [other] && ring.keys.count == 2 && !ring.isTrusted(other))
    }
}
