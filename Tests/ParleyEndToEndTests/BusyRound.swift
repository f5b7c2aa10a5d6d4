// A round that runs on a server with daemons of its own while a test does something else there, and whose accounts must
// balance at its end: jobs, attempts, tokens and cost, here and at the provider.

import AsyncHTTPClient
import Foundation
import NIOCore
import ParleyModel
import ParleyPostgres
import Testing

final class BusyRound {
    /// Probes of all cells.
    static let planned: Int64 = 1600

    private let name: String
    private let place: Workplace
    private let simulator: ParleyProcess
    private let address: String
    private let daemons: [ParleyProcess]
    private let owner: PostgresConnection

    /// Starts it, slowly, and waits for its first outcomes.
    init(_ name: String, in house: TestHouse) async throws {
        self.name = name
        place = try Workplace(samples: 400, latency: "200ms", more: "budgets: [{ tokens: 9000000, money: 100 }]")
        let priced = try String(contentsOfFile: place.round, encoding: .utf8)
            .replacing("round: sums", with: "round: \(name)")
            .replacing("concurrency: 4", with: "concurrency: 4, price: { input: 3, output: 15 }")
        try place.write("round.yaml", priced)
        let submitted = try ParleyProcess.run(["submit", place.round, "--simulated", "--database", house.url()])
        #expect(submitted.code == 0, "\(submitted.errors)")
        simulator = try ParleyProcess(["simulate", "--round", place.round, "--port", "0"])
        address = simulator.simulatorAddress()
        daemons = [
            try ParleyProcess(["coordinator", "--database", house.url()]),
            try ParleyProcess(["worker", "--database", house.url(), "--simulator", address]),
        ]
        owner = try await PostgresConnection.connect(house.cluster.configuration.with(database: "parley"))
        while try await outcomes() < 40 { await Task.yield() }
    }

    /// How many stand.
    func outcomes() async throws -> Int64 {
        try await owner.query(
            "select count(*) from parley.outcomes where round_id = (select id from parley.rounds where name = $1)",
            [.text(name)]
        ).only().int64(0)
    }

    /// Lets the provider answer at once, waits for the end of the round and holds its accounts against one another.
    func finish() async throws {
        try await ParleyProcess.letAnswerAtOnce(address)
        let ended = "select 1 from parley.rounds where name = $1 and state = 'exchange'"
        while try await owner.query(ended, [.text(name)]).isEmpty { await Task.yield() }
        for daemon in daemons.reversed() {
            daemon.signal(SIGTERM)
            #expect(daemon.end().code == 0)
        }
        try await balance()
        simulator.signal(SIGTERM)
        #expect(simulator.end().code == 0)
        await owner.close()
    }

    private func balance() async throws {
        let row = try await owner.query(
            """
            select count(*) as outcomes, count(distinct o.job_id) as jobs, max(o.attempt)::bigint as attempts,
                sum(o.input_tokens)::bigint as input, sum(o.output_tokens)::bigint as output,
                sum(o.cost)::bigint as cost, min(b.tokens)::bigint as charged, min(b.cost)::bigint as charged_cost,
                min(b.unknown)::bigint as unknown,
                (select count(*) from parley.attempts a where a.round_id = r.id) as failed,
                (select count(*) from parley.jobs) + (select count(*) from parley.blocks where open <> 0) as left
            from parley.rounds r join parley.outcomes o on o.round_id = r.id
                cross join lateral (
                    select sum(s.tokens) as tokens, sum(s.cost) as cost, sum(s.unknown) as unknown
                    from parley.spent(array(select x.id from parley.streams x where x.round_id = r.id)) s
                ) b
            where r.name = $1 group by r.id
            """,
            [.text(name)]
        ).only()
        let (input, output) = (try row.int64("input"), try row.int64("output"))
        #expect(try row.int64("outcomes") == Self.planned && row.int64("jobs") == Self.planned)
        #expect(try row.int64("attempts") == 1 && row.int64("failed") == 0 && row.int64("left") == 0)
        #expect(try row.int64("charged") == input + output && row.int64("unknown") == 0)
        #expect(try row.int64("cost") > 0 && row.int64("charged_cost") == row.int64("cost"))

        let answer = try await HTTPClient.shared.get(url: address + "/stats").get()
        let provider = try JSONValue(parsing: answer.body.map { String(buffer: $0) } ?? "")
        #expect(provider["answers"]?.integer == Self.planned && provider["requests"]?.integer == Self.planned)
        #expect(provider["input_tokens"]?.integer == input && provider["output_tokens"]?.integer == output)
    }
}
