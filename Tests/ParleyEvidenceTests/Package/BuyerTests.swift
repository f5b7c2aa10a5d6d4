// A package for a buyer: what is open in it, what is drawn, what is claimed, and how mistakes and forgeries are named.

import ParleyModel
import Testing

@testable import ParleyEvidence

@Suite("A buyer's package") struct BuyerTests {
    @Test("passes every check, and holds the vendor's findings only")
    func good() throws {
        let package = try MadeUpRound.buyerPackage()
        let report = try MadeUpRound.report(on: package)
        #expect(report.failures.isEmpty, "\(report.failures)")
        let passed = Set(report.checks.filter { $0.status == .passed }.map(\.check))
        #expect(passed.isSuperset(of: ["examples", "claims", "buyer page", "response", "attachments", "findings"]))
        let manifest = try PackageManifest(in: package)
        #expect(manifest.openCells == [0, 2])
        // The same Merkle root as in the package for anybody.
        #expect(manifest.outcomes.root == (try PackageManifest(in: MadeUpRound.package()).outcomes.root))
        let findings = try package.checkedFindings().1
        #expect(findings.cells.map(\.configuration) == ["a", "a"])
        #expect(
            report.checks.contains { $0.check == "attachments" && $0.subject == "content" && $0.status == .notCovered }
        )
    }

    @Test("draws the examples that anybody can draw again, five a finding, and shows only released suites")
    func examples() throws {
        let package = try MadeUpRound.buyerPackage()
        let lines = String(decoding: try #require(package[.examples]), as: UTF8.self).split(separator: "\n")
        let hash = ContentHash(of: try MadeUpRound.definition().json())
        // Drawn naively: all places of a cell, in the order of their hashes.
        for (cell, suite) in [(0, "sums"), (2, "tone")] {
            let places = MadeUpRound.outcomes().map(\.position).filter { $0.cell == cell }
            let expected = places.sorted { left, right in
                func lot(_ place: PackagedOutcome.Position) -> String {
                    ContentHash(of: "parley.examples/1\n\(hash)\n\(suite)\na\n\(place.sample)\n\(place.epoch)\n".utf8)
                        .hex
                }
                return lot(left) < lot(right)
            }.prefix(5).sorted()
            let found = try lines.map { try JSONValue(parsing: Array($0.utf8)) }.filter {
                $0["position"]?["cell"]?.integer == Int64(cell)
            }
            #expect(found.compactMap { $0["position"] } == expected.map(\.json))
            #expect(found.allSatisfy { ($0["said"] != nil) == (suite == "sums") })
        }
    }

    @Test("says nothing about the vendor's own data in any finding")
    func apart() throws {
        let without = try MadeUpRound.buyerPackage { builder in
            builder.attachments = []
            builder.response = nil
        }
        let package = try MadeUpRound.buyerPackage()
        for file in [PackageManifest.File.findings, .claims, .examples, .crosswalk, .outcomes] {
            #expect(without[file] == package[file])
        }
        #expect(without[.attachments] == nil && without[.response] == nil)
        #expect(try MadeUpRound.report(on: without).passed)
    }

    @Test("claims what the intervals say, each claim with evidence that names its finding")
    func claims() throws {
        let package = try MadeUpRound.buyerPackage()
        let json = try JSONValue(parsing: #require(package[.claims]))
        #expect(json["bomFormat"] == "CycloneDX" && json["specVersion"] == "1.6")
        let declarations = try #require(json["declarations"])
        let claims = try #require(declarations["claims"]?.array)
        #expect(claims.compactMap { $0["bom-ref"]?.string } == ["claim/cell/sums/a", "claim/cell/tone/a"])
        #expect(claims[0]["predicate"]?.string == "shown: sums (claim: not stated)")
        #expect(
            claims[1]["predicate"]?.string?.hasPrefix("not shown: tone (claim: not stated, asked: at least 0.9") == true
        )
        let entries = try #require(declarations["evidence"]?.array)
        let references = Set(entries.compactMap { $0["bom-ref"]?.string })
        for claim in claims {
            let used = (claim["evidence"]?.array ?? []) + (claim["counterEvidence"]?.array ?? [])
            #expect(!used.isEmpty && used.allSatisfy { references.contains($0.string ?? "") })
            #expect(claim["target"]?.string == "configuration/a")
        }
        // Its own suite: the vendor evaluated itself, and that stands against it.
        #expect(entries.contains { $0["description"]?.string == "evaluated by the vendor itself" })
        let content = try #require(
            entries.first { $0["bom-ref"] == "evidence/cell/sums/a" }?["data"]?[0]?["contents"]?["attachment"]?[
                "content"
            ]?
            .string
        )
        let numbers = try JSONValue(parsing: Array(content.utf8))
        let cell = try #require(package.checkedFindings().1.cells.first)
        #expect(numbers["estimate"]?.double == cell.estimate && numbers["n"]?.integer == Int64(cell.counted))
        #expect(numbers["interval"]?["upper"]?.double == cell.interval?.upper)
    }

    @Test("with a number in a claim that is not the recomputed one fails, though the manifest was made to fit")
    func forgedClaim() throws {
        var package = try MadeUpRound.buyerPackage()
        let text = String(decoding: try #require(package[.claims]), as: UTF8.self)
        let changed = text.replacing(#"\"clusters\":6"#, with: #"\"clusters\":600"#)
        #expect(changed != text)
        package[.claims] = Array(changed.utf8)
        try Self.refit(&package, .claims)
        let failures = try MadeUpRound.report(on: package, trusting: []).failures
        #expect(Set(failures.map(\.check)) == ["claims", "readme"], "\(failures)")
        #expect(failures.contains { $0.subject == "declarations" && $0.reason.contains("content") })
    }

    @Test("takes a response by the vendor to this round alone")
    func foreignResponse() throws {
        let hash = ContentHash(of: try MadeUpRound.definition().json())
        func refused(_ statement: Statement, by party: PartyName) throws -> String {
            var envelope = statement.envelope
            try envelope.sign(by: MadeUpRound.key(party))
            do {
                let package = try MadeUpRound.buyerPackage { $0.response = envelope }
                return try MadeUpRound.report(on: package).failures.map(\.reason).joined(separator: "\n")
            } catch { return "\(error)" }
        }
        let other = try Statement(response: "x", to: ContentHash(of: [1]), of: "north", dated: "2026-11-26")
        #expect(try refused(other, by: "north").contains("not to this round"))
        let south = try Statement(response: "x", to: hash, of: "south", dated: "2026-11-26")
        #expect(try refused(south, by: "south").contains("is by 'south'"))
        // South signs in north's name.
        let forged = try Statement(response: "x", to: hash, of: "north", dated: "2026-11-26")
        #expect(try refused(forged, by: "south").contains("not signed by a known key of 'north'"))
        #expect(throws: ParleyFailure.self) { try Statement(response: "x", to: hash, of: "north", dated: "26 May") }
        #expect(throws: ParleyFailure.self) {
            try Statement(response: " \n", to: hash, of: "north", dated: "2026-11-26")
        }
    }

    @Test("is not made of a party without a model, nor checked as one where the manifest opens more")
    func mistakes() throws {
        #expect(throws: ParleyFailure.self) { try MadeUpRound.buyerPackage { $0.buyer?.vendor = "watch" } }
        var package = try MadeUpRound.buyerPackage()
        var manifest = try PackageManifest(in: package)
        manifest.buyer?.vendor = "south"
        package[.manifest] = try manifest.bytes()
        let report = try MadeUpRound.report(on: package, trusting: [])
        #expect(report.failures.contains { $0.check == "buyer" && $0.reason.contains("'south'") })
        manifest.buyer = nil
        package[.manifest] = try manifest.bytes()
        let none = try MadeUpRound.report(on: package, trusting: []).failures
        #expect(none.contains { $0.check == "buyer" && $0.subject == "buyer.html" })
    }

    private static func refit(_ package: inout PackageFiles, _ file: PackageManifest.File) throws {
        var manifest = try PackageManifest(in: package)
        let entry = try #require(manifest.files.firstIndex { $0.path == file.rawValue })
        let bytes = try #require(package[file])
        manifest.files[entry].size = bytes.count
        manifest.files[entry].sha256 = ContentHash(of: bytes).hex
        manifest.signers = []
        package[.manifest] = try manifest.bytes()
        package[.signatures] = nil
    }
}
