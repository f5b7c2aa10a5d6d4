// in-toto Statement v1 (github.com/in-toto/attestation): what is said (the predicate) about which bytes (the subject).
// All that Parley signs is one of these, so that tools for attestations can read it.

public import ParleyModel

/// A statement about bytes that are named by their hash.
public struct Statement: Hashable, Sendable {
    public static let payloadType = "application/vnd.in-toto+json"
    public static let type = "https://in-toto.io/Statement/v1"

    /// What a statement says of its subject.
    public enum Predicate: String, CaseIterable, Hashable, Sendable {
        /// The subject is the definition of a round as its parties agreed on it.
        case definition = "urn:parley:predicate:definition:1"
        /// The subject is the manifest of an evidence package.
        case package = "urn:parley:predicate:package:1"
        /// The subject is the head of a ledger.
        case ledgerHead = "urn:parley:predicate:ledger-head:1"
        /// The subject is a change of what the parties had agreed on.
        case amendment = "urn:parley:predicate:amendment:1"
        /// The subject is the definition of a round; what is said is a party's response to its findings.
        case response = "urn:parley:predicate:response:1"
        /// The subject is a text of a party about its own deployment; it is no finding of a round.
        case deployment = "urn:parley:predicate:deployment:1"
    }

    public let subject: String
    public let digest: ContentHash
    public let predicate: Predicate
    public let content: JSONValue

    public init(subject: String, digest: ContentHash, predicate: Predicate, content: JSONValue) {
        self.subject = subject
        self.digest = digest
        self.predicate = predicate
        self.content = content
    }

    /// An envelope of this statement, not signed yet.
    public var envelope: DSSEEnvelope { DSSEEnvelope(payloadType: Self.payloadType, payload: json.canonicalBytes) }

    public var json: JSONValue {
        [
            "_type": .string(Self.type),
            "subject": [["name": .string(subject), "digest": ["sha256": .string(digest.hex)]]],
            "predicateType": .string(predicate.rawValue), "predicate": content,
        ]
    }

    /// The statement of an envelope whose signatures were checked. Throws where it is of another type, says something
    /// else than was expected, or is about several subjects.
    public init(in envelope: DSSEEnvelope, expecting predicate: Predicate) throws(ParleyFailure) {
        func invalid(_ reason: String) -> ParleyFailure {
            ParleyFailure(.invalidInput, "The envelope holds no \(predicate) statement: \(reason).")
        }
        guard envelope.payloadType == Self.payloadType else {
            throw invalid("its payload type is '\(envelope.payloadType)', not '\(Self.payloadType)'")
        }
        let json: JSONValue
        do { json = try JSONValue(parsing: envelope.payload) } catch { throw invalid("\(error)") }
        guard json["_type"]?.string == Self.type else { throw invalid("it is no in-toto Statement v1") }
        guard json["predicateType"]?.string == predicate.rawValue else {
            throw invalid("it says '\(json["predicateType"]?.string ?? "nothing")', not '\(predicate.rawValue)'")
        }
        guard let subjects = json["subject"]?.array, subjects.count == 1, let name = subjects[0]["name"]?.string,
            let hex = subjects[0]["digest"]?["sha256"]?.string, let digest = ContentHash("sha256:" + hex)
        else { throw invalid("it has not one subject with a SHA-256") }
        guard let content = json["predicate"], content.object != nil else { throw invalid("it has no predicate") }
        self.init(subject: name, digest: digest, predicate: predicate, content: content)
    }
}
