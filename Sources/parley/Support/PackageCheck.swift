// Checking a package with this program's own report.

import ParleyEvidence
import ParleyModel
import ParleyReport

enum PackageCheck {
    /// The report of a package: without transcripts, which are in no package.
    static func drawReport(_ findings: FindingsDocument) -> String {
        HTMLReport(findings: findings, transcripts: []).render()
    }

    /// All checks of a package. Blocks while it reduces.
    static func report(on package: PackageFiles, trusted: [PublicKey]) throws -> VerificationReport {
        try PackageVerifier(
            package,
            trusted: trusted,
            parleyVersion: ParleyVersion.text,
            drawReport: drawReport
        ).report()
    }
}
