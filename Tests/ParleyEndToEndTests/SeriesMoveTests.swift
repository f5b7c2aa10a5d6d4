// Rounds of a series spread over three servers: one of them moves between two servers while other rounds are
// worked on at both, and what the series says is byte for byte what it said before.

import ParleyModel
import ParleyPostgres
import ParleyTestSupport
import Testing

@Suite("A series over three servers") struct SeriesMoveTests {
    private func output(_ command: [String]) throws -> String {
        let run = try ParleyProcess.run(command)
        #expect(run.code == 0 && !run.output.isEmpty, "\(command): \(run.errors)")
        return run.output
    }

    @Test("A round moves between two of them while others run there, undisturbed; the series is the same to the byte")
    func moved() async throws {
        let place = try Workplace.series()
        let (desk, south, west) = try await (TestHouse.started(), TestHouse.started(), TestHouse.started())
        for (house, round) in zip([desk, south, west], Workplace.seriesRounds) {
            try house.run("\(place.folder)/\(round).yaml")
        }
        try desk.add("south", south)
        try desk.add("west", west)
        let series = ["series"] + Workplace.seriesRounds + ["--database", desk.url()]
        let before = [try output(series + ["--json"]), try output(series)]
        #expect(try SchemaCheck("series-findings").problems(JSONValue(parsing: before[0])) == [])

        let busy = [try await BusyRound("here", in: desk), try await BusyRound("there", in: south)]
        var seen: [[Int64]] = []
        for round in busy { seen.append([try await round.outcomes()]) }
        let move = try ParleyProcess([
            "move", "spring", "--database", desk.url(role: "postgres"), "--to", south.url(role: "postgres"), "--json",
            "--because", "room",
        ])
        while move.isRunning {
            for (side, round) in busy.enumerated() { seen[side].append(try await round.outcomes()) }
        }
        let moved = move.end()
        #expect(moved.code == 0, "\(moved.errors)")
        #expect(try JSONValue(parsing: moved.output)["moved"]?.bool == true)
        for counts in seen {
            #expect(Set(counts).count > 3, "outcomes grow while the other round moves: \(counts)")
            #expect(counts.allSatisfy { $0 < BusyRound.planned }, "it runs all the while")
        }

        #expect(try [output(series + ["--json"]), output(series)] == before, "while the others run")
        for round in busy { try await round.finish() }
        #expect(try [output(series + ["--json"]), output(series)] == before)
        let gone = try ParleyProcess.run(["findings", "spring", "--database", desk.url()])
        #expect(gone.code == 0, "it is found at its new place: \(gone.errors)")
        #expect(try output(["findings", "spring", "--database", south.url()]) == gone.output)
        #expect(try output(["round", "list", "--database", desk.url()]).contains("moved to parley on"))
        for house in [desk, south, west] { await house.cluster.stop() }
    }
}
