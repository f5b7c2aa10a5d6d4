// From a round to a package that a stranger accepts: signed by its parties, run, written, verified with nothing but
// their public keys, witnessed; then changed in single places and refused by name.

import Foundation
import ParleyEvidence
import ParleyModel
import Testing

@Suite("parley evidence and parley verify", .serialized) struct EvidenceTests {
    /// A finished round with the keys of its two parties and both signatures.
    private func finishedRound(_ place: Workplace) throws {
        for party in ["a", "b"] {
            let key = try parley(["key", "new", "--party", party, "--output", "\(place.folder)/\(party).key"])
            #expect(key.code == 0, "\(key.errors)")
            let sign = try parley([
                "sign", place.round, "--simulated", "--key", "\(place.folder)/\(party).key", "--output",
                "\(place.folder)/sums.dsse.json",
            ])
            #expect(sign.code == 0, "\(sign.errors)")
        }
        let run = try place.start().end()
        #expect(run.code == 0, "\(run.errors)")
    }

    private func parley(_ arguments: [String]) throws -> ParleyProcess.Ended { try ParleyProcess.run(arguments) }

    private func evidence(_ place: Workplace, _ name: String, _ more: [String] = []) throws -> ParleyProcess.Ended {
        try parley(
            [
                "evidence", "sums", "--preview", "--state", place.state, "--output", "\(place.folder)/\(name)",
                "--salts",
                "\(place.folder)/sums.salts", "--agreement", "\(place.folder)/sums.dsse.json", "--public",
                "\(place.folder)/a.pub", "--public", "\(place.folder)/b.pub", "--key", "\(place.folder)/a.key",
            ] + more
        )
    }

    private func verify(_ place: Workplace, _ name: String) throws -> (ParleyProcess.Ended, VerificationReport?) {
        let ended = try parley([
            "verify", "\(place.folder)/\(name)", "--trust", "\(place.folder)/a.pub", "--trust",
            "\(place.folder)/b.pub", "--json",
        ])
        return (ended, try? JSONValue(parsing: ended.output).decode(VerificationReport.self))
    }

    @Test("A simulated round becomes a package that verifies; a changed score is refused and its finding named")
    func wholeWay() throws {
        let place = try Workplace()
        try finishedRound(place)
        let made = try evidence(place, "whole.tar", ["--open", "sums"])
        #expect(made.code == 0, "\(made.errors)")
        let (ended, report) = try verify(place, "whole.tar")
        let passed = try #require(report)
        #expect(ended.code == 0 && passed.passed, "\(passed.checks.filter { $0.status == .failed })")
        let agreement = passed.checks.first { $0.check == "agreement" && $0.subject == "threshold" }
        #expect(agreement?.reason.contains("2 of 2") == true)
        #expect(passed.checks.contains { $0.check == "samples" && $0.status == .passed && $0.subject == "sums" })

        // The findings in it are those of the command, to the byte.
        var package = try PackageFiles(path: "\(place.folder)/whole.tar")
        let findings = try parley(["findings", "sums", "--json", "--state", place.state])
        #expect(package[.findings].map { String(decoding: $0, as: UTF8.self) } == findings.output)

        // Again: the same bytes, but for the ledger, which holds that the first one was made, and what names its head.
        #expect(try evidence(place, "again.tar", ["--open", "sums"]).code == 0)
        let again = try PackageFiles(path: "\(place.folder)/again.tar")
        let grown = Set(package.files.keys).union(again.files.keys).filter { package.files[$0] != again.files[$0] }
        #expect(grown.sorted() == ["README.txt", "ledger.jsonl", "manifest.dsse.json", "manifest.json"])

        let outcomes = String(decoding: try #require(package[.outcomes]), as: UTF8.self)
        let (right, wrong) = (#""score_billionths":1000000000"#, #""score_billionths":0"#)
        let changed = outcomes.replacing(right, with: wrong, maxReplacements: 1)
        #expect(changed != outcomes)
        package[.outcomes] = Array(changed.utf8)
        try package.write(to: "\(place.folder)/changed")
        let (refused, second) = try verify(place, "changed")
        #expect(refused.code == 7 && refused.errors.contains("checks of"))
        let failures = try #require(second).checks.filter { $0.status == .failed }
        #expect(failures.contains { $0.check == "files" && $0.subject == "outcomes.jsonl" })
        #expect(failures.contains { $0.check == "findings" && $0.subject?.hasPrefix("cells sums / m") == true })

        let table = try parley(["verify", "\(place.folder)/changed"])
        #expect(table.code == 7 && table.output.contains("failed") && table.output.contains("SIMULATED"))
        #expect(try parley(["verify", place.round]).code == 8)
    }

    @Test("A package for one party hides the others' outcomes; witnesses of one package cover the next")
    func recipients() throws {
        let place = try Workplace()
        try finishedRound(place)
        // Party b owns no suite: it sees its own model alone.
        #expect(try evidence(place, "for-b", ["--recipient", "b"]).code == 0)
        let (ended, report) = try verify(place, "for-b")
        #expect(ended.code == 0)
        #expect(try #require(report).checks.contains { $0.check == "outcomes" && $0.subject == "hidden" })
        let package = try PackageFiles(path: "\(place.folder)/for-b")
        let lines = String(decoding: try #require(package[.outcomes]), as: UTF8.self).split(separator: "\n")
        #expect(lines.count == 160 && lines.count { $0.contains("score_billionths") } <= 80)

        let witness = "\(place.folder)/b.witness.json"
        let signed = try parley([
            "witness", "\(place.folder)/for-b", "--key", "\(place.folder)/b.key", "--output", witness,
        ])
        #expect(signed.code == 0, "\(signed.errors)")
        // Something happens after it.
        let share = try parley(["share", "sums", "--party", "a", "--weight", "3", "--state", place.state])
        #expect(share.code == 0, "\(share.errors)")
        #expect(try evidence(place, "next", ["--witness", witness]).code == 0)
        let (again, next) = try verify(place, "next")
        #expect(again.code == 0, "\(again.output)")
        let covered = try #require(next).checks.filter { $0.check == "witnesses" && $0.status == .passed }
        #expect(covered.contains { $0.subject?.hasPrefix("lines 1 to ") == true })
        #expect(next?.checks.contains { $0.check == "witnesses" && $0.reason.hasPrefix("After the last") } == true)
    }

    @Test("Mistakes are told: a running round, an unknown recipient, another definition's signature, a wide key file")
    func mistakes() throws {
        let place = try Workplace(samples: 4)
        try finishedRound(place)
        let recipient = try evidence(place, "x", ["--recipient", "c"])
        #expect(recipient.code == 2 && recipient.errors.contains("no party"))
        let suite = try evidence(place, "x", ["--open", "none"])
        #expect(suite.code == 2 && suite.errors.contains("no suite"))
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: "\(place.folder)/a.key")
        let wide = try evidence(place, "x")
        #expect(wide.code == 2 && wide.errors.contains("chmod 600"))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: "\(place.folder)/a.key")
        let round = try String(contentsOfFile: place.round, encoding: .utf8)
        try place.write("round.yaml", round.replacing("title: Sums", with: "title: Other sums"))
        let sign = try parley([
            "sign", place.round, "--simulated", "--key", "\(place.folder)/a.key", "--output",
            "\(place.folder)/sums.dsse.json",
        ])
        #expect(sign.code == 2 && sign.errors.contains("another definition"))
        #expect(!FileManager.default.fileExists(atPath: "\(place.folder)/x"))
    }
}
