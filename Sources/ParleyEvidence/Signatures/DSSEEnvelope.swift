// DSSE envelopes (github.com/secure-systems-lab/dsse, v1): a payload with its type and any number of signatures over the
// pre-authentication encoding of both. What is signed is never parsed before a signature of it is checked.

public import ParleyModel

/// A signed payload.
public struct DSSEEnvelope: Hashable, Sendable {
    /// The most bytes of an envelope that is read.
    public static let sizeLimit = 24 << 20
    /// The most signatures that are looked at.
    public static let signatureLimit = 64

    public struct Signature: Hashable, Sendable {
        /// A hint, not signed: which key it says it is by.
        public var keyID: String?
        public var bytes: [UInt8]

        public init(keyID: String?, bytes: [UInt8]) {
            self.keyID = keyID
            self.bytes = bytes
        }
    }

    public let payloadType: String
    public let payload: [UInt8]
    public private(set) var signatures: [Signature] = []

    public init(payloadType: String, payload: [UInt8]) {
        self.payloadType = payloadType
        self.payload = payload
    }

    /// What is signed: `"DSSEv1" SP LEN(type) SP type SP LEN(body) SP body`, lengths in bytes as decimal numbers.
    public static func preAuthenticationEncoding(type: String, body: [UInt8]) -> [UInt8] {
        Array("DSSEv1 \(type.utf8.count) \(type) \(body.count) ".utf8) + body
    }

    /// What the signatures are over.
    public var message: [UInt8] { Self.preAuthenticationEncoding(type: payloadType, body: payload) }

    /// Adds the signature of a party, in place of one by the same key.
    public mutating func sign(by signer: some Signer) throws(ParleyFailure) {
        try add(Signature(keyID: signer.publicKey.id.description, bytes: try signer.signature(of: message)))
    }

    /// Adds a signature that was made elsewhere, in place of one by the same key.
    public mutating func add(_ signature: Signature) throws(ParleyFailure) {
        signatures.removeAll { $0.keyID == signature.keyID }
        guard signatures.count < Self.signatureLimit else {
            throw ParleyFailure(.invalidInput, "An envelope holds at most \(Self.signatureLimit) signatures.")
        }
        signatures.append(signature)
        signatures.sort { ($0.keyID ?? "") < ($1.keyID ?? "") }
    }

    /// Reads an envelope. Throws what makes it none; says nothing about its signatures.
    public init(parsing bytes: [UInt8]) throws(ParleyFailure) {
        guard bytes.count <= Self.sizeLimit else { throw Self.invalid("it has more than \(Self.sizeLimit) bytes") }
        let json: JSONValue
        do { json = try JSONValue(parsing: bytes) } catch { throw Self.invalid("\(error)") }
        guard let type = json["payloadType"]?.string, let text = json["payload"]?.string,
            let list = json["signatures"]?.array
        else { throw Self.invalid("payload, payloadType or signatures is missing") }
        guard let payload = Base64.decode(text) else { throw Self.invalid("its payload is no base64") }
        guard (1...Self.signatureLimit).contains(list.count) else {
            throw Self.invalid("it has \(list.count) signatures; 1 to \(Self.signatureLimit) are read")
        }
        payloadType = type
        self.payload = payload
        for entry in list {
            guard let bytes = entry["sig"]?.string.flatMap(Base64.decode) else {
                throw Self.invalid("a signature is no base64")
            }
            signatures.append(Signature(keyID: entry["keyid"]?.string, bytes: bytes))
        }
    }

    public var json: JSONValue {
        [
            "payloadType": .string(payloadType), "payload": .string(Base64.encode(payload)),
            "signatures": .array(
                signatures.map { signature in
                    var members: [String: JSONValue] = ["sig": .string(Base64.encode(signature.bytes))]
                    members["keyid"] = signature.keyID.map { .string($0) }
                    return .object(members)
                }
            ),
        ]
    }

    private static func invalid(_ reason: String) -> ParleyFailure {
        ParleyFailure(.invalidInput, "This is no DSSE envelope: \(reason).")
    }
}
