// Where a buyer's frameworks ask for what a package holds. It says where to look, never that a requirement is met: that
// is for whoever applies the framework. Areas without a finding stand there as not evaluated.

public import ParleyModel

/// The crosswalk of a package.
public enum Crosswalk {
    private static let frameworks: [(name: String, reference: String, asks: String, files: [PackageManifest.File])] = [
        (
            "NIST AI RMF 1.0", "MEASURE 1.3",
            "assessment by people who did not develop the system, or by independent assessors",
            [.definition, .agreement]
        ),
        (
            "NIST AI RMF 1.0", "MEASURE 2.1", "test sets, metrics and tools of evaluation are documented",
            [.definition, .samples]
        ),
        (
            "NIST AI RMF 1.0", "MEASURE 2.3",
            "performance is measured, qualitatively or quantitatively, and documented", [.findings, .outcomes]
        ),
        (
            "NIST AI RMF 1.0", "MEASURE 2.7", "security and resilience are evaluated and documented", [.findings]
        ),
        (
            "ISO/IEC 42001:2023", "Annex A, A.6.2.4", "verification and validation of the AI system",
            [.definition, .findings]
        ),
        (
            "EU AI Act (Regulation 2024/1689)", "Article 55(1)(a)",
            "model evaluation with standardised protocols, adversarial testing conducted and documented",
            [.definition, .findings, .outcomes]
        ),
        (
            "EU AI Act (Regulation 2024/1689)", "Article 15",
            "accuracy, robustness and cybersecurity, with the metrics declared", [.findings]
        ),
        ("CSA AI Controls Matrix", "Audit and assurance", "independent assessment", [.agreement, .ledger, .witnesses]),
        ("CSA AI Controls Matrix", "Model security", "testing of models for robustness and misuse", [.findings]),
    ]

    /// The same as text, for a page.
    static var references: [BuyerDocument.Reference] {
        frameworks.map { row in
            BuyerDocument.Reference(
                framework: row.name,
                reference: row.reference,
                asks: row.asks,
                files: row.files.map(\.rawValue)
            )
        }
    }

    /// The crosswalk of findings, in the one form of bytes.
    public static func bytes(of findings: FindingsDocument) -> [UInt8] {
        let areas = Area.allCases.map { area -> JSONValue in
            let suites = Set(findings.suites.filter { $0.areas.contains(area) }.map(\.name))
            let cells = findings.cells.filter { suites.contains($0.suite) }
            let shown = cells.filter { $0.estimate != nil }
            return [
                "area": .string(area.rawValue), "status": .string(shown.isEmpty ? "not evaluated" : "evaluated"),
                "cells": .integer(Int64(cells.count)), "cells_with_an_estimate": .integer(Int64(shown.count)),
                "suites": .array(Set(cells.map(\.suite)).sorted().map { .string($0.text) }),
            ]
        }
        let rows = frameworks.map { row -> JSONValue in
            [
                "framework": .string(row.name), "reference": .string(row.reference), "asks_for": .string(row.asks),
                "see": .array(row.files.map { .string($0.rawValue) }),
            ]
        }
        let json: JSONValue = [
            "format": "parley.crosswalk/1",
            "note": "Where to look, in the frameworks' own terms. It states no conformity with any of them.",
            "simulated": .bool(findings.simulated), "areas": .array(areas), "frameworks": .array(rows),
        ]
        return Array((json.pretty + "\n").utf8)
    }
}
