// A buyer's package: the drawn examples, what the vendor signed, the claims, and the page that is made from all of it.

import ParleyModel

extension PackageVerifier {
    private static let statementLimit = 1 << 20

    mutating func checkBuyer() {
        guard let request = manifest.buyer else { return checkNoBuyer() }
        guard let definition, let outcomes, let findings, let ledger else {
            let why = "The definition, the outcomes, the findings or the ledger are missing or damaged: see above."
            return note("buyer", nil, .notCovered, why)
        }
        guard checkRequest(request, definition) else { return }
        var parts = BuyerParts(definition: definition, findings: findings, manifest: manifest, request: request)
        parts.outcomes = outcomes
        parts.examplesDigest = package[.examples].map { ContentHash(of: $0) }
        parts.events = ledger.entries
        let failures = checks.count { $0.status == .failed }
        parts.examples = checkExamples(BuyerExamples(definition: definition, request: request, outcomes: outcomes))
        parts.response = package[.response].flatMap { bytes in
            statement(bytes, "response", PackageManifest.File.response.rawValue, request) {
                envelope,
                manifest throws(ParleyFailure) in
                try SignedText(response: envelope, of: manifest, by: request.vendor)
            }
        }
        parts.attachments = checkAttachments(request)
        guard checks.count(where: { $0.status == .failed }) == failures else {
            let why = "What they are made from is damaged: see above."
            note("claims", PackageManifest.File.claims.rawValue, .notCovered, why)
            return note("buyer page", PackageManifest.File.page.rawValue, .notCovered, why)
        }
        let document = parts.document
        checkClaims(ClaimsDocument(document).bytes)
        if let drawPage { checkMade(.page, "buyer page", Array(drawPage(document).utf8)) }
    }

    /// Files of a buyer's package in one that is none.
    private mutating func checkNoBuyer() {
        for file in [PackageManifest.File.page, .claims, .examples, .response, .attachments]
        where package[file] != nil {
            note("buyer", file.rawValue, .failed, "It is of a buyer's package, and the manifest asks for none.")
        }
    }

    private mutating func checkRequest(_ request: BuyerRequest, _ definition: RoundDefinition) -> Bool {
        let subject = PackageManifest.File.manifest.rawValue
        let suites = Set(definition.suites.map(\.name))
        guard manifest.recipient == nil, definition.models.contains(where: { $0.party == request.vendor }),
            request.shownSuites == Set(request.shownSuites).sorted(), suites.isSuperset(of: request.shownSuites),
            suites.isSuperset(of: request.thresholds.map(\.suite)),
            request.nextRoundDue.map(SignedText.isDate) ?? true
        else {
            note("buyer", subject, .failed, "What it asks for a buyer does not fit the definition.")
            return false
        }
        let cells = definition.cells.indices.filter { index in
            let configuration = definition.configuration(definition.cells[index].configuration)
            return configuration.flatMap { definition.model($0.model)?.party } == request.vendor
        }
        guard manifest.openCells == cells else {
            note("buyer", subject, .failed, "Its open cells are not those of the models of '\(request.vendor)'.")
            return false
        }
        for file in [PackageManifest.File.examples, .claims] where package[file] == nil {
            note("buyer", file.rawValue, .failed, "It is not there: every buyer's package has it.")
        }
        return true
    }

    private mutating func checkExamples(_ examples: BuyerExamples) -> [DrawnExample] {
        guard let bytes = package[.examples] else { return [] }
        let subject = PackageManifest.File.examples.rawValue
        do throws(Ledger.Fault) {
            let found = try examples.examples(parsing: bytes)
            note("examples", nil, .passed, "\(found.count) outcomes are those that the definition's hash draws.")
            if found.contains(where: { $0.texts != nil }) {
                note("examples", "dialogues", .notCovered, "What was said in them is the word of who made the package.")
            }
            return found
        } catch {
            note("examples", "\(subject), line \(error.line)", .failed, "This is no drawn example: \(error.reason).")
            return []
        }
    }

    private mutating func checkAttachments(_ request: BuyerRequest) -> [SignedText] {
        guard let bytes = package[.attachments] else { return [] }
        let file = PackageManifest.File.attachments.rawValue
        do throws(Ledger.Fault) {
            return try JSONLines.split(bytes, limit: Self.statementLimit).enumerated().compactMap { index, line in
                statement(Array(line), "attachments", "\(file), line \(index + 1)", request) {
                    envelope,
                    _ throws(ParleyFailure) in
                    try SignedText(deployment: envelope, by: request.vendor)
                }
            }
        } catch {
            note("attachments", "\(file), line \(error.line)", .failed, "\(error.reason).")
            return []
        }
    }

    /// What a party signed; nil where it is not the vendor's, which is noted.
    private mutating func statement(
        _ bytes: [UInt8],
        _ check: String,
        _ subject: String,
        _ request: BuyerRequest,
        _ read: (DSSEEnvelope, PackageManifest) throws(ParleyFailure) -> SignedText
    ) -> SignedText? {
        guard let (envelope, count) = signatures(bytes, check, subject) else { return nil }
        do throws(ParleyFailure) {
            let text = try read(envelope, manifest)
            guard count.valid.contains(where: { $0.party == request.vendor && $0.id == text.keyID }) else {
                throw ParleyFailure(.invalidInput, "It is not signed by a known key of '\(request.vendor)'.")
            }
            note(check, "content", .notCovered, "What '\(request.vendor)' says in it is its own word, and no finding.")
            return text
        } catch {
            note(check, subject, .failed, error.message)
            return nil
        }
    }

    /// The claims, named one by one where a number is not that of the outcomes.
    private mutating func checkClaims(_ expected: [UInt8]) {
        guard let bytes = package[.claims] else { return }
        let subject = PackageManifest.File.claims.rawValue
        guard bytes != expected, bytes.count <= 32 << 20, let stated = try? JSONValue(parsing: bytes),
            let computed = try? JSONValue(parsing: expected)
        else { return checkMade(.claims, "claims", expected) }
        if Self.examples(stated) != Self.examples(computed) {
            let reason = "It is not the file that \(subject) names by its SHA-256: one of the two was changed."
            note("examples", PackageManifest.File.examples.rawValue, .failed, reason)
        }
        let differences = FindingsDifference.all(stated: stated, computed: computed, limit: Self.namedLimit)
        for difference in differences { note("claims", difference.finding, .failed, difference.description) }
        if differences.isEmpty {
            note("claims", subject, .failed, "Its content is that of the findings, its bytes are not Parley's.")
        }
    }

    /// The digest of the examples that claims name.
    private static func examples(_ claims: JSONValue) -> String? {
        let properties = claims["metadata"]?["properties"]?.array ?? []
        return properties.first { $0["name"]?.string == ClaimsDocument.examplesProperty }?["value"]?.string
    }
}
