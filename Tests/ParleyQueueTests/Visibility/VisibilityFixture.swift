// A round of four parties in a real database, each with a login of its own. North's suites test south's model, the one
// open and judged by west's model, the other held out; west tests its own model. Everything has an outcome.

import ParleyModel
import ParleyPostgres
import ParleyQueue
import ParleyTestSupport
import Testing

/// Who reads.
enum Reader: String, CaseIterable, Sendable {
    case north, south, west, buyer, coordinator, worker

    var login: String {
        switch self {
        case .coordinator: QueueFixture.coordinatorLogin
        case .worker: QueueFixture.workerLogin
        default: "parley_" + rawValue
        }
    }

    static let parties: [Reader] = [.north, .south, .west, .buyer]
}

struct VisibilityFixture {
    let queue: QueueFixture
    let round: RoundID
    let connections: [Reader: PostgresConnection]

    /// The judge of the open suite is west's.
    init() async throws {
        queue = try await QueueFixture()
        try await PartyLogins.shared.make(queue.admin)
        round = try await queue.submit(Self.definition()).round
        let worker = try await queue.worker(tags: ["sealed:round/held-out"])
        // Probes, and the grades that they leave.
        while case let jobs = try await worker.claim(limit: 100), !jobs.isEmpty {
            _ = try await worker.commit(jobs.map(Self.commit))
        }
        for party in Reader.parties {
            try await queue.coordinator.grant(round: round, party: PartyName(party.rawValue), login: party.login)
        }
        var connections: [Reader: PostgresConnection] = [:]
        for reader in Reader.allCases {
            connections[reader] = try await queue.database.connect(role: reader.login)
        }
        self.connections = connections
    }

    func connection(_ reader: Reader) throws -> PostgresConnection { try #require(connections[reader]) }

    /// Puts the round into a state, past what moves rounds.
    func set(_ state: RoundState) async throws {
        try await queue.admin.execute(script: "alter table parley.rounds disable trigger user")
        try await queue.admin.execute(script: "update parley.rounds set state = '\(state.rawValue)'")
        try await queue.admin.execute(script: "alter table parley.rounds enable trigger user")
    }

    private static func commit(_ job: ClaimedJob) -> Commit {
        let isGraded = job.stage == .probe && job.suite == 0
        return Commit(
            key: job.key,
            kind: isGraded ? .answered : .scored,
            score: isGraded ? nil : .one,
            transcript: Array("transcript of \(job.key.job)".utf8)
        )
    }

    static func definition(name: RoundName = "round") -> RoundDefinition {
        var round = testRound(name: name, models: ["south-model", "west-model"], samples: 2, judges: ["judge"])
        round.parties = [
            Party(name: "north", title: "North", role: .evaluator), Party(name: "south", title: "South", role: .lab),
            Party(name: "west", title: "West", role: .lab), Party(name: "buyer", title: "Buyer", role: .observer),
        ]
        for (index, party) in (["south", "west", "west"] as [PartyName]).enumerated() {
            round.models[index].party = party
        }
        var open = round.suites[0]
        open.name = "open"
        open.party = "north"
        var heldOut = open
        heldOut.name = "held-out"
        heldOut.heldOut = true
        heldOut.scorer = Scorer(kind: .exact)
        var own = heldOut
        own.name = "own"
        own.party = "west"
        own.heldOut = nil
        round.suites = [open, heldOut, own]
        round.cells = [
            Cell(suite: "open", configuration: "south-model"), Cell(suite: "held-out", configuration: "south-model"),
            Cell(suite: "own", configuration: "west-model"),
        ]
        return round
    }
}

/// Makes the parties' logins once a process.
actor PartyLogins {
    static let shared = PartyLogins()
    private var made: Task<Void, any Error>?

    func make(_ admin: PostgresConnection) async throws {
        if let made { return try await made.value }
        let task = Task {
            for reader in Reader.parties {
                // Another suite of this process may have made it.
                try await admin.execute(
                    script: """
                        do $$ begin create role \(reader.login) login; exception when duplicate_object then null; end $$;
                        grant \(QueueSchema.partyRole) to \(reader.login);
                        """
                )
            }
        }
        made = task
        try await task.value
    }
}
