// Two rounds compared: a planted regression is found, what did not change is not, and a changed scorer is told apart.

import Foundation
import ParleyModel
import Testing

@Suite("Compared rounds") struct CompareTests {
    /// A round of 300 sums for two models; `firstID` is the first sample's number.
    private static func round(
        _ name: String,
        firstID: Int,
        accuracies: (Double, Double),
        seed: Int,
        scorer: String = "numeric",
        reference: String? = nil,
        in place: Workplace
    ) throws -> String {
        let rows = (firstID..<firstID + 300).map {
            #"{"id":"s\#($0)","input":"What is \#($0) + 7?","target":"\#($0 + 7)"}"#
        }
        try place.write("\(name).jsonl", rows.joined(separator: "\n"))
        func model(_ name: String, _ party: String, _ accuracy: Double) -> String {
            "- { name: \(name), party: \(party), provider: openai, model: \(name), simulate: { accuracy: \(accuracy) } }"
        }
        try place.write(
            "\(name).yaml",
            """
            round: \(name)
            tier: bilateral
            title: Sums
            seed: \(seed)
            parties: [{ name: a, role: lab }, { name: b, role: lab }]
            models:
              \(model("ma", "a", accuracies.0))
              \(model("mb", "b", accuracies.1))
            \(reference.map { "configurations: [{ name: ma, model: ma }, { name: \($0), model: \($0), reference: true }]" } ?? "")
            suites:
              - { name: sums, party: a, areas: [scalable oversight], dataset: \(name).jsonl, scorer: \(scorer) }
            runs: all
            """
        )
        let run = try ParleyProcess.run(["run", "\(place.folder)/\(name).yaml", "--simulated", "--state", place.state])
        #expect(run.code == 0, "\(run.errors)")
        return name
    }

    @Test("A planted regression is found, a planted change that is none is not, and a changed scorer compares nothing")
    func planted() throws {
        let place = try Workplace()
        let spring = try Self.round("spring", firstID: 0, accuracies: (0.9, 0.7), seed: 1, in: place)
        // 50 samples are new; the first model lost 30 points.
        let autumn = try Self.round("autumn", firstID: 50, accuracies: (0.6, 0.7), seed: 1, in: place)
        let found = try ParleyProcess.run(["compare", spring, autumn, "--state", place.state, "--json"])
        #expect(found.code == 0, "\(found.errors)")
        let changes = try #require(try JSONValue(parsing: found.output)["changes"]?.array)
        #expect(changes.count == 2)
        #expect(changes.allSatisfy { $0["anchor_samples"]?.integer == 250 && $0["only_in_later"]?.integer == 50 })
        let verdicts = changes.map { ($0["configuration"]?.string ?? "", $0["verdict"]?.string ?? "") }
        #expect(verdicts[0] == ("ma", "regressed"), "\(changes[0])")
        // The same model, seed and prompts: every answer is the same.
        #expect(verdicts[1] == ("mb", "unchanged"), "\(changes[1])")
        #expect(changes[1]["difference"]?.double == 0)

        let winter = try Self.round("winter", firstID: 50, accuracies: (0.6, 0.7), seed: 1, scorer: "exact", in: place)
        let other = try ParleyProcess.run(["compare", autumn, winter, "--state", place.state, "--json"])
        let changed = try #require(try JSONValue(parsing: other.output)["changes"]?.array)
        #expect(changed.allSatisfy { $0["verdict"]?.string == "not comparable" })
        #expect(changed.allSatisfy { $0["changed_settings"]?[0]?.string == "suite: scorer" })

        let table = try ParleyProcess.run(["compare", spring, autumn, "--state", place.state])
        #expect(table.output.contains("regressed") && table.output.contains("SIMULATED"))
        let mistake = try ParleyProcess.run(["compare", spring, "summer", "--state", place.state])
        #expect(mistake.code == 2 && mistake.errors.contains("no round named 'summer'"), "\(mistake.errors)")
        #expect(try ParleyProcess.run(["compare", spring, spring, "--state", place.state]).code == 64)
    }

    @Test("Held-out samples pair for whoever holds the key, and for nobody else")
    func heldOut() throws {
        let place = try Workplace()
        let key = "\(place.folder)/a.seal.key"
        for holder in ["a", "c"] {
            let path = "\(place.folder)/\(holder).seal.key"
            #expect(try ParleyProcess.run(["key", "seal", holder, "--output", path]).code == 0)
        }
        for (name, accuracy, first) in [("spring", 0.9, 0), ("autumn", 0.5, 50)] {
            let rows = (first..<first + 300).map {
                #"{"id":"s\#($0)","input":"What is \#($0) + 7?","target":"\#($0 + 7)"}"#
            }
            try place.write("\(name).jsonl", rows.joined(separator: "\n"))
            try place.write(
                "\(name).yaml",
                """
                round: \(name)
                tier: bilateral
                parties: [{ name: a, role: evaluator }, { name: b, role: lab }]
                models:
                  - { name: mb, party: b, provider: openai, model: mb, no_training: agreed, simulate: { accuracy: \(accuracy) } }
                suites:
                  - { name: sums, party: a, areas: [scalable oversight], dataset: \(name).jsonl, scorer: numeric, held_out: true }
                runs: all
                """
            )
            let run = try ParleyProcess.run([
                "run", "\(place.folder)/\(name).yaml", "--simulated", "--state", place.state, "--seal-key", key,
            ])
            #expect(run.code == 0, "\(run.errors)")
        }
        func change(_ more: [String]) throws -> JSONValue {
            let found = try ParleyProcess.run(["compare", "spring", "autumn", "--state", place.state, "--json"] + more)
            #expect(found.code == 0, "\(found.errors)")
            return try #require(try JSONValue(parsing: found.output)["changes"]?[0])
        }
        let owner = try change(["--seal-key", key])
        #expect(owner["anchor_samples"]?.integer == 250 && owner["verdict"]?.string == "regressed", "\(owner)")
        for more in [[], ["--seal-key", "\(place.folder)/c.seal.key"]] {
            let closed = try change(more)
            #expect(
                closed["anchor_samples"]?.integer == 0 && closed["verdict"]?.string == "not comparable",
                "\(closed)"
            )
            #expect(closed["rule"]?.string?.contains("held out") == true)
        }
    }

    @Test("A planted change of the harness, which moves the reference as well, is told apart from one of a model")
    func harness() throws {
        let place = try Workplace()
        func round(_ name: String, _ accuracies: (Double, Double)) throws -> String {
            try Self.round(name, firstID: 0, accuracies: accuracies, seed: 1, reference: "mb", in: place)
        }
        func changes(_ earlier: String, _ later: String) throws -> [JSONValue] {
            let found = try ParleyProcess.run(["compare", earlier, later, "--state", place.state, "--json"])
            #expect(found.code == 0, "\(found.errors)")
            return try #require(try JSONValue(parsing: found.output)["changes"]?.array)
        }
        let spring = try round("spring", (0.9, 0.7))
        // One model lost 30 points.
        let model = try changes(spring, round("summer", (0.6, 0.7)))
        #expect(model.map { $0["verdict"]?.string } == ["regressed", "unchanged"])
        #expect(model.allSatisfy { $0["harness"]?.string == "held" && $0["status"]?.string == "shown" })
        // Something between us and the models makes both lose points: the reference cannot have.
        let harness = try changes(spring, round("autumn", (0.6, 0.4)))
        #expect(harness.allSatisfy { $0["verdict"]?.string == "not comparable" }, "\(harness)")
        #expect(harness.allSatisfy { $0["harness"]?.string == "changed" })
    }
}
