// Held-out suites in a round file: what must be recorded before one may be sent to somebody else's provider.

import ParleyModel
import ParleyRounds
import Testing

@Suite("Held-out suites in a round file")
struct HeldOutTests {
    private static func folder(_ suite: String, term: Bool = true) throws -> Folder {
        try SmallRound.folder([
            ("scorer: exact", "scorer: exact\n    \(suite)"),
            ("model: B-1", term ? "model: B-1\n    no_training: section 3 of the agreement of 1 May" : "model: B-1"),
        ])
    }

    private static let options = PlanOptions(today: "2026-11-26")

    @Test("One that goes to another party under a recorded term is planned, with all that is said of it")
    func accepted() throws {
        let plan = try Self.folder("held_out: true\n    expires: 2026-11-26\n    canary: parley-7f3a").plan(
            Self.options
        )
        let suite = try #require(plan.definition.suites.first)
        #expect(suite.isHeldOut && suite.expires == "2026-11-26" && suite.canary == "parley-7f3a")
        #expect(plan.definition.model("model-b")?.noTraining == "section 3 of the agreement of 1 May")
    }

    @Test("A round without any has the definition that it had before there were such")
    func unchanged() throws {
        let plain = try SmallRound.folder().plan(Self.options)
        #expect(
            try Self.folder("held_out: false", term: false).plan(Self.options).definitionHash == plain.definitionHash
        )
        #expect(try plain.definition.json().canonical.contains("held_out") == false)
    }

    @Test(
        "What may not be is named with its way out",
        arguments: [
            ("held_out: true", false, "no term against training is recorded", "no_training"),
            ("held_out: true\n    expires: 2026-11-25", true, "expired on 2026-11-25", "new samples"),
            ("held_out: true\n    expires: next May", true, "is no day", "YYYY-MM-DD"),
            ("expires: 2027-01-01", true, "is not held out", "held_out: true"),
            ("canary: x", true, "is not held out", "held_out: true"),
        ]
    )
    func refused(_ suite: String, _ term: Bool, _ message: String, _ remedy: String) throws {
        let error = try #require(throws: InvalidInput.self) { try Self.folder(suite, term: term).plan(Self.options) }
        let found = error.diagnostics.filter { $0.severity == .error }
        #expect(found.count == 1 && found[0].line != nil)
        #expect(found[0].message.contains(message) && found[0].remedy?.contains(remedy) == true)
    }

    @Test("A judge's provider needs a term as the model under test does")
    func judge() throws {
        let graded =
            "scorer: { kind: model_graded, judges: [model-b], rubric: 'GRADE {{answer}}', scale: { C: 1, I: 0 } }"
        let changes = [
            (
                "scorer: exact",
                graded + "\n    held_out: true\nruns: [{ suite: suite-a, configurations: [model-a] }]"
            )
        ]
        let diagnostics = try SmallRound.folder(changes).diagnostics()
        #expect(diagnostics.contains { $0.message.contains("would be sent to 'model-b' of 'lab-b'") }, "\(diagnostics)")
    }
}
