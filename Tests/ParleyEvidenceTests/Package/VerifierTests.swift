// A whole package and its checks: what passes, what is said to be not covered, and what a redacted one still shows.

import ParleyModel
import Testing

@testable import ParleyEvidence

@Suite("Verifying a package") struct VerifierTests {
    @Test("A good package passes every check, and says what it does not cover")
    func good() throws {
        let report = try MadeUpRound.report(on: MadeUpRound.package())
        #expect(report.failures.isEmpty, "\(report.failures)")
        #expect(report.passed && report.simulated)
        let passed = Set(report.checks.filter { $0.status == .passed }.map(\.check))
        let all: Set = [
            "files", "definition", "agreement", "package signatures", "ledger", "witnesses", "outcomes", "grades",
            "samples", "order", "findings", "report", "crosswalk", "readme",
        ]
        #expect(passed == all)
        let open = report.checks.filter { $0.status == .notCovered }.map { "\($0.check): \($0.subject ?? "")" }
        #expect(
            open == [
                "witnesses: lines 1 to 4", "witnesses: lines 5 to 6", "samples: tone", "order: tone", "labels: ",
                "order: sums",
                "limits: answers", "limits: models", "limits: preview", "limits: simulated",
            ]
        )
    }

    @Test("The same input gives the same bytes, whatever the order of the outcomes")
    func deterministic() throws {
        var builder = try MadeUpRound.builder()
        builder.outcomes.reverse()
        builder.samples.reverse()
        let other = try builder.build(signers: [MadeUpRound.key("north"), MadeUpRound.key("south")])
        let package = try MadeUpRound.package()
        #expect(other == package)
        #expect(try TarArchive.files(in: TarArchive.bytes(of: package)) == package)
    }

    @Test("Findings of a whole package are those of the assembler of the command line")
    func findings() throws {
        let definition = MadeUpRound.definition()
        var assembler = FindingsAssembler(definition: definition)
        for outcome in MadeUpRound.outcomes() {
            try assembler.add(
                FindingsInput(
                    cell: outcome.position.cell,
                    sample: outcome.position.sample,
                    epoch: outcome.position.epoch - 1,
                    kind: outcome.kind,
                    score: outcome.score,
                    usage: outcome.usage,
                    cost: outcome.cost + outcome.judgeCost,
                    latencyMicros: outcome.latencyMicros
                )
            )
        }
        let cells = try assembler.findings(modelsReturned: [:], asOf: nil).cells
        let package = try MadeUpRound.package()
        let document = try JSONValue(parsing: #require(package[.findings])).decode(FindingsDocument.self)
        #expect(document.cells == cells)
        #expect(document.models.map(\.modelsReturned) == [["ma-2026"], ["mb-2026"], []])
        #expect(document.judges.agreements.count == 4 && !document.judges.errors.isEmpty)
    }

    @Test("What was ruled out is accounted for, where the ledger has rulings on as many and nothing came there")
    func exclusions() throws {
        var builder = try MadeUpRound.builder()
        let came = Set(builder.outcomes.map(\.position))
        let missing = (1...2).map { PackagedOutcome.Position(cell: 1, sample: 5, epoch: $0) }
        #expect(came.isDisjoint(with: missing))
        builder.exclusions = missing.reversed()
        let unruled = try MadeUpRound.report(on: builder.build()).failures
        #expect(unruled.contains { $0.check == "exclusions" && $0.reason.contains("rulings on 0") }, "\(unruled)")
        builder.ledger.append(atMicros: 1, who: "ada", what: "rule", subject: "rerun (7)", why: "")
        builder.ledger.append(atMicros: 2, who: "ada", what: "rule", subject: "exclude (2)", why: "a broken item")
        let package = try builder.build(signers: [MadeUpRound.key("north")])
        let report = try MadeUpRound.report(on: package)
        #expect(report.passed, "\(report.failures)")
        #expect(report.checks.contains { $0.check == "exclusions" && $0.status == .passed })
        let document = try JSONValue(parsing: #require(package[.findings])).decode(FindingsDocument.self)
        #expect(document.complete && document.cells.map(\.ruledOut).compactMap { $0 } == [2])
        builder.exclusions[0] = try #require(came.min())
        let twice = try MadeUpRound.report(on: builder.build()).failures
        #expect(twice.contains { $0.check == "exclusions" && $0.reason.contains("has an outcome") }, "\(twice)")
    }

    @Test("Without trusted keys nothing shows whose signatures these are")
    func untrusted() throws {
        let report = try MadeUpRound.report(on: MadeUpRound.package(), trusting: [])
        #expect(report.passed)
        let signed = report.checks.filter { $0.check == "agreement" && $0.subject == "north" }
        #expect(signed.map(\.status) == [.notCovered])
        #expect(report.checks.contains { $0.check == "keys" && $0.status == .notCovered })
        #expect(report.checks.contains { $0.check == "witnesses" && $0.subject == "lines 1 to 6" })
    }

    @Test("A package that a stranger made anew with keys of its own fails for whoever trusts the real ones")
    func forged() throws {
        var builder = try MadeUpRound.builder()
        builder.outcomes[0].score = builder.outcomes[0].score == .one ? .zero : .one
        let forger = try MadeUpRound.key("north", 9)
        builder.keys = [forger.publicKey, try MadeUpRound.key("south", 9).publicKey]
        var agreement = try MadeUpRound.definition().statement(policy: SigningPolicy(of: MadeUpRound.definition()))
            .envelope
        try agreement.sign(by: forger)
        try agreement.sign(by: MadeUpRound.key("south", 9))
        builder.agreement = agreement
        builder.witnesses = []
        let package = try builder.build(signers: [forger])
        #expect(try MadeUpRound.report(on: package, trusting: []).passed)
        let report = try MadeUpRound.report(on: package)
        #expect(report.failures.contains { $0.check == "keys" && $0.subject == "north" })
        #expect(report.failures.contains { $0.check == "agreement" && $0.subject == "threshold" })
    }

    @Test("One signature of two does not make an agreement, nor does one over another definition")
    func agreement() throws {
        var builder = try MadeUpRound.builder()
        let policy = try SigningPolicy(of: builder.definition)
        var envelope = try builder.definition.statement(policy: policy).envelope
        try envelope.sign(by: MadeUpRound.key("north"))
        builder.agreement = envelope
        let one = try MadeUpRound.report(on: builder.build(signers: [MadeUpRound.key("south")]))
        #expect(one.failures.map(\.subject) == ["threshold"])
        #expect(one.failures[0].reason.contains("1 of 2") && one.failures[0].reason.contains("south"))
        builder = try MadeUpRound.builder()
        builder.definition.title = "Another"
        let other = try MadeUpRound.report(on: builder.build())
        #expect(other.failures.contains { $0.check == "agreement" && $0.subject == "definition.dsse.json" })
    }

    @Test("Outcomes that nobody trusted signed are refused, though the agreement holds")
    func unsigned() throws {
        var builder = try MadeUpRound.builder()
        builder.outcomes[1].latencyMicros += 1
        let unsigned = try builder.build()
        #expect(try MadeUpRound.report(on: unsigned, trusting: []).passed)
        #expect(try MadeUpRound.report(on: unsigned).failures.map(\.check) == ["package signatures"])
        builder.keys = [try MadeUpRound.key("south").publicKey]
        let foreign = try builder.build(signers: [MadeUpRound.key("watch")])
        let failures = try MadeUpRound.report(on: foreign).failures
        #expect(failures.map(\.reason) == ["None of the trusted keys signed the package."])
    }

    @Test("Signatures enough by keys of the package alone are an agreement that is not covered")
    func halfTrusted() throws {
        let report = try MadeUpRound.report(on: MadeUpRound.package(), trusting: ["north"])
        #expect(report.passed, "\(report.failures)")
        let threshold = report.checks.filter { $0.check == "agreement" && $0.subject == "threshold" }
        #expect(threshold.map(\.status) == [.notCovered])
    }

    @Test("A rebuilt ledger is found against the witnessed head, though its chain holds")
    func rebuiltLedger() throws {
        var builder = try MadeUpRound.builder()
        var rebuilt = Ledger(round: "spring")
        for entry in builder.ledger.entries {
            let why = entry.sequence == 3 ? "nothing of note" : entry.why
            rebuilt.append(atMicros: 1, who: entry.who, what: entry.what, subject: entry.subject, why: why)
        }
        builder.ledger = rebuilt
        let report = try MadeUpRound.report(on: builder.build(signers: [MadeUpRound.key("north")]))
        #expect(report.checks.contains { $0.check == "ledger" && $0.status == .passed })
        let failures = report.failures.map(\.subject)
        #expect(failures == ["witnesses.jsonl, line 1"], "\(report.failures)")
        // Rebuilt after the last witness: nobody can tell, and that is said.
        builder = try MadeUpRound.builder()
        var tail = Ledger(round: "spring")
        for (index, entry) in builder.ledger.entries.enumerated() {
            let micros: Int64 = index == 0 ? 1_763_999_000_000_000 : 1_764_000_000_000_000 + Int64(index)
            let why = index == 5 ? "another reason" : entry.why
            tail.append(atMicros: micros, who: entry.who, what: entry.what, subject: entry.subject, why: why)
        }
        builder.ledger = tail
        let later = try MadeUpRound.report(on: builder.build(signers: [MadeUpRound.key("north")]))
        #expect(later.passed, "\(later.failures)")
        #expect(later.checks.contains { $0.subject == "lines 5 to 6" && $0.status == .notCovered })
    }

    @Test("Several witnesses: what lies between two is said to be not covered before the later one")
    func witnesses() throws {
        var builder = try MadeUpRound.builder()
        builder.witnesses = try [2, 6].map { try MadeUpRound.witness(builder.ledger, at: $0) }
        let report = try MadeUpRound.report(on: builder.build(signers: [MadeUpRound.key("north")]))
        #expect(report.passed)
        let lines = report.checks.filter { $0.check == "witnesses" && $0.subject?.hasPrefix("lines") == true }
        #expect(lines.map { $0.subject ?? "" } == ["lines 1 to 6", "lines 1 to 2", "lines 3 to 6"])
        #expect(lines.map(\.status) == [.passed, .notCovered, .notCovered])
    }

    @Test("What one party may not see is committed to and counted; both packages have one root")
    func redacted() throws {
        let whole = try MadeUpRound.package()
        let north = try MadeUpRound.package(recipient: "north")
        let manifest = try PackageManifest(in: north)
        // North's suite on both models, south's suite on north's model.
        #expect(manifest.openCells == [0, 1, 2] && manifest.recipient == "north")
        #expect(try PackageManifest(in: whole).outcomes.root == manifest.outcomes.root)
        #expect(manifest.outcomes.open < manifest.outcomes.count)
        let report = try MadeUpRound.report(on: north)
        #expect(report.passed, "\(report.failures)")
        #expect(report.checks.contains { $0.check == "outcomes" && $0.subject == "hidden" && $0.status == .notCovered })
        let text = String(decoding: try #require(north[.outcomes]), as: UTF8.self)
        for line in text.split(separator: "\n") where line.contains(#""cell":3"#) {
            #expect(!line.contains("score") && !line.contains("kind") && line.contains("commitment"))
        }
        let findings = try JSONValue(parsing: #require(north[.findings])).decode(FindingsDocument.self)
        #expect(findings.cells.count == 3 && findings.comparisons.count == 1)
        // Labels of hidden cells are scores, too.
        #expect(String(decoding: try #require(north[.labels]), as: UTF8.self).contains(#""configuration":"a""#))
        #expect(!String(decoding: try #require(north[.labels]), as: UTF8.self).contains(#""configuration":"b""#))
    }

    @Test("No package holds a prompt, a private key or the secret of the salts")
    func secrets() throws {
        let key = try MadeUpRound.key("north")
        for recipient in [nil, "north", "south"] as [PartyName?] {
            let package = try MadeUpRound.package(recipient: recipient)
            let all = package.files.values.map { String(decoding: $0, as: UTF8.self) }.joined()
            #expect(!all.contains("private_key") && !all.contains("secret"))
            #expect(!all.contains(Base64.encode([UInt8](repeating: 42, count: 32))))
            #expect(all.contains(key.publicKey.id.hex))
        }
    }

    @Test("An outcome that is hidden in an open cell is found, though the root holds")
    func selective() throws {
        var package = try MadeUpRound.package()
        var records = try [SealedRecord](parsing: #require(package[.outcomes]))
        records[3] = records[3].hidden
        package[.outcomes] = records.bytes
        let report = try MadeUpRound.report(on: package)
        #expect(report.failures.contains { $0.subject == "outcomes.jsonl, line 4" && $0.reason.contains("hidden") })
    }

    @Test("A changed score fails and names the finding, also where everything else was made to fit")
    func score() throws {
        var package = try MadeUpRound.package()
        var builder = try MadeUpRound.builder()
        let place = try #require(builder.outcomes.firstIndex { $0.kind == .scored && $0.position.cell == 1 })
        builder.outcomes[place].score = builder.outcomes[place].score == .one ? .zero : .one
        let changed = try builder.build()
        // The outcome alone: its file, its root and its finding are named.
        package[.outcomes] = changed[.outcomes]
        let report = try MadeUpRound.report(on: package)
        #expect(report.failures.contains { $0.check == "files" && $0.subject == "outcomes.jsonl" })
        #expect(report.failures.contains { $0.check == "outcomes" && $0.reason.contains("Merkle root") })
        let finding = try #require(report.failures.first { $0.check == "findings" && $0.subject == "cells sums / b" })
        #expect(finding.reason.contains("is stated as"))
        // Outcome, manifest and readme from another package: the findings still are not those of the outcomes.
        var fitted = changed
        fitted[.findings] = package[.findings]
        var manifest = try PackageManifest(in: changed)
        let entry = try #require(manifest.files.firstIndex { $0.path == "findings.json" })
        manifest.files[entry].sha256 = ContentHash(of: try #require(package[.findings])).hex
        manifest.files[entry].size = try #require(package[.findings]).count
        fitted[.manifest] = try manifest.bytes()
        let second = try MadeUpRound.report(on: fitted, trusting: [])
        #expect(Set(second.failures.map(\.check)) == ["findings"])
        #expect(second.failures.contains { $0.subject == "cells sums / b" })
    }

    @Test("A graded score that does not follow from its grades is named")
    func grades() throws {
        var builder = try MadeUpRound.builder()
        let place = try #require(builder.outcomes.firstIndex { $0.kind == .scored && $0.position.cell == 2 })
        builder.outcomes[place].score = builder.outcomes[place].score == .one ? .zero : .one
        let report = try MadeUpRound.report(on: builder.build(signers: [MadeUpRound.key("north")]))
        #expect(report.failures.map(\.check) == ["grades"])
        #expect(report.failures[0].subject?.hasPrefix("tone on a") == true)
    }

    @Test("Another version's report is not covered, this version's other report fails")
    func report() throws {
        let package = try MadeUpRound.package()
        func status(version: String) throws -> [VerificationReport.Status] {
            try PackageVerifier(package, trusted: [], parleyVersion: version) { _ in "other" }.report().checks
                .filter { $0.check == "report" }.map(\.status)
        }
        #expect(try status(version: "test") == [.failed])
        #expect(try status(version: "later") == [.notCovered])
    }
}
