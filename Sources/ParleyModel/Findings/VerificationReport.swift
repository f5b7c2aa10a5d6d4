// What a verification came to: what `parley verify --json` prints (schemas/json/verification.schema.json). Three words,
// no more: a check passed, failed, or does not cover something, each with its reason.

/// The checks of one package.
public struct VerificationReport: Hashable, Sendable, Codable {
    public static let currentFormat = "parley.verification/1"

    public enum Status: String, CaseIterable, Hashable, Sendable, Codable {
        case passed, failed
        /// Nothing is wrong that can be seen, and nothing is shown either.
        case notCovered = "not covered"
    }

    /// One check.
    public struct Check: Hashable, Sendable, Codable {
        /// What was checked: `files`, `definition`, `agreement`, `package signatures`, `keys`, `ledger`, `witnesses`,
        /// `outcomes`, `grades`, `samples`, `labels`, `findings`, `report`, `crosswalk`, `readme`, `limits`.
        public var check: String
        /// Which file, line, party or finding; nil where the whole is meant.
        public var subject: String?
        public var status: Status
        public var reason: String

        public init(check: String, subject: String? = nil, status: Status, reason: String) {
            self.check = check
            self.subject = subject
            self.status = status
            self.reason = reason
        }
    }

    public var format: String
    public var round: RoundName
    public var definitionHash: ContentHash
    public var simulated: Bool
    public var recipient: PartyName?
    /// Whether no check failed.
    public var passed: Bool
    public var checks: [Check]

    public init(
        round: RoundName,
        definitionHash: ContentHash,
        simulated: Bool,
        recipient: PartyName? = nil,
        checks: [Check]
    ) {
        format = Self.currentFormat
        self.round = round
        self.definitionHash = definitionHash
        self.simulated = simulated
        self.recipient = recipient
        passed = !checks.contains { $0.status == .failed }
        self.checks = checks
    }

    /// How many checks ended so.
    public func count(_ status: Status) -> Int { checks.count { $0.status == status } }
}
