// From the parts of a package to what a buyer's page shows.

import ParleyModel

/// The parts of a buyer's package, each of them checked or about to be.
struct BuyerParts {
    /// What in a ledger a buyer must know of: what was ruled out, invalidated or agreed on later.
    private static let notable = ["rul", "invalid", "amend", "withdraw", "dispute", "correct"]

    let definition: RoundDefinition
    let findings: FindingsDocument
    let manifest: PackageManifest
    let request: BuyerRequest
    /// The open ones.
    var outcomes: [PackagedOutcome] = []
    var examples: [DrawnExample] = []
    var examplesDigest: ContentHash?
    var response: SignedText?
    var attachments: [SignedText] = []
    var events: [LedgerEntry] = []

    init(
        definition: RoundDefinition,
        findings: FindingsDocument,
        manifest: PackageManifest,
        request: BuyerRequest
    ) {
        self.definition = definition
        self.findings = findings
        self.manifest = manifest
        self.request = request
    }

    var document: BuyerDocument {
        let models = Set(definition.models.filter { $0.party == request.vendor }.map(\.name))
        let times = outcomes.map(\.completedAtMicros)
        var document = BuyerDocument(
            request: request,
            definition: definition,
            findings: findings,
            state: manifest.state,
            window: times.min().flatMap { first in
                times.max().map { LedgerEntry.time(micros: first)...LedgerEntry.time(micros: $0) }
            },
            answers: findings.answers(cells: definition.cells, models: models, thresholds: request.thresholds)
        )
        document.examples = examples
        document.examplesDigest = examplesDigest
        document.response = response
        document.attachments = attachments
        document.events = events.filter { entry in Self.notable.contains { entry.what.lowercased().contains($0) } }.map
        {
            BuyerDocument.Event(at: $0.at, who: $0.who, what: $0.what, subject: $0.subject, why: $0.why)
        }
        document.redactions = redactions
        document.digests = digests
        document.crosswalk = Crosswalk.references
        return document
    }

    private var redactions: [String] {
        let hidden = manifest.outcomes.count - manifest.outcomes.open
        let cells = definition.cells.count - manifest.openCells.count
        let withheld = examples.count { $0.redacted != nil }
        let closed = definition.suites.filter { !manifest.openSuites.contains($0.name) }.map(\.name.text)
        return [
            "\(hidden) of \(manifest.outcomes.count) outcomes, of \(cells) findings on other parties' models, are "
                + "committed to and not opened: they are not the vendor's to show.",
            "\(withheld) of \(examples.count) examples are without question and answer: their suites are held out.",
            closed.isEmpty
                ? "The samples of all suites are opened by id and hash."
                : "The samples of \(closed.joined(separator: ", ")) are committed to and not opened: held out.",
            "No raw reasoning is in the package, and no prompts but those of examples that are shown.",
        ]
    }

    private var digests: [BuyerDocument.Fact] {
        [
            BuyerDocument.Fact("Definition", manifest.definitionHash.description),
            BuyerDocument.Fact("Outcomes, Merkle root", manifest.outcomes.root.description),
            BuyerDocument.Fact("Samples, Merkle root", manifest.samples.root.description),
            BuyerDocument.Fact("Examples, SHA-256", examplesDigest?.description ?? "none"),
            BuyerDocument.Fact("Ledger, head of \(manifest.ledger.entries) entries", manifest.ledger.head.description),
            BuyerDocument.Fact(
                "Signed by",
                manifest.signers.isEmpty ? "nobody" : manifest.signers.map(\.text).joined(separator: ", ")
            ),
            BuyerDocument.Fact("Made by", "parley \(manifest.parleyVersion)"),
        ]
    }
}
