// A lab leaves a round without a trace, over separate programs and a real server: three labs on providers of their own,
// all signatures, a run, rulings, labels and an amendment, backups, the exit, and then a search for everything by which
// the lab is known in all that is left: tables, what is compressed in them, the server's files, the backups from before,
// what a running coordinator answers, logs, metrics, findings, exports and the package. What it must not find afterwards
// it is shown to find before, or with the lab's secret.

import Foundation
import ParleyModel
import ParleyPostgres
import ParleyTestSupport
import Testing

@Suite("A silent exit", .serialized) struct SilentExitTests {
    @Test("Nothing that is left names the lab, and the round is one that never had it")
    func exit() async throws {
        let round = try await SilentRound()
        let all = SilentRound.all
        let missing = try round.parley(["round", "freeze", round.file] + round.seals, SilentRound.others)
        #expect(missing.code == 2 && missing.errors.contains("no secret of lab 'zephyr-lab'"), "\(missing.errors)")
        try round.start()
        let daemon = try round.startCoordinator()
        let token = try round.done(["token", "new", "olga", "--scope", "admin", "--because", "a test"], [])
        let reader = try ServiceReader(daemon, token: token.trimmingCharacters(in: .whitespacesAndNewlines))
        var left = try await round.run(by: daemon, reader)
        try await round.correct()

        // Before: the search finds the lab where it ought to be, and not in the backups.
        #expect(try !round.search.found(in: Data(round.done(["findings", "autumn", "--json"]).utf8)).isEmpty)
        #expect(try !round.search.found(in: round.package("before", all)).isEmpty)
        #expect(try Self.exported("before", round, all).allSatisfy { !$0.files.isEmpty })
        left.append(("findings without secrets", Data(try round.done(["findings", "autumn", "--json"], []).utf8)))
        let before = try await round.stored()
        let jobs = try await round.jobs(of: Self.handle(round))
        let own = try round.done(["show", "\(#require(jobs.min()))"] + round.sealKey("house-2"))
        #expect(own.contains("What is "), "\(own)")
        left += try await reader.all(jobs)
        let viewBefore = try Self.view(round)
        let dump = try Self.dumped("before", round)
        let blobs = try await SilentRound.blobs(round.owner)
        let backup = try await TestCluster.backup(of: round.house.cluster)
        left += [viewBefore, ("the dump", dump), ("the blobs", blobs)]

        let exit = ["round", "exit", "autumn", "--party", "zephyr-lab"]
        let archive = ["archive", "autumn", "/dev/null", "--dry-run"], drop = ["drop", "autumn", "--without-archive"]
        let owner = try round.database.url()
        for change in [exit, archive, drop + ["--confirm", "autumn"]] {
            let named = try round.parley(change + ["--because", "Zephyr Research asks for it"], all, at: owner)
            #expect(named.code == 2 && named.errors.contains("of lab 'zephyr-lab'"), "\(named.errors)")
        }
        let dry = try round.done(exit + ["--dry-run"])
        #expect(dry.contains("5 cells and 2 primary comparisons"), "\(dry)")
        try FileManager.default.copyItem(atPath: round.secret("zephyr-lab"), toPath: round.secret("copy"))
        // What was looked at a moment before is not shown again.
        for path in SilentRound.kept { left.append(try await reader.answer(to: path)) }
        left.append(("the exit's answer", Data(try round.done(exit + ["--because", "as agreed"]).utf8)))
        var rest: [(name: String, content: Data)] = []
        for path in SilentRound.kept { rest.append(try await reader.answer(to: path)) }
        #expect(!FileManager.default.fileExists(atPath: round.secret("zephyr-lab")))

        // What the database called the lab, which before was everywhere.
        let traces = try LabSearch(before.subtracting(try await round.stored()).sorted())
        for (name, content) in [("the dump", dump), ("the blobs", blobs), viewBefore] {
            #expect(try !traces.found(in: content).isEmpty, "\(name)")
        }
        let told = try left.filter { try !traces.found(in: $0.content).isEmpty }.map(\.name)
        let pages = ["cells", "budgets", "limits", "findings", "jobs?limit=1000", "dead"].map {
            "/v1/rounds/autumn/\($0)"
        }
        for path in pages + SilentRound.whileItRuns + [
            "/v1/rounds", "/v1/rounds/autumn", "/dashboard/rounds/autumn", "/dashboard/rounds/autumn/findings",
            "/dashboard/rounds/autumn/dead",
        ] { #expect(told.contains(path), "\(path): \(told)") }
        for start in ["/v1/jobs/", "/dashboard/jobs/", "/dashboard/rounds/autumn/cells/"] {
            #expect(told.contains { $0.hasPrefix(start) }, "\(start): \(told)")
        }
        let answers = try await reader.all(jobs)
        rest += try await Self.rest(round) + answers
        rest += [try Self.view(round), ("metrics of the coordinator", try await SilentRound.metrics(of: daemon))]
        try traces.expectNone(in: rest)
        left += rest + [("log of the coordinator", try SilentRound.ended(daemon))]
        try round.search.expectNone(in: left)
        for (format, files) in try Self.exported("after", round, SilentRound.others) {
            #expect(files == [], "\(format)")
        }

        try await round.owner.execute(script: "checkpoint")
        // The server's files: tables, dead rows, the log of changes, and what the server says.
        #expect(try round.search.found(below: round.house.cluster.folder) == [])
        #expect(try round.search.found(below: round.file) == [round.file])
        try await Self.checkBackup(backup, round, traces)
        let after = try round.done(["findings", "autumn", "--json"], SilentRound.others)
        let (one, another) = (
            try RoundWithout.comparable(after), try RoundWithout.comparable(try await RoundWithout.findings(round))
        )
        #expect(one == another)
        #expect(one.contains("alder-high") && one.contains("ruled_out"))
        let entries = try await round.owner.query("select who from parley.ledger where what = 'left'").map {
            try $0.text(0)
        }
        #expect(entries.count == 1 && UUID(uuidString: entries[0]) != nil)
    }

    /// What the database calls the lab.
    private static func handle(_ round: SilentRound) async throws -> String {
        let definition = try await round.owner.query("select definition from parley.rounds").only().text(0)
        // The items stand in the places that they have in the file.
        return try #require(try JSONValue(parsing: definition)["parties"]?[2]?["name"]?.string)
    }

    /// What is made of the round and its database once the lab has left.
    private static func rest(_ round: SilentRound) async throws -> [(name: String, content: Data)] {
        var rest = [
            ("the package", try round.package("after", SilentRound.others)),
            ("the database", try dumped("after", round)),
            ("its blobs", try await SilentRound.blobs(round.owner)),
        ]
        let sheet = "\(round.folder)/after.csv"
        for command in [
            ["findings", "autumn", "--json"], ["status", "autumn"], ["round", "status", "autumn"],
            ["ledger", "show", "autumn"],
            ["dead", "list", "autumn"], ["events", "autumn"], ["pack", "list", "autumn"], ["exposure", "autumn"],
            ["order", "autumn"], ["party", "list", "autumn"],
            ["audit", "export", "autumn", "--output", sheet, "--by", "ada"] + round.sealKey(),
        ] {
            rest.append((command.joined(separator: " "), Data(try round.done(command, SilentRound.others).utf8)))
        }
        rest.append(("the audit's sheet", try Data(contentsOf: URL(fileURLWithPath: sheet))))
        return rest
    }

    /// What a lab that stays reads by its own login.
    private static func view(_ round: SilentRound) throws -> (name: String, content: Data) {
        let url = try round.database.url(role: "parley_north")
        let view = try ParleyProcess.run(["view", "autumn", "--json", "--database", url])
        #expect(view.code == 0, "\(view.errors)")
        return ("a party's view", Data(view.output.utf8))
    }

    private static func dumped(_ name: String, _ round: SilentRound) throws -> Data {
        let file = "\(round.folder)/\(name).sql"
        try SilentRound.tool("pg_dump", ["--dbname", round.database.url(), "--file", file])
        return try Data(contentsOf: URL(fileURLWithPath: file))
    }

    /// Exports in each format, and the files of each that name the lab.
    private static func exported(
        _ name: String,
        _ round: SilentRound,
        _ secrets: [String]
    ) throws -> [(format: String, files: [String])] {
        try ["jsonl", "csv", "inspect", "every-eval-ever"].map { format in
            let folder = "\(round.folder)/\(name)-\(format)"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try round.done(["export", "autumn", "--format", format, "--output", folder] + round.sealKey(), secrets)
            return (format, try round.search.found(below: folder, inflated: true))
        }
    }

    /// A physical backup from before the exit: its files, and what is read of it once it is restored, with every secret and
    /// key but one; and with a copy of that one, which shows that it is all that is missing.
    private static func checkBackup(_ backup: EmbeddedCluster, _ round: SilentRound, _ traces: LabSearch) async throws {
        #expect(try round.search.found(below: backup.folder) == [])
        #expect(try !traces.found(below: backup.folder).isEmpty)
        try await backup.start()
        let house = TestHouse(cluster: backup)
        let owner = try await PostgresConnection.connect(backup.configuration.with(database: "parley"))
        try await round.search.expectNone(in: [("the backup's blobs", SilentRound.blobs(owner))])
        let url = house.url(role: "parley_daemon_coordinator")
        var read: [(name: String, content: Data)] = []
        for command in [
            ["status", "autumn"], ["findings", "autumn", "--json"], ["round", "status", "autumn"],
            ["pack", "list", "autumn"],
            ["exposure", "autumn"], ["dead", "list", "autumn"], ["events", "autumn"], ["ledger", "show", "autumn"],
            ["order", "autumn"], ["party", "list", "autumn"],
        ] {
            let answer = try round.done(command, SilentRound.others, at: url)
            read.append(("\(command) of the backup", Data(answer.utf8)))
        }
        for holder in ["north", "worker", "house-2"] {
            for command in [
                ["export", "autumn", "--format", "jsonl", "--output", round.folder],
                ["audit", "export", "autumn", "--output", "\(round.folder)/backup.csv"],
            ] {
                let closed = try round.parley(command + round.sealKey(holder), SilentRound.others, at: url)
                #expect(closed.code != 0, "\(holder): \(command)")
                read.append(("\(command) by \(holder)", Data((closed.output + closed.errors).utf8)))
            }
        }
        try round.search.expectNone(in: read)

        // The secret is all that was missing.
        let copied = SilentRound.others + ["copy"]
        let forgotten = try round.done(["findings", "autumn", "--json"], copied, at: url)
        #expect(try !round.search.found(in: Data(forgotten.utf8)).isEmpty)
        let folder = "\(round.folder)/forgotten"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try round.done(
            ["export", "autumn", "--format", "inspect", "--output", folder] + round.sealKey(),
            copied,
            at: url
        )
        #expect(try !round.search.found(below: folder, inflated: true).isEmpty)
        await owner.close()
        await backup.stop()
    }
}
