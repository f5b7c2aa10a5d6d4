// Every published number, computed again: the findings, and what was made from them. Equal means equal bytes.

import ParleyModel

extension PackageVerifier {
    private static let findingsLimit = 32 << 20

    mutating func checkFindings() {
        guard let definition, let outcomes, let exclusions, let labels, let amendments, let bytes = package[.findings]
        else {
            let why =
                "The definition, the outcomes, the exclusions, the labels, the amendments or the findings are missing or "
                + "damaged: see above."
            return note("findings", nil, .notCovered, why)
        }
        var findings = PackageFindings(definition: definition, openCells: manifest.openCells)
        findings.outcomes = outcomes
        findings.exclusions = exclusions
        findings.labels = labels
        findings.amendments = amendments
        let document: FindingsDocument
        let expected: [UInt8]
        do {
            document = try findings.document()
            expected = try PackageFindings.bytes(of: document)
        } catch {
            return note("findings", nil, .failed, "The outcomes cannot be reduced: \(error)")
        }
        self.findings = document
        if bytes == expected {
            note(
                "findings",
                nil,
                .passed,
                "\(document.cells.count) cells and \(document.comparisons.count) comparisons, computed again from "
                    + "\(outcomes.count) outcomes, are the same to the byte."
            )
        } else {
            nameDifferences(bytes, expected)
        }
        checkExecutedOrder(findings)
        checkMade(.crosswalk, "crosswalk", Crosswalk.bytes(of: document))
        if package[.report] != nil { checkMade(.report, "report", Array(drawReport(document).utf8)) }
    }

    private mutating func nameDifferences(_ bytes: [UInt8], _ expected: [UInt8]) {
        let subject = PackageManifest.File.findings.rawValue
        guard bytes.count <= Self.findingsLimit, let stated = try? JSONValue(parsing: bytes),
            let computed = try? JSONValue(parsing: expected)
        else {
            return note("findings", subject, .failed, "It is not the findings of these outcomes, and no JSON either.")
        }
        let differences = FindingsDifference.all(stated: stated, computed: computed, limit: Self.namedLimit)
        for difference in differences {
            note("findings", difference.finding, .failed, difference.description)
        }
        if differences.isEmpty {
            note("findings", subject, .failed, "Its numbers are those of the outcomes, its bytes are not Parley's.")
        } else if differences.count == Self.namedLimit {
            note("findings", subject, .failed, "Further differences are not named.")
        }
        if manifest.parleyVersion != parleyVersion {
            note(
                "findings",
                "version",
                .notCovered,
                "Another version of Parley made the package; check it with that version as well."
            )
        }
    }

    mutating func checkReadme() {
        checkMade(.readme, "readme", Array(PackageReadme.text(manifest).utf8))
    }

    /// A file that is made from what was checked, against what this program makes of it.
    mutating func checkMade(_ file: PackageManifest.File, _ check: String, _ expected: [UInt8]) {
        guard let bytes = package[file] else { return }
        if bytes == expected {
            note(check, nil, .passed, "\(file.rawValue) says what was checked here, to the byte.")
        } else if manifest.parleyVersion == parleyVersion {
            note(check, file.rawValue, .failed, "It is not what this version of Parley makes of the package.")
        } else {
            note(check, file.rawValue, .notCovered, "Another version of Parley made it: only its hash was checked.")
        }
    }
}
