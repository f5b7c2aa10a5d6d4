// Making a package: from a round's definition, outcomes and ledger to files. The same input gives the same bytes; what
// the recipient may not see is committed to in place of being shown.

import Foundation
public import ParleyModel

/// What goes into a package.
public struct PackageBuilder: Sendable {
    public var definition: RoundDefinition
    /// The open leaves of the tree that was signed, where a lab may leave the round.
    public var openDefinition: OpenDefinition?
    /// The state of the round.
    public var state: String
    /// The program that makes the package.
    public var parleyVersion: String
    /// For whom it is made; nil for anybody who may see every score.
    public var recipient: PartyName?
    /// Suites whose samples are opened beside those that the recipient owns.
    public var openSuites: Set<SuiteName> = []
    public var salts: SaltSecret
    /// All outcomes of the round, in any order.
    public var outcomes: [PackagedOutcome] = []
    /// Where a ruling leaves the outcome out, in any order.
    public var exclusions: [PackagedOutcome.Position] = []
    /// All samples of the round, in any order.
    public var samples: [PackagedSample] = []
    public var labels: [LabelRecord] = []
    public var ledger: Ledger
    /// The parties' signatures over the definition.
    public var agreement: DSSEEnvelope?
    public var amendments: [SignedAmendment] = []
    public var witnesses: [DSSEEnvelope] = []
    /// Keys of the parties, to be named in the package.
    public var keys: [PublicKey] = []
    /// What a buyer's package is asked for; it takes the place of a recipient.
    public var buyer: BuyerRequest?
    /// What was said in outcomes that may be shown as examples, by position.
    public var dialogues: [PackagedOutcome.Position: [DrawnExample.Line]] = [:]
    /// The vendor's signed response, and its signed data of deployment.
    public var response: DSSEEnvelope?
    public var attachments: [DSSEEnvelope] = []
    /// Draws a buyer's page.
    public var buyerPage: (@Sendable (BuyerDocument) -> String)?
    /// Draws the report of the findings; nil for none.
    public var report: (@Sendable (FindingsDocument) -> String)?

    public init(
        definition: RoundDefinition,
        state: String,
        parleyVersion: String,
        recipient: PartyName? = nil,
        salts: SaltSecret
    ) throws(ParleyFailure) {
        self.definition = definition
        self.state = state
        self.parleyVersion = parleyVersion
        self.recipient = recipient
        self.salts = salts
        ledger = Ledger(round: definition.name)
        if let recipient, definition.party(recipient) == nil {
            throw ParleyFailure(
                .invalidInput,
                "'\(recipient)' is no party of round '\(definition.name)'.",
                remedy: "Its parties: \(definition.parties.map(\.name.text).joined(separator: ", "))."
            )
        }
    }

    /// Leaves out witnesses by other keys, which a package cannot name.
    /// - Returns: how many
    public mutating func keepWitnesses(by keys: [PublicKey]) -> Int {
        let known = Set(keys.map(\.id.description))
        let count = witnesses.count
        witnesses.removeAll { $0.signatures.contains { !known.contains($0.keyID ?? "") } }
        return count - witnesses.count
    }

    /// The cells that the recipient may see: those of its suites and those of its models, its own and as judges none. A
    /// buyer sees those of the vendor's models.
    var openCells: [Int] {
        definition.cells.indices.filter { index in
            let cell = definition.cells[index]
            let model = definition.configuration(cell.configuration).flatMap { definition.model($0.model) }
            if let buyer { return model?.party == buyer.vendor }
            guard let recipient else { return true }
            return definition.suite(cell.suite)?.party == recipient || model?.party == recipient
        }
    }

    /// The package, signed by each of the signers.
    /// - Throws: where outcomes do not fit the definition, or an envelope is of other bytes or by unknown keys
    public func build(signers: [any Signer] = []) throws -> PackageFiles {
        if let buyer { try checkVendor(buyer) }
        var package = PackageFiles()
        let cells = openCells
        let opened = Set(
            definition.suites.filter { openSuites.contains($0.name) || $0.party == recipient }.map(\.name)
        )
        package[.definition] = try (openDefinition?.json ?? definition.json()).canonicalBytes
        let outcomeRecords = add(outcomes, open: Set(cells), to: &package)
        let sampleRecords = add(samples, open: opened, to: &package)
        let findings = try addFindings(cells, to: &package)
        package[.ledger] = ledger.bytes
        package[.agreement] = agreement?.json.canonicalBytes
        if !amendments.isEmpty { package[.amendments] = try amendments.bytes }
        if !witnesses.isEmpty { package[.witnesses] = witnesses.flatMap { $0.json.canonicalBytes + [0x0A] } }
        let named = Set(keys + signers.map(\.publicKey)).sorted { ($0.party, $0.id.hex) < ($1.party, $1.id.hex) }
        if !named.isEmpty {
            package[.keys] = Array(((["keys": .array(named.map(\.json))] as JSONValue).pretty + "\n").utf8)
        }
        var manifest = PackageManifest(
            format: PackageManifest.currentFormat,
            parleyVersion: parleyVersion,
            round: definition.name,
            definitionHash: try definition.hash,
            simulated: definition.isSimulated,
            state: state,
            recipient: recipient,
            buyer: buyer,
            openCells: cells,
            openSuites: opened.sorted(),
            outcomes: outcomeRecords,
            samples: sampleRecords,
            ledger: PackageManifest.LedgerHead(entries: ledger.entries.count, head: ledger.head),
            signers: Set(signers.map(\.publicKey.party)).sorted(),
            files: []
        )
        package[.readme] = Array(PackageReadme.text(manifest).utf8)
        if let buyer { try add(buyer, findings, manifest, to: &package) }
        manifest.files = package.files.sorted { $0.key < $1.key }.map { name, bytes in
            PackageManifest.Entry(path: name, size: bytes.count, sha256: ContentHash(of: bytes).hex)
        }
        package[.manifest] = try manifest.bytes()
        if !signers.isEmpty {
            var envelope = try manifest.statement().envelope
            for signer in signers { try envelope.sign(by: signer) }
            package[.signatures] = envelope.json.canonicalBytes
        }
        return package
    }

    private func add(_ outcomes: [PackagedOutcome], open: Set<Int>, to package: inout PackageFiles)
        -> PackageManifest.Records
    {
        let records = outcomes.sorted { $0.position < $1.position }.map { outcome in
            let record = outcome.record(salts)
            return open.contains(outcome.position.cell) ? record : record.hidden
        }
        package[.outcomes] = records.bytes
        return PackageManifest.Records(records)
    }

    private func add(_ samples: [PackagedSample], open: Set<SuiteName>, to package: inout PackageFiles)
        -> PackageManifest.Records
    {
        let order = Dictionary(uniqueKeysWithValues: definition.suites.enumerated().map { ($1.name, $0) })
        let sorted = samples.sorted { (order[$0.suite] ?? 0, $0.sample) < (order[$1.suite] ?? 0, $1.sample) }
        let records = sorted.map { sample in
            let record = sample.record(salts)
            return open.contains(sample.suite) ? record : record.hidden
        }
        package[.samples] = records.bytes
        return PackageManifest.Records(records)
    }

    private func addFindings(_ cells: [Int], to package: inout PackageFiles) throws -> FindingsDocument {
        var findings = PackageFindings(definition: definition, openCells: cells)
        findings.amendments = amendments.map(\.amendment)
        let open = Set(cells)
        findings.outcomes = outcomes.filter { open.contains($0.position.cell) }.sorted { $0.position < $1.position }
        findings.exclusions = exclusions.filter { open.contains($0.cell) }.sorted()
        if !findings.exclusions.isEmpty {
            package[.exclusions] = findings.exclusions.flatMap { $0.json.canonicalBytes + [0x0A] }
        }
        // A label is a score: those of hidden cells stay out as well.
        let shown = Set(cells.map { definition.cells[$0] })
        findings.labels = labels.filter {
            shown.contains(Cell(suite: $0.suite, configuration: $0.configuration))
        }
        if !findings.labels.isEmpty {
            package[.labels] = findings.labels.flatMap { $0.packaged.canonicalBytes + [0x0A] }
        }
        let document = try findings.document()
        package[.findings] = try PackageFindings.bytes(of: document)
        package[.order] = try findings.order?.bytes
        package[.crosswalk] = Crosswalk.bytes(of: document)
        if let report { package[.report] = Array(report(document).utf8) }
        return document
    }
}

extension PackageManifest.Records {
    init(_ records: [SealedRecord]) {
        self.init(count: records.count, open: records.count { $0.content != nil }, root: records.root.root)
    }
}
