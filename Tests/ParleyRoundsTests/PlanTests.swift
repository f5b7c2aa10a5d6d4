// Plans: arithmetic by hand, and what does and does not change the definition's hash.

import Foundation
import ParleyModel
import ParleyRounds
import Testing

@Suite("A plan")
struct PlanTests {
    // "1 + 1 = ?" is 9 bytes: 3 tokens and 4 for the message's frame, 7 a sample.
    @Test("of one call a sample counts jobs, tokens, money and time as by hand")
    func singleCall() throws {
        let folder = try SmallRound.folder([
            ("scorer: exact", "scorer: exact\n    epochs: 5\n    max_tokens: 10\nruns: all"),
            ("model: A-1", "model: A-1\n    concurrency: 2"),
        ])
        let document = try folder.plan().document
        let first = try #require(document.cells.first)
        #expect(first.samples == 2 && first.epochs == 5 && first.jobs == 10 && first.gradeJobs == 0)
        #expect(first.tokens.input == 70 && first.tokens.output == 100)
        // (70 × 3 + 100 × 15) / 10⁶
        #expect(first.money == Money(billionths: 1_710_000))
        #expect(document.cells.last?.money == nil && document.totals.money == nil)
        #expect(document.totals.jobs == 20 && document.totals.tokens.output == 200 && document.totals.calls == 20)
        // model-a: 10 calls of 0.5 s and 100 tokens at 50/s, two at a time: 3.5 s; model-b eight at a time.
        #expect(document.estimatedSeconds == 3.5)
    }

    @Test("of a conversation counts what is sent again with each call")
    func conversation() throws {
        let plan = try RoundFileTests.withMetadata().plan()
        let turns = try #require(plan.cells.first)
        // System 'You are an agent.' 5 + 4, 'Be brief.' 3 + 4, examples 1 + 4 each, template 30 bytes 8: 34 a sample.
        // Inputs 'what?' 2 + 4, 'why?' 1 + 4. First calls: 2 × 34 + 11 = 79. Second: 79 + 2 × (16 + 'Are you sure?' 8).
        // Judges: rubric 'GRADE: X' text of 32 bytes 8 + 4, answer 16, input 11 and targets 2 over both samples.
        let opening: Int64 = 79
        let probes = opening + opening + 2 * (16 + 8)
        let grades: Int64 = 2 * (12 + 16) + 11 + 2
        #expect(turns.jobs == 6 && turns.gradeJobs == 6)
        #expect(turns.tokens == TokenEstimate(calls: 18, input: 3 * (probes + grades), output: 3 * (64 + 128)))
        let numbers = try #require(plan.cells.last)
        // Target: 2 user turns make 3 calls a sample; the user, judge (max_tokens 1024), makes 2.
        #expect(numbers.jobs == 3 && numbers.tokens.calls == 15)
        #expect(numbers.tokens.output == 3 * (3 * 32 + 2 * 1024))
    }

    @Test("compares budgets with what falls under them")
    func budgets() throws {
        let plan = try RoundFileTests.withMetadata().plan()
        let whole = try #require(plan.budgets.first)
        #expect(whole.estimatedTokens == plan.total.total && whole.estimatedMoney == plan.totalMoney)
        #expect(whole.isEnough)
        let short = try SmallRound.folder([("scorer: exact", "scorer: exact\nbudgets: [{ model: model-b, tokens: 9 }]")]
        )
        #expect(try short.plan().budgets.map(\.isEnough) == [false])
    }

    @Test("of a simulated round takes the simulator's latency")
    func simulatedTime() throws {
        let change = ("model: B-1", "model: B-1\n    concurrency: 1\n    simulate: { latency: 250ms }")
        let plan = try SmallRound.folder([change]).plan(PlanOptions(isSimulated: true))
        #expect(plan.estimatedTime == .milliseconds(500))
        #expect(plan.document.simulated)
    }

    @Test("has one hash for one meaning")
    func stableHash() throws {
        let base = try SmallRound.folder().plan().definitionHash
        #expect(try SmallRound.folder().plan().definitionHash == base)
        let commented = try SmallRound.folder([
            ("round: small\ntier: bilateral", "# a comment\ntier: bilateral\nround: small"),
            ("    provider: openai\n    model: A-1", "    model: A-1  # the first\n    provider: openai"),
        ])
        #expect(try commented.plan().definitionHash == base)
        let spaced = try SmallRound.folder(items: SmallRound.items.replacing(", ", with: ",   "))
        #expect(try spaced.plan().definitionHash == base)
    }

    @Test("changes its hash with any dataset content and any setting")
    func changedHash() throws {
        let base = try SmallRound.folder().plan().definitionHash
        let content = try SmallRound.folder(items: SmallRound.items.replacing("\"4\"", with: "\"5\""))
        #expect(try content.plan().definitionHash != base)
        let id = try SmallRound.folder(items: SmallRound.items.replacing("\"two\"", with: "\"deux\""))
        #expect(try id.plan().definitionHash != base)
        let setting = try SmallRound.folder([("model: B-1", "model: B-2")])
        #expect(try setting.plan().definitionHash != base)
    }

    @Test("gives its datasets to be read again")
    func datasets() throws {
        let plan = try SmallRound.folder().plan()
        #expect(plan.datasets["suite-a"]?.digest == plan.definition.suite("suite-a")?.dataset.digest)
    }
}
