// Rounds spread over three servers are read at one of them as if they were in one database; and a server that is down is
// named, never left out in silence.

import Foundation
import ParleyModel
import ParleyPostgres
import ParleyTestSupport
import Testing

@Suite("Rounds on several servers", .serialized) struct ServersTests {
    private let rounds = Workplace.seriesRounds

    @Test("A series, comparisons and findings over three servers are byte for byte those of one database")
    func spread() async throws {
        let place = try Workplace.series()
        let houses = [try await TestHouse.started(), try await TestHouse.started(), try await TestHouse.started()]
        try await houses[0].makeDatabase("alone")
        for (house, round) in zip(houses, rounds) {
            try house.run("\(place.folder)/\(round).yaml")
            try houses[0].run("\(place.folder)/\(round).yaml", in: "alone")
        }
        let (desk, alone) = (houses[0].url(), houses[0].url("alone"))
        try houses[0].add("south", houses[1])
        try houses[0].add("west", houses[2])

        func output(_ command: [String], _ database: String) throws -> String {
            let run = try ParleyProcess.run(command + ["--database", database])
            #expect(run.code == 0, "\(command): \(run.errors)")
            return run.output
        }
        for command in [
            ["series"] + rounds + ["--json"], ["series", "winter", "spring"],
            ["compare", "spring", "winter", "--json"],
            ["compare", "winter", "autumn"],
        ] {
            let (here, there) = (try output(command, desk), try output(command, alone))
            #expect(here == there && !here.isEmpty, "\(command)")
        }
        #expect(
            try output(["findings", "autumn", "--json"], desk)
                == output(["findings", "autumn", "--json"], houses[1].url())
        )
        let series = try JSONValue(parsing: output(["series"] + rounds + ["--json"], desk))
        #expect(try SchemaCheck("series-findings").problems(series) == [])
        let steps = try #require(series["steps"]?.array)
        #expect(steps.count == 2)
        #expect(try steps.allSatisfy { try SchemaCheck("comparison").problems($0).isEmpty })
        #expect(steps[0]["changes"]?[0]?["verdict"]?.string == "regressed", "\(steps[0])")
        let asked = try ParleyProcess.run(["ask", "ma", "--json", "--database", desk])
        #expect(try JSONValue(parsing: asked.output)["rounds"]?.array?.count == 3, "\(asked.errors)")

        try await Self.sumsAreMadeThere(houses[0])
        try Self.refusals(place, houses)
        try await Self.silence(houses)
    }

    /// The desk asks for sums and gets them: what it runs itself is one scan.
    private static func sumsAreMadeThere(_ house: TestHouse) async throws {
        let connection = try await PostgresConnection.connect(
            house.cluster.configuration.with(database: "parley", user: TestHouse.login)
        )
        func plan(_ query: String) async throws -> String {
            try await connection.query("explain (verbose, costs off) \(query)").map { try $0.text(0) }
                .joined(separator: "\n")
        }
        let sums = try await plan(
            "select sample_no, observations from parley_at_south.sample_counts where round_id = 1"
        )
        #expect(
            sums.hasPrefix("Foreign Scan") && sums.contains("FROM parley.sample_counts WHERE ((round_id = 1))"),
            "\(sums)"
        )
        #expect(!sums.contains("Aggregate"))
        let total = try await plan(
            "select cell_no, sum(observations) from parley_at_south.sample_counts where round_id = 1 group by cell_no"
        )
        #expect(total.contains("Relations: Aggregate on") && total.contains("GROUP BY 1"), "\(total)")
        // Nothing is written from the desk, and no password is in its catalog.
        await #expect(throws: PostgresError.self) {
            try await connection.query("update parley_at_south.rounds set title = 'x'")
        }
        let mappings = try await connection.query(
            "select count(*) from pg_user_mappings where umoptions::text ~ 'password='"
        )
        #expect(try mappings.only().int64(0) == 0)
        await connection.close()
    }

    /// One name is one round, wherever a second one would come from.
    private static func refusals(_ place: Workplace, _ houses: [TestHouse]) throws {
        let owner = houses[0].url(role: "postgres")
        let submitted = try ParleyProcess.run([
            "submit", "\(place.folder)/autumn.yaml", "--simulated", "--database", houses[0].url(),
        ])
        #expect(submitted.code == 2 && submitted.errors.contains("'autumn' on server 'south'"), "\(submitted.errors)")
        let same = try ParleyProcess.run(["servers", "add", "again", houses[0].url("alone"), "--database", owner])
        #expect(same.code == 2 && same.errors.contains("two rounds named"), "\(same.errors)")
        let secret = houses[1].url() + "&password=secret"
        let open = try ParleyProcess.run(["servers", "add", "south", secret, "--database", owner])
        #expect(open.code == 2 && open.errors.contains("passfile") && !open.errors.contains("secret"), "\(open.errors)")
        let stranger = try ParleyProcess.run(["servers", "add", "x", houses[1].url(), "--database", houses[0].url()])
        #expect(stranger.code == 4 && stranger.errors.contains("superuser"), "\(stranger.errors)")
        let elsewhere = try ParleyProcess.run(["status", "winter", "--database", houses[0].url()])
        #expect(elsewhere.code == 2 && elsewhere.errors.contains("on server 'west'"), "\(elsewhere.errors)")
        #expect(elsewhere.errors.contains(houses[2].cluster.configuration.host ?? "?"), "\(elsewhere.errors)")
        let nowhere = try ParleyProcess.run(["status", "summer", "--database", houses[0].url()])
        #expect(nowhere.code == 2 && nowhere.errors.contains("There are: "), "\(nowhere.errors)")
    }

    /// A server that is down is named with its rounds wherever an answer would lack them.
    private static func silence(_ houses: [TestHouse]) async throws {
        let desk = houses[0].url()
        await houses[2].cluster.stop()
        for command in [
            ["series"] + Workplace.seriesRounds, ["findings", "winter"], ["status", "winter"], ["ask", "ma"],
            ["servers", "list"],
        ] {
            let run = try ParleyProcess.run(command + ["--database", desk])
            #expect(
                run.code == 4 && run.errors.contains("'west'") && run.errors.contains("winter"),
                "\(command): \(run.errors)"
            )
            #expect(run.output.isEmpty || command[0] == "servers", "\(run.output)")
        }
        for command in [["compare", "spring", "autumn"], ["status", "spring"]] {
            let run = try ParleyProcess.run(command + ["--database", desk])
            #expect(run.code == 0, "what needs no server that is down is answered: \(run.errors)")
        }
        let list = try ParleyProcess.run(["servers", "list", "--json", "--database", desk])
        let document = try JSONValue(parsing: list.output)
        #expect(try SchemaCheck("servers").problems(document) == [])
        #expect(document.array?.map { $0["answers"]?.bool } == [true, true, false])
        let removed = try ParleyProcess.run([
            "servers", "remove", "west", "--database", houses[0].url(role: "postgres"),
        ])
        #expect(removed.code == 0, "\(removed.errors)")
        #expect(try ParleyProcess.run(["ask", "ma", "--json", "--database", desk]).code != 4)
        let unknown = try ParleyProcess.run(["findings", "winter", "--database", desk])
        #expect(unknown.code == 2, "\(unknown.errors)")
    }
}
