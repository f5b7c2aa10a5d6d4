// An amendment with what the parties signed of it, as a package holds it: one canonical JSON object a line.

public import ParleyModel

/// A change of what was agreed, and its signatures.
public struct SignedAmendment: Hashable, Sendable {
    public var amendment: Amendment
    /// nil where nobody has signed it.
    public var agreement: DSSEEnvelope?

    public init(_ amendment: Amendment, agreement: DSSEEnvelope?) {
        self.amendment = amendment
        self.agreement = agreement
    }

    var json: JSONValue {
        get throws {
            var members: [String: JSONValue] = ["amendment": try JSONValue(encoding: amendment)]
            members["agreement"] = agreement?.json
            return .object(members)
        }
    }

    /// nil where the line has another form.
    init?(json: JSONValue) {
        guard let amendment = try? json["amendment"]?.decode(Amendment.self),
            amendment.format == Amendment.currentFormat
        else { return nil }
        self.init(amendment, agreement: nil)
        if let envelope = json["agreement"] {
            guard let agreement = try? DSSEEnvelope(parsing: envelope.canonicalBytes) else { return nil }
            self.agreement = agreement
        }
        guard (try? self.json) == json else { return nil }
    }
}

extension [SignedAmendment] {
    /// The file form.
    var bytes: [UInt8] { get throws { try flatMap { try $0.json.canonicalBytes + [0x0A] } } }

    /// Reads the file form. Throws the first line that is none.
    init(parsing bytes: [UInt8]) throws(Ledger.Fault) {
        self = []
        for (index, line) in try JSONLines.split(bytes, limit: DSSEEnvelope.sizeLimit).enumerated() {
            let line = [UInt8](line)
            guard let json = try? JSONValue(parsing: line), json.canonicalBytes == line,
                let amendment = SignedAmendment(json: json)
            else { throw Ledger.Fault(line: index + 1, reason: "it is no amendment in canonical form") }
            append(amendment)
        }
    }
}
