// From a round to a page for buyers and an answer to their question, and two rounds in which the harness changed.

import Foundation
import ParleyEvidence
import ParleyModel
import Testing

@Suite("A buyer asks", .serialized) struct BuyerTests {
    private func parley(_ arguments: [String]) throws -> ParleyProcess.Ended { try ParleyProcess.run(arguments) }

    @Test("A buyer's package is made, verified and asked; what the interval does not settle is not shown")
    func wholeWay() throws {
        let place = try Workplace(samples: 60)
        let key = try parley(["key", "new", "--party", "b", "--output", "\(place.folder)/b.key"])
        #expect(key.code == 0, "\(key.errors)")
        let run = try place.start().end()
        #expect(run.code == 0, "\(run.errors)")
        func evidence(_ name: String, _ more: [String] = []) throws -> ParleyProcess.Ended {
            try parley(
                [
                    "evidence", "sums", "--preview", "--state", place.state, "--output", "\(place.folder)/\(name)",
                    "--salts",
                    "\(place.folder)/sums.salts", "--key", "\(place.folder)/b.key", "--for", "b", "--show", "sums",
                    "--threshold", "sums=0.7",
                ] + more
            )
        }
        let first = try evidence("first.tar")
        #expect(first.code == 0, "\(first.errors)")
        try place.write("response.txt", "We read it.\n")
        try place.write("production.csv", "refusals,0.003\n")
        let attest = [
            ["attest", "\(place.folder)/response.txt", "--to", "\(place.folder)/first.tar"],
            ["attest", "\(place.folder)/production.csv", "--title", "Refusals in production"],
        ]
        for arguments in attest {
            let signed = try parley(arguments + ["--dated", "2026-11-26", "--key", "\(place.folder)/b.key"])
            #expect(signed.code == 0, "\(signed.errors)")
        }
        let made = try evidence(
            "buyers",
            [
                "--response", "\(place.folder)/response.txt.dsse.json", "--attach",
                "\(place.folder)/production.csv.dsse.json", "--next-due", "2027-05-01",
            ]
        )
        #expect(made.code == 0, "\(made.errors)")
        let package = "\(place.folder)/buyers"
        let verified = try parley(["verify", package, "--trust", "\(place.folder)/b.pub"])
        #expect(verified.code == 0, "\(verified.output)")
        let page = try String(contentsOfFile: package + "/buyer.html", encoding: .utf8)
        #expect(page.contains("We read it.") && page.contains("Refusals in production") && page.contains("What is "))
        #expect(page.contains("2027-05-01") && page.contains("NOT RELEASED"))

        // The truth is 0.7: an interval that holds it does not show it.
        let ask = ["ask", "mb", "--package", package, "--trust", "\(place.folder)/b.pub", "--json"]
        let open = try parley(ask + ["--threshold", "sums=0.7"])
        #expect(open.code == 9, "\(open.output)")
        #expect(try JSONValue(parsing: open.output)["status"]?.string == "not shown")
        let low = try parley(ask + ["--threshold", "sums=0.3"])
        #expect(low.code == 0, "\(low.output)")
        let answer = try JSONValue(parsing: low.output).decode(AskDocumentForm.self)
        #expect(answer.answer == "evaluated" && answer.rounds.first?.simulated == true)
        #expect(answer.rounds.first?.areas.count { $0.status == "not evaluated" } == 5)
        // The other party's model is in the round, and withheld in this package; a stranger's is nowhere.
        let other = try parley(["ask", "ma", "--package", package])
        #expect(other.code == 10 && other.output.contains("withheld"), "\(other.output)")
        #expect(try parley(["ask", "nobody", "--package", package]).code == 10)
        let database = try parley(["ask", "mb", "--threshold", "sums=0.3", "--state", place.state])
        #expect(database.code == 0 && database.output.contains("SIMULATED"), "\(database.errors)")

        // A changed claim is refused by both.
        let claims = package + "/claims.cdx.json"
        let text = try String(contentsOfFile: claims, encoding: .utf8)
        try text.replacing("not shown: sums", with: "shown: sums").write(
            toFile: claims,
            atomically: true,
            encoding: .utf8
        )
        #expect(try parley(["verify", package]).code == 7)
        #expect(try parley(["ask", "mb", "--package", package]).code == 7)
        let questions = try parley(["questions", "sums", "--state", place.state])
        #expect(questions.code == 0 && questions.output.contains("area not evaluated"), "\(questions.errors)")
    }

    @Test("Mistakes are told: a party without a model, an unknown suite, two recipients, options without --for")
    func mistakes() throws {
        let place = try Workplace(samples: 4)
        #expect(try place.start().end().code == 0)
        func evidence(_ more: [String]) throws -> ParleyProcess.Ended {
            try parley(
                [
                    "evidence", "sums", "--preview", "--state", place.state, "--output", "\(place.folder)/x", "--salts",
                    "\(place.folder)/s",
                ] + more
            )
        }
        let early = try parley([
            "evidence", "sums", "--for", "a", "--state", place.state, "--output", "\(place.folder)/x",
        ])
        #expect(early.code == 2 && early.errors.contains("is a release"), "\(early.errors)")
        #expect(!FileManager.default.fileExists(atPath: "\(place.folder)/x"))
        let stranger = try evidence(["--for", "c"])
        #expect(stranger.code == 2 && stranger.errors.contains("no model"), "\(stranger.errors)")
        let suite = try evidence(["--for", "a", "--threshold", "tone=1"])
        #expect(suite.code == 2 && suite.errors.contains("no suite 'tone'"), "\(suite.errors)")
        #expect(try evidence(["--for", "a", "--recipient", "b"]).code == 64)
        #expect(try evidence(["--threshold", "sums=1"]).code == 64)
        #expect(try evidence(["--for", "a", "--threshold", "sums"]).code == 64)
        #expect(!FileManager.default.fileExists(atPath: "\(place.folder)/x"))
    }
}

/// What a reader of the JSON takes.
private struct AskDocumentForm: Decodable {
    struct Round: Decodable {
        struct Area: Decodable { let status: String }
        let simulated: Bool
        let areas: [Area]
    }
    let answer: String
    let rounds: [Round]
}
