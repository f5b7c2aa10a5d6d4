// All that a buyer's page shows: what a package holds, read out of its files, and nothing else. Whoever holds the
// package can make it again, and so the page.

/// What a buyer's package was made for.
public struct BuyerRequest: Hashable, Sendable, Codable {
    /// The party whose models it is about.
    public var vendor: PartyName
    /// What findings are held against; empty for nothing.
    public var thresholds: [Threshold]
    /// Suites of which examples show question and answer.
    public var shownSuites: [SuiteName]
    /// When the next round is due, as whoever made the package says; nil where that is not known.
    public var nextRoundDue: String?

    public init(
        vendor: PartyName,
        thresholds: [Threshold] = [],
        shownSuites: [SuiteName] = [],
        nextRoundDue: String? = nil
    ) {
        self.vendor = vendor
        self.thresholds = thresholds
        self.shownSuites = shownSuites
        self.nextRoundDue = nextRoundDue
    }
}

/// A text that a party signed and dated.
public struct SignedText: Hashable, Sendable {
    public var party: PartyName
    /// As the party wrote it: `2026-11-26`.
    public var dated: String
    public var title: String
    public var text: String
    public var keyID: ContentHash

    public init(party: PartyName, dated: String, title: String, text: String, keyID: ContentHash) {
        self.party = party
        self.dated = dated
        self.title = title
        self.text = text
        self.keyID = keyID
    }
}

/// One outcome that was drawn at random to be looked at.
public struct DrawnExample: Hashable, Sendable {
    public var cell: Cell
    /// Index in the suite's frozen order, and the repetition from 1.
    public var sample: Int
    public var epoch: Int
    public var kind: OutcomeKind
    public var score: Score?
    /// What was said, by speaker; nil where it is withheld.
    public var texts: [Line]?
    /// Why it is withheld; nil where it is not.
    public var redacted: String?

    public struct Line: Hashable, Sendable {
        public var speaker: String
        public var text: String

        public init(speaker: String, text: String) {
            self.speaker = speaker
            self.text = text
        }
    }

    public init(
        cell: Cell,
        sample: Int,
        epoch: Int,
        kind: OutcomeKind,
        score: Score?,
        texts: [Line]?,
        redacted: String?
    ) {
        self.cell = cell
        self.sample = sample
        self.epoch = epoch
        self.kind = kind
        self.score = score
        self.texts = texts
        self.redacted = redacted
    }
}

/// What a buyer's page shows.
public struct BuyerDocument: Hashable, Sendable {
    /// A line of the ledger.
    public struct Event: Hashable, Sendable {
        public var at: String
        public var who: String
        public var what: String
        public var subject: String
        public var why: String

        public init(at: String, who: String, what: String, subject: String, why: String) {
            self.at = at
            self.who = who
            self.what = what
            self.subject = subject
            self.why = why
        }
    }

    /// A figure of the package with its name.
    public struct Fact: Hashable, Sendable {
        public var name: String
        public var value: String

        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// Where a framework asks for what the package holds.
    public struct Reference: Hashable, Sendable {
        public var framework: String
        public var reference: String
        public var asks: String
        public var files: [String]

        public init(framework: String, reference: String, asks: String, files: [String]) {
            self.framework = framework
            self.reference = reference
            self.asks = asks
            self.files = files
        }
    }

    public var request: BuyerRequest
    public var definition: RoundDefinition
    public var findings: FindingsDocument
    /// The state of the round when the package was made.
    public var state: String
    /// Times of the first and the last open outcome.
    public var window: ClosedRange<String>?
    public var answers: [FindingAnswer]
    public var examples: [DrawnExample] = []
    /// Of the file that holds them.
    public var examplesDigest: ContentHash?
    public var response: SignedText?
    /// Data of the vendor's own deployment: no findings of the round.
    public var attachments: [SignedText] = []
    public var events: [Event] = []
    public var redactions: [String] = []
    public var digests: [Fact] = []
    public var crosswalk: [Reference] = []

    public init(
        request: BuyerRequest,
        definition: RoundDefinition,
        findings: FindingsDocument,
        state: String,
        window: ClosedRange<String>?,
        answers: [FindingAnswer]
    ) {
        self.request = request
        self.definition = definition
        self.findings = findings
        self.state = state
        self.window = window
        self.answers = answers
    }
}
