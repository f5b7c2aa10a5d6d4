// A round between two parties from its file to what is published: frozen, signed by both, run, amended, witnessed, and
// one outcome of it proved; and what is refused on the way.

import Foundation
import ParleyEvidence
import ParleyModel
import ParleyTestSupport
import Testing

@Suite("parley round and parley ledger", .serialized) struct RoundTests {
    private func parley(_ place: Workplace, _ arguments: [String]) throws -> ParleyProcess.Ended {
        try ParleyProcess.run(arguments + ["--state", place.state], environment: ["PARLEY_ACTOR": "olga"])
    }

    /// A workplace whose round names its parties' keys and asks for both signatures.
    private func signedPlace() throws -> Workplace {
        let place = try Workplace(samples: 6)
        var text = try String(contentsOfFile: place.round, encoding: .utf8)
        for party in ["a", "b"] {
            let made = try ParleyProcess.run([
                "key", "new", "--party", party, "--output", "\(place.folder)/\(party).key",
            ])
            #expect(made.code == 0, "\(made.errors)")
            let file = try #require(FileManager.default.contents(atPath: "\(place.folder)/\(party).pub"))
            let key = try #require(try JSONValue(parsing: Array(file))["public_key"]?.string)
            text = text.replacing("name: \(party), role: lab", with: "name: \(party), role: lab, key: \"\(key)\"")
        }
        let seed = try ParleyProcess.run(["round", "seed", "--output", "\(place.folder)/sums.seed"])
        #expect(seed.code == 0, "\(seed.errors)")
        let commitment = seed.output.trimmingCharacters(in: .newlines)
        #expect(try SealedSeed(file: "\(place.folder)/sums.seed").commitment.description == commitment)
        text += """

            signatures: all
            primary: [{ suite: sums, compare: [ma, mb], effect: 0.3 }]
            audit: { size: 3, seed: "\(commitment)" }
            rules: { stopping: none, errors: dead jobs fail, visibility: each its own first }
            """
        try place.write("round.yaml", text)
        return place
    }

    @Test("A round of two parties runs when both have signed, and its package shows that they did")
    func wholeWay() throws {
        let place = try signedPlace()
        let dry = try parley(place, ["round", "freeze", place.round, "--simulated", "--dry-run"])
        #expect(dry.code == 0 && dry.output.contains("would be frozen"), "\(dry.errors)")
        let draft = try parley(place, ["round", "draft", place.round, "--simulated"])
        #expect(draft.code == 0 && draft.output.contains("is draft"), "\(draft.errors)")
        let early = try parley(place, ["round", "sign", "sums", "--key", "\(place.folder)/a.key"])
        #expect(early.code == 2 && early.errors.contains("once it is frozen"), "\(early.errors)")
        let frozen = try parley(place, ["round", "freeze", "sums", "--because", "agreed"])
        #expect(frozen.code == 0, "\(frozen.errors)")

        // Nothing runs, by whatever command.
        for attempt in [
            try place.start().end(), try parley(place, ["round", "start", "sums"]),
            try parley(place, ["submit", place.round, "--simulated"]),
        ] {
            #expect(attempt.code == 3 && attempt.errors.contains("Missing: a, b"), "\(attempt.errors)")
        }
        let signed = try parley(place, ["round", "sign", "sums", "--key", "\(place.folder)/a.key"])
        #expect(signed.code == 0 && signed.output.contains("Missing: b"), "\(signed.errors)")
        // The other signs its own copy, and hands the envelope over.
        let own = try ParleyProcess.run([
            "sign", place.round, "--simulated", "--key", "\(place.folder)/b.key", "--output",
            "\(place.folder)/b.dsse.json",
        ])
        #expect(own.code == 0, "\(own.errors)")
        let added = try parley(place, ["round", "sign", "sums", "--envelope", "\(place.folder)/b.dsse.json", "--json"])
        #expect(try JSONValue(parsing: added.output)["missing"] == [], "\(added.errors)")
        let run = try place.start().end()
        #expect(run.code == 0, "\(run.errors)")
        #expect(run.output.contains("signed by 2 or more of its parties") && run.output.contains(", primary"))

        let status = try parley(place, ["round", "status", "sums", "--json"])
        let standing = try JSONValue(parsing: status.output)
        #expect(try SchemaCheck("standing").problems(standing) == [])
        #expect(standing["state"] == "exchange" && standing["signatures_needed"] == 2)
        let skipped = try parley(place, ["round", "publish", "sums"])
        #expect(skipped.code == 2 && skipped.errors.contains("From here it can be correction"), "\(skipped.errors)")

        let amended = try parley(
            place,
            ["round", "amend", "sums", "--text", "one item was wrong", "--key", "\(place.folder)/a.key"]
        )
        #expect(amended.code == 0, "\(amended.errors)")
        let changed = try JSONValue(parsing: parley(place, ["round", "status", "sums", "--json"]).output)
        #expect(try SchemaCheck("standing").problems(changed) == [] && changed["amendments"]?.array?.count == 1)
        let findings = try parley(place, ["findings", "sums"])
        #expect(findings.output.contains(", exploratory") && findings.output.contains("one item was wrong"))
        for (verb, state) in [("correct", "correction"), ("disclose", "disclosure"), ("publish", "published")] {
            let moved = try parley(place, ["round", verb, "sums", "--because", "step"])
            #expect(moved.code == 0 && moved.output.contains("is \(state)."), "\(moved.errors)")
        }
        let again = try parley(place, ["round", "publish", "sums"])
        #expect(again.code == 0 && again.output.contains("was already published"))

        #expect(
            try ParleyProcess.run(["key", "new", "--party", "watch", "--output", "\(place.folder)/w.key"]).code == 0
        )
        let watched = try parley(
            place,
            ["ledger", "witness", "sums", "--key", "\(place.folder)/w.key", "--output", "\(place.folder)/w.json"]
        )
        #expect(watched.code == 0, "\(watched.errors)")

        // The package takes signatures, keys and amendments from the database.
        let package = "\(place.folder)/sums.tar"
        let made = try parley(
            place,
            [
                "evidence", "sums", "--because", "the spring report", "--output", package, "--salts",
                "\(place.folder)/sums.salts", "--key",
                "\(place.folder)/a.key",
            ]
        )
        #expect(made.code == 0 && made.errors.contains("1 witnesses are left out"), "\(made.errors)")
        let entries = try parley(place, ["ledger", "show", "sums"]).output
        #expect(entries.contains("package released") && entries.contains("the spring report"), "\(entries)")
        let verified = try ParleyProcess.run([
            "verify", package, "--trust", "\(place.folder)/a.pub", "--trust", "\(place.folder)/b.pub", "--json",
        ])
        #expect(verified.code == 0, "\(verified.output)")
        let checks = try JSONValue(parsing: verified.output).decode(VerificationReport.self).checks
        #expect(checks.contains { $0.check == "agreement" && $0.subject == "threshold" && $0.status == .passed })
        #expect(checks.contains { $0.check == "amendments" && $0.status == .notCovered })
    }

    @Test("One outcome is proved offline under a witnessed root, and a witness goes on from the last")
    func ledger() throws {
        let place = try Workplace(samples: 5)
        #expect(try place.start().end().code == 0)
        let key = try ParleyProcess.run(["key", "new", "--party", "watch", "--output", "\(place.folder)/w.key"])
        #expect(key.code == 0)
        let salts = "\(place.folder)/sums.salts"
        func witness(_ name: String, _ more: [String]) throws -> ParleyProcess.Ended {
            try parley(
                place,
                [
                    "ledger", "witness", "sums", "--key", "\(place.folder)/w.key", "--salts", salts, "--output",
                    "\(place.folder)/\(name)",
                ] + more
            )
        }
        let first = try witness("1.json", [])
        #expect(first.code == 0, "\(first.errors)")
        #expect(try parley(place, ["share", "sums", "--party", "a", "--weight", "3"]).code == 0)
        let second = try witness("2.json", ["--since", "\(place.folder)/1.json"])
        #expect(second.code == 0, "\(second.errors)")

        let exported = try parley(place, ["export", "sums", "--format", "jsonl", "--output", "\(place.folder)/out"])
        #expect(exported.code == 0, "\(exported.errors)")
        let names = try FileManager.default.contentsOfDirectory(atPath: "\(place.folder)/out")
        let name = try #require(names.first { $0.hasSuffix(".jsonl") })
        let rows = try String(contentsOfFile: "\(place.folder)/out/\(name)", encoding: .utf8)
        let row = try #require(rows.split(separator: "\n").first)
        let job = try #require(try JSONValue(parsing: String(row))["job"]?.integer)
        let proof = try parley(place, ["ledger", "prove", "sums", "\(job)", "--salts", salts])
        #expect(proof.code == 0, "\(proof.errors)")
        try place.write("proof.json", proof.output)
        func check() throws -> ParleyProcess.Ended {
            try ParleyProcess.run([
                "ledger", "check", "\(place.folder)/proof.json", "--trust", "\(place.folder)/w.pub",
            ])
        }
        let held = try check()
        #expect(held.code == 0 && held.output.contains("of the 20 under the root"), "\(held.output)\(held.errors)")
        try place.write("proof.json", proof.output.replacing(#""epoch": 1"#, with: #""epoch": 2"#))
        #expect(try check().code == 7)

        let shown = try parley(place, ["ledger", "show", "sums", "--json"])
        let ledger = try Ledger(parsing: Array(shown.output.utf8), round: "sums")
        let schema = try SchemaCheck("ledger")
        for line in shown.output.split(separator: "\n") {
            #expect(try schema.problems(JSONValue(parsing: String(line))) == [], "\(line)")
        }
        #expect(ledger.entries.map(\.what) == ["drafted", "moved", "moved", "moved", "weigh"])
        #expect(ledger.entries[1].who == NSUserName() || !ledger.entries[1].who.isEmpty)
        let good = try parley(
            place,
            [
                "ledger", "verify", "sums", "--witness", "\(place.folder)/1.json", "--trust",
                "\(place.folder)/w.pub",
            ]
        )
        #expect(good.code == 0 && good.output.contains("Between two witnesses"), "\(good.output)\(good.errors)")
        let wrong = try parley(
            place,
            ["ledger", "verify", "sums", "--witness", "\(place.folder)/forged.json"]
        )
        #expect(wrong.code != 0)
    }

    @Test("A round that asks for no signature runs by one command, and says that nobody signed it")
    func oneOperator() throws {
        let place = try Workplace(samples: 3)
        let run = try place.start().end()
        #expect(run.code == 0 && run.output.contains("not signed by its parties"), "\(run.errors)")
        let sign = try parley(place, ["round", "sign", "sums", "--key", "\(place.folder)/none.key"])
        #expect(sign.code == 2)
        let retired = try parley(place, ["round", "retire", "sums", "--because", "a trial", "--json"])
        #expect(try JSONValue(parsing: retired.output)["to"] == "retired", "\(retired.errors)")
        let back = try parley(place, ["round", "start", "sums"])
        #expect(back.code == 2 && back.errors.contains("Nothing follows"), "\(back.errors)")
    }
}
