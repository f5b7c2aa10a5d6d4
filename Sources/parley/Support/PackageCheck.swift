// Checking a package with this program's own report.

import Dispatch
import ParleyEvidence
import ParleyModel
import ParleyReport

enum PackageCheck {
    /// The report of a package: without transcripts, which are in no package.
    static func drawReport(_ findings: FindingsDocument) -> String {
        HTMLReport(findings: findings, transcripts: []).render()
    }

    /// The page of a buyer's package.
    static func drawPage(_ document: BuyerDocument) -> String { BuyerPage(document).render() }

    /// All checks of a package. Blocks while it reduces.
    static func report(on package: PackageFiles, trusted: [PublicKey]) throws -> VerificationReport {
        try PackageVerifier(
            package,
            trusted: trusted,
            parleyVersion: ParleyVersion.text,
            drawReport: drawReport,
            drawPage: drawPage
        ).report()
    }

    /// The same from a queue of its own, for commands that must not block the cooperative pool.
    static func reportFromQueue(
        on package: PackageFiles,
        trusted: [PublicKey] = []
    ) async throws -> VerificationReport {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue(label: "parley.check").async {
                continuation.resume(with: Result { try report(on: package, trusted: trusted) })
            }
        }
    }
}
