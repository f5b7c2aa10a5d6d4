// What a party says for itself in a package: its response to the findings, and data of its own deployment. Both are
// signed and dated by the party; neither is a finding, and nothing that is computed looks at them.

public import ParleyModel

extension Statement {
    /// The most bytes of a party's text.
    public static let textLimit = 256 << 10

    /// A party's response to the findings of a round.
    /// - Parameter dated: `YYYY-MM-DD`
    public init(
        response text: String,
        to definitionHash: ContentHash,
        of party: PartyName,
        dated: String
    ) throws(ParleyFailure) {
        self.init(
            subject: "definition.json",
            digest: definitionHash,
            predicate: .response,
            content: try Self.content(text, title: "Response", party, dated)
        )
    }

    /// What a party says of its own deployment.
    /// - Parameter dated: `YYYY-MM-DD`, the day for which it holds
    public init(
        deployment text: String,
        titled title: String,
        of party: PartyName,
        dated: String
    ) throws(ParleyFailure) {
        self.init(
            subject: title,
            digest: ContentHash(of: text.utf8),
            predicate: .deployment,
            content: try Self.content(text, title: title, party, dated)
        )
    }

    private static func content(
        _ text: String,
        title: String,
        _ party: PartyName,
        _ dated: String
    ) throws(ParleyFailure) -> JSONValue {
        guard text.utf8.count <= textLimit, text.contains(where: { !$0.isWhitespace }) else {
            throw ParleyFailure(
                .invalidInput,
                "A party's text has 1 to \(textLimit) bytes; this has \(text.utf8.count)."
            )
        }
        guard SignedText.isDate(dated) else {
            throw ParleyFailure(.invalidInput, "'\(dated.prefix(20))' is no date.", remedy: "Write YYYY-MM-DD.")
        }
        return [
            "party": .string(party.text), "dated": .string(dated), "title": .string(title), "text": .string(text),
        ]
    }
}

extension SignedText {
    /// Whether a text is a day of the calendar, `YYYY-MM-DD`.
    public static func isDate(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == [4, 2, 2], text.utf8.allSatisfy({ $0 == 45 || (48...57).contains($0) }),
            let month = Int(parts[1]), let day = Int(parts[2])
        else { return false }
        return (1...12).contains(month) && (1...31).contains(day)
    }

    /// A response in its envelope, whose signatures are checked elsewhere.
    /// - Throws: where it is about another round, or by another party
    init(response envelope: DSSEEnvelope, of manifest: PackageManifest, by vendor: PartyName) throws(ParleyFailure) {
        let statement = try Statement(in: envelope, expecting: .response)
        guard statement.digest == manifest.definitionHash else {
            throw ParleyFailure(
                .invalidInput,
                "The response is to the definition \(statement.digest), not to this round's.",
                remedy: "Sign it for this round: `parley attest FILE --round \(manifest.round)`."
            )
        }
        try self.init(statement, envelope, by: vendor)
    }

    /// Data of deployment in its envelope.
    init(deployment envelope: DSSEEnvelope, by vendor: PartyName) throws(ParleyFailure) {
        let statement = try Statement(in: envelope, expecting: .deployment)
        try self.init(statement, envelope, by: vendor)
        guard statement.digest == ContentHash(of: text.utf8) else {
            throw ParleyFailure(.invalidInput, "The attachment's hash is not that of its text.")
        }
    }

    private init(_ statement: Statement, _ envelope: DSSEEnvelope, by vendor: PartyName) throws(ParleyFailure) {
        let content = statement.content
        guard content.object?.count == 4, let party = content["party"]?.string, let dated = content["dated"]?.string,
            let title = content["title"]?.string, let text = content["text"]?.string, Self.isDate(dated),
            let keyID = envelope.signatures.first?.keyID.flatMap({ ContentHash($0) })
        else {
            throw ParleyFailure(.invalidInput, "A party's statement lacks its party, date, title, text or key id.")
        }
        guard party == vendor.text else {
            throw ParleyFailure(
                .invalidInput,
                "The statement is by '\(party.prefix(64))', and the package is about the models of '\(vendor)'."
            )
        }
        self.init(party: vendor, dated: dated, title: title, text: text, keyID: keyID)
    }
}
