// `parley run` as its user knows it: to the end, twice, interrupted, killed.

import Foundation
import ParleyModel
import Testing

@Suite("parley run", .serialized) struct RunTests {
    @Test("A simulated round runs to findings, says that it is simulated, and runs no job a second time")
    func wholeRound() async throws {
        let place = try Workplace(errorRate: 0.05)
        let first = try place.start(["--json"]).end()
        #expect(first.code == 0, "\(first.errors)")
        let findings = try JSONValue(parsing: first.output).decode(FindingsDocument.self)
        #expect(findings.simulated && findings.complete)
        #expect(findings.cells.count == 2 && findings.comparisons.count == 1)
        for cell in findings.cells {
            #expect(cell.planned == 80)
            #expect(cell.kinds.values.reduce(0, +) + cell.neverRun == cell.planned)
            #expect(cell.counted + (cell.kinds[.refused] ?? 0) + (cell.kinds[.failed] ?? 0) == cell.planned)
            let interval = try #require(cell.interval)
            let estimate = try #require(cell.estimate)
            #expect(interval.lower <= estimate && estimate <= interval.upper)
        }
        let second = try place.start(["--json"]).end()
        #expect(second.code == 0)
        #expect(second.errors.contains("0 jobs queued anew"))
        #expect(second.output == first.output, "the same outcomes give the same bytes")

        let table = try ParleyProcess.run(["findings", "sums", "--state", place.state])
        #expect(table.output.contains("SIMULATED"))
        let report = try ParleyProcess.run([
            "report", "sums", "--state", place.state, "--output", place.folder + "/r.html",
        ])
        #expect(report.code == 0, "\(report.errors)")
        let html = try String(contentsOfFile: place.folder + "/r.html", encoding: .utf8)
        #expect(html.contains("SIMULATED MODELS") && html.contains(/What is \d+ \+ 7\?/))
    }

    @Test("Killed with -9 half-way and run again: one outcome a job, and none that was finished is run again")
    func killed() async throws {
        let place = try Workplace(samples: 60, latency: "40ms")
        let run = try place.start()
        let before = try #require(await place.outcomes(atLeast: 40, of: run))
        run.signal(SIGKILL)
        #expect(run.end().code != 0)
        #expect(before.count < 240)
        let again = try place.start(["--json", "--lease", "5"])
        var after: [Int64: Int64] = before
        while again.isRunning {
            let now = await place.outcomes()
            if !now.isEmpty { after = now }
            await Task.yield()
        }
        let ended = again.end()
        #expect(ended.code == 0, "\(ended.errors)")
        let findings = try JSONValue(parsing: ended.output).decode(FindingsDocument.self)
        #expect(findings.cells.allSatisfy { $0.neverRun == 0 && $0.kinds.values.reduce(0, +) == $0.planned })
        for (job, time) in before { #expect(after[job] == time, "job \(job) was run again") }
    }

    @Test("Ctrl-C drains with its own exit code, and the next run goes on")
    func interrupted() async throws {
        let place = try Workplace(samples: 60, latency: "40ms")
        let run = try place.start()
        _ = try #require(await place.outcomes(atLeast: 10, of: run))
        run.signal(SIGINT)
        let ended = run.end()
        #expect(ended.code == 6, "\(ended.errors)")
        #expect(ended.errors.contains("Run the same command again"))
        let next = try place.start().end()
        #expect(next.code == 0, "\(next.errors)")
    }

    @Test("A second run in one folder is refused and names the first; a reader is welcome")
    func twoRuns() async throws {
        let place = try Workplace(samples: 60, latency: "40ms")
        let run = try place.start()
        _ = try #require(await place.outcomes(atLeast: 4, of: run))
        let second = try place.start().end()
        #expect(second.code == 5)
        #expect(second.errors.contains("in use by process"))
        let status = try ParleyProcess.run(["status", "sums", "--json", "--state", place.state])
        #expect(status.code == 0, "\(status.errors)")
        #expect(try JSONValue(parsing: status.output)["rounds"]?[0]?["planned"]?.integer == 240)
        run.signal(SIGKILL)
        _ = run.end()
    }
}
