// A round that models judged, as a package: what the database made of the grades is what a reader makes of them, and the
// records about judges come out of the package as they came out of the database.

import Foundation
import ParleyEvidence
import ParleyModel
import Testing

@Suite("Evidence of a graded round", .serialized) struct GradedEvidenceTests {
    @Test("Scores follow from grades, and judges and labels are computed again to the byte")
    func graded() throws {
        let place = try Workplace()
        try place.write("graded.yaml", JudgeTests.round)
        let run = try ParleyProcess.run(["run", place.folder + "/graded.yaml", "--simulated", "--state", place.state])
        #expect(run.code == 0, "\(run.errors)")
        let labels = (0..<20).flatMap { sample in ["ma", "mb"].map { "graded,\($0),s\(sample),\(sample % 2)" } }
        let audit = place.folder + "/audit.csv"
        try place.write("audit.csv", "suite,configuration,sample,score\n" + labels.joined(separator: "\n") + "\n")
        let path = place.folder + "/graded.tar"
        let made = try ParleyProcess.run([
            "evidence", "graded", "--preview", "--state", place.state, "--output", path, "--labels", audit, "--salts",
            place.folder + "/graded.salts",
        ])
        #expect(made.code == 0, "\(made.errors)")
        let ended = try ParleyProcess.run(["verify", path, "--json"])
        #expect(ended.code == 0, "\(ended.errors)")
        let report = try JSONValue(parsing: ended.output).decode(VerificationReport.self)
        #expect(report.checks.contains { $0.check == "grades" && $0.status == .passed })
        #expect(report.checks.contains { $0.check == "agreement" && $0.status == .notCovered })
        let findings = try ParleyProcess.run([
            "findings", "graded", "--state", place.state, "--labels", audit, "--json",
        ])
        let package = try PackageFiles(path: path)
        #expect(package[.findings].map { String(decoding: $0, as: UTF8.self) } == findings.output)
        let document = try JSONValue(parsing: findings.output).decode(FindingsDocument.self)
        #expect(!document.judges.errors.isEmpty && !document.judges.agreements.isEmpty)
    }
}
