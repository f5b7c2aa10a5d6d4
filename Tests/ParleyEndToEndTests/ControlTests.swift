// What an operator does to a round while it runs and between runs: budgets, pausing, cancelling, the ledger.

import Foundation
import ParleyModel
import ParleyTestSupport
import Testing

@Suite("Control from the command line") struct ControlTests {
    private func parley(_ place: Workplace, _ arguments: [String]) throws -> ParleyProcess.Ended {
        try ParleyProcess.run(arguments + ["--state", place.state], environment: ["PARLEY_ACTOR": "olga"])
    }

    @Test("A round stops at the cap of its budget, says so, and goes on when the cap is raised")
    func budget() throws {
        let place = try Workplace(samples: 200, more: "budgets: [{ tokens: 6000 }]")
        let stopped = try place.start().end()
        #expect(stopped.code == 3, "\(stopped.errors)")
        #expect(stopped.errors.contains("the budget for the whole round is used up"))
        #expect(stopped.errors.contains("parley budget sums 1"))
        let status = try JSONValue(parsing: try parley(place, ["status", "sums", "--json"]).output)
        #expect(try SchemaCheck("status").problems(status) == [])
        let budget = status["rounds"]?.array?[0]["budgets"]?.array?[0]
        #expect(budget?["exhausted"] == .bool(true))
        #expect((budget?["used_tokens"]?.integer ?? .max) <= 6000)
        let wrong = try parley(place, ["budget", "sums", "2", "--tokens", "1"])
        #expect(wrong.code == 2 && wrong.errors.contains("has no budget 2"))
        #expect(try parley(place, ["budget", "sums", "1", "--tokens", "9000000", "--because", "agreed"]).code == 0)
        #expect(try place.start().end().code == 0)
        let events = try parley(place, ["events", "sums"])
        #expect(events.output.contains("budget 1 for the whole round (1) by olga: 9000000 tokens, agreed"))
    }

    @Test("What is paused and cancelled is left out until it is taken up again; repeating changes nothing")
    func pauseAndCancel() async throws {
        let place = try Workplace(samples: 60, latency: "30ms")
        let run = try place.start()
        _ = await place.outcomes(atLeast: 10, of: run)
        let paused = try parley(place, ["pause", "sums", "--model", "ma", "--now", "--because", "wrong key"])
        #expect(paused.code == 0 && paused.output.contains("is paused."), "\(paused.output)\(paused.errors)")
        #expect(try parley(place, ["pause", "sums", "--model", "ma"]).output.contains("Nothing to do"))
        let missing = try parley(place, ["pause", "sums", "--model", "mx"])
        #expect(missing.code == 2 && missing.errors.contains("Models: ma, mb"))
        let ended = run.end()
        #expect(ended.code == 3 && ended.errors.contains("wrong key"), "\(ended.errors)")
        #expect(try parley(place, ["resume", "sums"]).output.contains("running again"))
        #expect(try parley(place, ["cancel", "sums", "--model", "ma"]).code == 0)
        let left = try place.start().end()
        #expect(left.code == 3 && left.errors.contains("cancelled"), "\(left.errors)")
        #expect(try parley(place, ["resume", "sums", "--cancelled"]).code == 0)
        #expect(try place.start().end().code == 0)
        let late = try parley(place, ["cancel", "sums"])
        #expect(late.code == 2 && late.errors.contains("has ended: it is exchange"), "\(late.errors)")
        #expect(try parley(place, ["status", "sums"]).output.contains("cost so far 0 USD"))
        let ledger = try parley(place, ["events", "sums", "--json"])
        let actions = try JSONValue(parsing: ledger.output).array?.compactMap { $0["what"]?.string } ?? []
        #expect(actions.contains("uncancel") && actions.contains("cancel") && actions.contains("pause"))
        #expect(try parley(place, ["workers"]).output == "No worker works.\n")
        #expect(try parley(place, ["dead", "list", "sums"]).output == "No job of 'sums' is dead.\n")
        #expect(
            try parley(place, ["share", "sums", "--party", "a", "--weight", "3"]).output.contains("Set for party a")
        )
    }

    @Test("What a pool was told is shown among the limits with who said so, and that it binds where it does")
    func limits() async throws {
        let place = try Workplace(samples: 400, latency: "100ms")
        let run = try place.start()
        _ = await place.outcomes(atLeast: 4, of: run)
        #expect(try parley(place, ["pool", "set", "default", "--concurrency", "2", "--because", "lunch"]).code == 0)
        var binding: JSONValue?
        while run.isRunning, binding == nil {
            let limits = try JSONValue(parsing: try parley(place, ["explain", "limits", "--json"]).output)
            #expect(try SchemaCheck("limits").problems(limits) == [])
            let values = limits["limits"]?.array?.flatMap { $0["values"]?.array ?? [] } ?? []
            binding = values.first { $0["kind"]?.string == "pool" && $0["binds"]?.bool == true }
        }
        #expect(binding?["value"]?.integer == 2)
        #expect(binding?["set_by"]?.string == "parley pool set default by olga")
        #expect(try parley(place, ["cancel", "sums", "--now"]).code == 0)
        _ = run.end()
    }

    @Test("Whatever is changed by hand, the events keep who did it and why")
    func reasons() async throws {
        let place = try Workplace(samples: 200, latency: "30ms", more: "budgets: [{ tokens: 9000000 }]")
        let run = try place.start()
        _ = await place.outcomes(atLeast: 4, of: run)
        let part = ["sums", "--model", "ma"]
        for (number, change) in [
            ["pause"] + part, ["resume"] + part, ["cancel"] + part, ["resume"] + part + ["--cancelled"],
            ["share"] + part + ["--weight", "3"], ["share"] + part + ["--priority", "1"],
            ["budget", "sums", "1", "--tokens", "8000000"], ["pool", "set", "default", "--concurrency", "3"],
            ["pool", "pause", "default"], ["pool", "resume", "default"], ["pool", "drain", "default"],
        ].enumerated() {
            let done = try parley(place, change + ["--because", "reason \(number)"])
            #expect(done.code == 0, "\(change): \(done.errors)")
        }
        _ = run.end()
        let events = try JSONValue(parsing: try parley(place, ["events", "--json"]).output).array ?? []
        for number in 0..<11 {
            #expect(
                events.contains { $0["who"] == "olga" && $0["why"]?.string?.hasSuffix("reason \(number)") == true },
                "reason \(number) of \(events)"
            )
        }
    }
}
