// A sealed order from the drawn seed to a package: nothing runs without the seed, and a stranger checks the order by it.

import Foundation
import ParleyModel
import Testing

@Suite("A sealed order") struct OrderTests {
    private static func round(_ commitment: String) -> String {
        """
        round: sums
        tier: bilateral
        title: Sums
        parties: [{ name: a, role: lab }, { name: b, role: lab }]
        models:
          - { name: ma, party: a, provider: openai, model: ma, simulate: { accuracy: 0.9 } }
          - { name: mb, party: b, provider: openai, model: mb, simulate: { accuracy: 0.7 } }
        suites:
          - { name: sums, party: a, areas: [scalable oversight], dataset: sums.jsonl, scorer: numeric, epochs: 2 }
        runs: all
        order: { seed: "\(commitment)" }
        """
    }

    @Test("It is planned by the seed, run and published, and verified by whoever knows the opened seed")
    func wholeWay() throws {
        let place = try Workplace()
        func seed(_ name: String) throws -> String {
            let made = try ParleyProcess.run(["round", "seed", "--output", "\(place.folder)/\(name)"])
            return made.output.trimmingCharacters(in: .whitespacesAndNewlines)
        }
        func checks(_ name: String) throws -> [VerificationReport.Check] {
            let path = "\(place.folder)/\(name)"
            let made = try ParleyProcess.run([
                "evidence", "sums", "--preview", "--open", "sums", "--state", place.state, "--output", path, "--salts",
                "\(place.folder)/salts",
            ])
            #expect(made.code == 0, "\(made.errors)")
            let verified = try ParleyProcess.run(["verify", path, "--json"])
            #expect(verified.code == 0, "\(verified.output)")
            return try JSONValue(parsing: verified.output).decode(VerificationReport.self).checks
        }
        let rows = (0..<60).map { #"{"id":"s\#($0)","input":"What is \#($0) + 7?","target":"\#($0 + 7)"}"# }
        try place.write("sums.jsonl", rows.joined(separator: "\n"))
        try place.write("order.yaml", Self.round(seed("sealed")))
        _ = try seed("other")
        let run = ["run", "\(place.folder)/order.yaml", "--simulated", "--state", place.state]
        let none = try ParleyProcess.run(run)
        #expect(none.code == 2 && none.errors.contains("sealed seed, which is not here"), "\(none.errors)")
        let wrong = try ParleyProcess.run(run + ["--seed", "\(place.folder)/other"])
        #expect(wrong.code == 2 && wrong.errors.contains("not the one"), "\(wrong.errors)")
        let right = try ParleyProcess.run(run + ["--seed", "\(place.folder)/sealed"])
        #expect(right.code == 0, "\(right.errors)")

        let closed = try checks("closed.tar")
        #expect(closed.contains { $0.check == "order" && $0.subject == "seed" && $0.status == .notCovered })
        #expect(closed.contains { $0.check == "samples" && $0.subject == "sums" && $0.status == .passed })
        let opened = try ParleyProcess.run([
            "order", "sums", "--seed", "\(place.folder)/sealed", "--state", place.state, "--json",
        ])
        #expect(opened.code == 0, "\(opened.errors)")
        let order = try JSONValue(parsing: opened.output)
        #expect(order["planned"]?.string == "sealed_seed")
        #expect(order["cells"]?.array?.compactMap { $0["started"]?.integer } == [120, 120])
        let open = try checks("open.tar")
        #expect(open.contains { $0.check == "order" && $0.subject == "sums" && $0.status == .passed }, "\(open)")
        #expect(open.contains { $0.check == "order" && $0.subject == nil && $0.status == .passed }, "\(open)")

        let table = try ParleyProcess.run(["order", "sums", "--state", place.state])
        #expect(table.output.contains("drawn from its sealed seed"), "\(table.output)")
        let starts = try ParleyProcess.run(["order", "sums", "--state", place.state, "--csv"]).output
            .split(separator: "\n").dropFirst()
        #expect(starts.count == 240)
    }
}
