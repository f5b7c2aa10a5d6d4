// What a buyer's package holds beside the rest: examples, the vendor's own words, claims and the page. All of it is made
// from the other files, in the same way by whoever checks it.

import ParleyModel

extension PackageBuilder {
    /// The drawn outcomes whose dialogue a buyer's package shows.
    public var drawnToShow: Set<PackagedOutcome.Position> {
        guard let buyer else { return [] }
        let shown = Set(definition.cells.indices.filter { buyer.shownSuites.contains(definition.cells[$0].suite) })
        let open = shown.intersection(openCells)
        return Set(BuyerExamples.draw(outcomes.map(\.position).filter { open.contains($0.cell) }, of: definition))
    }

    /// Throws where the party that buyers ask about has no model here.
    func checkVendor(_ buyer: BuyerRequest) throws(ParleyFailure) {
        guard definition.models.contains(where: { $0.party == buyer.vendor }) else {
            let vendors = Set(definition.models.map(\.party.text)).sorted().joined(separator: ", ")
            throw ParleyFailure(
                .invalidInput,
                "'\(buyer.vendor)' has no model in round '\(definition.name)'.",
                remedy: "Its models are of: \(vendors)."
            )
        }
    }

    func add(
        _ buyer: BuyerRequest,
        _ findings: FindingsDocument,
        _ manifest: PackageManifest,
        to package: inout PackageFiles
    ) throws {
        let open = Set(manifest.openCells)
        let shown = outcomes.filter { open.contains($0.position.cell) }.sorted { $0.position < $1.position }
        let examples = BuyerExamples(definition: definition, request: buyer, outcomes: shown)
        let lines = try examples.lines(dialogues)
        package[.examples] = lines.flatMap { $0.canonicalBytes + [0x0A] }
        package[.response] = response?.json.canonicalBytes
        if !attachments.isEmpty { package[.attachments] = attachments.flatMap { $0.json.canonicalBytes + [0x0A] } }
        var parts = BuyerParts(definition: definition, findings: findings, manifest: manifest, request: buyer)
        parts.outcomes = shown
        parts.examplesDigest = package[.examples].map { ContentHash(of: $0) }
        parts.examples = try lines.enumerated().map { try examples.example($0.element, line: $0.offset + 1) }
        parts.events = ledger.entries
        parts.response = try response.map { try SignedText(response: $0, of: manifest, by: buyer.vendor) }
        parts.attachments = try attachments.map { try SignedText(deployment: $0, by: buyer.vendor) }
        let document = parts.document
        package[.claims] = ClaimsDocument(document).bytes
        if let buyerPage { package[.page] = Array(buyerPage(document).utf8) }
    }
}
