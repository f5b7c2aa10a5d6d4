// The manifest of a package: what it is about, what is open in it, and the SHA-256 of every other file. It has one form
// of bytes for one content, so that a change of any byte is a change of what it says.

public import ParleyModel

/// What a package holds.
public struct PackageManifest: Hashable, Sendable, Codable {
    public static let currentFormat = "parley.evidence/1"

    /// Names of the files of a package.
    public enum File: String, CaseIterable, Sendable {
        case manifest = "manifest.json"
        /// Signatures over the manifest.
        case signatures = "manifest.dsse.json"
        case definition = "definition.json"
        /// The parties' signatures over the definition.
        case agreement = "definition.dsse.json"
        /// Changes of what was agreed, each with its signatures.
        case amendments = "amendments.jsonl"
        case keys = "keys.json"
        case ledger = "ledger.jsonl"
        case witnesses = "witnesses.jsonl"
        case outcomes = "outcomes.jsonl"
        /// Where a ruling leaves the outcome out.
        case exclusions = "exclusions.jsonl"
        case samples = "samples.jsonl"
        case labels = "labels.jsonl"
        /// In which order the open cells were run.
        case order = "order.json"
        case findings = "findings.json"
        case report = "report.html"
        case crosswalk = "crosswalk.json"
        case readme = "README.txt"
        /// What a buyer reads, and the same as claims in the form of CycloneDX.
        case page = "buyer.html"
        case claims = "claims.cdx.json"
        /// Outcomes that were drawn at random.
        case examples = "examples.jsonl"
        /// The vendor's signed response, and its signed data of deployment.
        case response = "response.dsse.json"
        case attachments = "attachments.jsonl"
    }

    /// A file and its hash.
    public struct Entry: Hashable, Sendable, Codable {
        public var path: String
        public var size: Int
        public var sha256: String
    }

    /// A list of records: how many, how many of them are open, and the Merkle root over all.
    public struct Records: Hashable, Sendable, Codable {
        public var count: Int
        public var open: Int
        public var root: ContentHash
    }

    /// A ledger: its number of entries and the hash of the last.
    public struct LedgerHead: Hashable, Sendable, Codable {
        public var entries: Int
        public var head: ContentHash
    }

    public var format: String
    /// The program that made the package.
    public var parleyVersion: String
    public var round: RoundName
    public var definitionHash: ContentHash
    public var simulated: Bool
    /// The state of the round when the package was made.
    public var state: String
    /// For whom it was made; nil for anybody.
    public var recipient: PartyName?
    /// What was asked for a buyer: then the outcomes of the vendor's models are open; nil where none was.
    public var buyer: BuyerRequest?
    /// The cells whose outcomes are open, by index in the definition.
    public var openCells: [Int]
    /// Suites whose samples are opened.
    public var openSuites: [SuiteName]
    public var outcomes: Records
    public var samples: Records
    public var ledger: LedgerHead
    /// Who signs the manifest, ascending.
    public var signers: [PartyName]
    /// Ascending by path; neither the manifest nor its signatures.
    public var files: [Entry]

    /// Whether the round's findings were out when it was made; before, and after they were withdrawn, it is a preview.
    var isReleased: Bool { ["published", "corrected"].contains(state) }

    /// The one form of bytes.
    public func bytes() throws -> [UInt8] { Array((try JSONValue(encoding: self).pretty + "\n").utf8) }

    /// What is signed.
    public func statement() throws -> Statement {
        Statement(
            subject: File.manifest.rawValue,
            digest: ContentHash(of: try bytes()),
            predicate: .package,
            content: [
                "round": .string(round.text), "definition_hash": .string(definitionHash.description),
                "outcomes": MerkleRoot(count: outcomes.count, root: outcomes.root).json,
                "ledger": .string(ledger.head.description),
            ]
        )
    }
}
