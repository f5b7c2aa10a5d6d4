// A lab leaves a round without a trace, over separate programs and a real server: three labs on providers of their own,
// all signatures, a run, a backup, the exit, and then a search for everything by which the lab is known in all that is
// left: every table, the server's files, the backup from before, logs, metrics, findings, exports and the package.

import Foundation
import ParleyModel
import ParleyPostgres
import ParleyQueue
import ParleyTestSupport
import Testing

@Suite("A silent exit", .serialized) struct SilentExitTests {
    @Test("Nothing that is left names the lab, and the round is one that never had it")
    func exit() async throws {
        let round = try SilentRound()
        let database = try await TestDatabase.fresh(migrations: QueueSchema.migrations)
        let owner = try await database.connect()
        let (coordinator, worker) = try await database.daemonLogins(owner)
        let parley = { (arguments: [String], secrets: [String]) in
            try ParleyProcess.run(
                arguments + ["--database", coordinator] + secrets.flatMap { ["--party-secret", round.secret($0)] }
            )
        }
        let all = SilentRound.labs
        let missing = try parley(["round", "freeze", round.file] + round.seals, SilentRound.others)
        #expect(missing.code == 2 && missing.errors.contains("no secret of lab 'zephyr-lab'"), "\(missing.errors)")
        let frozen = try parley(["round", "freeze", round.file] + round.seals, all)
        #expect(frozen.code == 0, "\(frozen.errors)")
        for party in all + ["north"] {
            let signed = try parley(["round", "sign", "autumn", "--key", "\(round.folder)/\(party).key"], all)
            #expect(signed.code == 0, "\(signed.errors)")
        }
        let started = try parley(["round", "start", "autumn"], all)
        #expect(started.code == 0, "\(started.errors)")
        var left = try await round.run(coordinator, worker, owner)

        // What is left of it before: the search finds the lab where it ought to be, and not in the backup.
        let before = try parley(["findings", "autumn", "--json"], all)
        #expect(before.code == 0 && !round.found(in: Data(before.output.utf8)).isEmpty, "\(before.errors)")
        let veiled = try parley(["findings", "autumn", "--json"], [])
        #expect(veiled.code == 0, "\(veiled.errors)")
        left.append(("findings without secrets", Data(veiled.output.utf8)))
        let package = try round.package("before", parley, all)
        #expect(!round.found(in: package).isEmpty)
        let backup = "\(round.folder)/backup.sql"
        try SilentRound.tool("pg_dump", ["--dbname", database.url(), "--file", backup])
        left.append(("the backup", try Data(contentsOf: URL(fileURLWithPath: backup))))

        let dry = try parley(["round", "exit", "autumn", "--party", "zephyr-lab", "--dry-run"], all)
        #expect(dry.code == 0 && dry.output.contains("2 cells and 2 primary comparisons"), "\(dry.output)\(dry.errors)")
        let copy = round.secret("copy")
        try FileManager.default.copyItem(atPath: round.secret("zephyr-lab"), toPath: copy)
        let gone = try parley(["round", "exit", "autumn", "--party", "zephyr-lab", "--because", "as agreed"], all)
        #expect(gone.code == 0, "\(gone.errors)")
        #expect(!FileManager.default.fileExists(atPath: round.secret("zephyr-lab")))
        left.append(("the exit's answer", Data(gone.output.utf8)))

        let rest = SilentRound.others
        let after = try parley(["findings", "autumn", "--json"], rest)
        #expect(after.code == 0, "\(after.errors)")
        left.append(("findings", Data(after.output.utf8)))
        left.append(("the package", try round.package("after", parley, rest)))
        for format in ["jsonl", "csv", "inspect", "every-eval-ever"] {
            let folder = "\(round.folder)/export-\(format)"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let exported = try parley(
                ["export", "autumn", "--format", format, "--output", folder, "--seal-key", round.sealKey],
                rest
            )
            #expect(exported.code == 0, "\(format): \(exported.errors)")
            #expect(try round.found(below: folder) == [], "\(format)")
        }
        for command in [["status", "autumn"], ["round", "status", "autumn"], ["ledger", "show", "autumn"]] {
            let answer = try parley(command, rest)
            #expect(answer.code == 0, "\(answer.errors)")
            left.append((command.joined(separator: " "), Data(answer.output.utf8)))
        }

        try await owner.execute(script: "checkpoint")
        let dump = "\(round.folder)/after.sql"
        try SilentRound.tool("pg_dump", ["--dbname", database.url(), "--file", dump])
        left.append(("the database", try Data(contentsOf: URL(fileURLWithPath: dump))))
        let data = try await owner.query("show data_directory").only().text(0)
        // The server's files: tables, dead rows, the log of changes, and what the server says.
        let server = URL(fileURLWithPath: data).deletingLastPathComponent().path
        #expect(try round.found(below: server) == [])
        #expect(try round.found(below: round.file) == [round.file])
        for (name, content) in left {
            let found = round.found(in: content)
            let lines = String(decoding: content, as: UTF8.self).split(separator: "\n")
            let line = lines.first { line in found.contains { line.contains($0) } } ?? ""
            #expect(found.isEmpty, "\(name): \(found): \(line.prefix(1000))")
        }

        try await Self.checkRestored(database, owner, backup, round, copy)
        try await Self.checkNeverThere(round, database, owner, after.output)
        // Given again, it is done already; and the ledger says it by a handle.
        try FileManager.default.copyItem(atPath: copy, toPath: round.secret("zephyr-lab"))
        let again = try parley(["round", "exit", "autumn", "--party", "zephyr-lab"], all)
        #expect(again.code == 0 && !FileManager.default.fileExists(atPath: round.secret("zephyr-lab")))
        let entries = try await owner.query("select who from parley.ledger where what = 'left'").map { try $0.text(0) }
        #expect(entries.count == 1 && UUID(uuidString: entries[0]) != nil)
    }

    /// The backup, restored and read with every secret and key but one; and with a copy of that one, which shows that it is
    /// all that is missing.
    private static func checkRestored(
        _ database: TestDatabase,
        _ owner: PostgresConnection,
        _ backup: String,
        _ round: SilentRound,
        _ copy: String
    ) async throws {
        let name = "\(database.name)_restored"
        try await owner.execute(script: "create database \(name)")
        let url = { (role: String?) in
            try database.url(role: role).replacingOccurrences(of: database.name, with: name)
        }
        try SilentRound.tool("psql", ["--dbname", url(nil), "--quiet", "--set", "ON_ERROR_STOP=1", "--file", backup])
        let coordinator = try url("parley_daemon_coordinator")
        let secrets = { (files: [String]) in files.flatMap { ["--party-secret", round.secret($0)] } }
        for command in [
            ["status", "autumn"], ["findings", "autumn", "--json"], ["round", "status", "autumn"],
            ["pack", "list", "autumn"], ["exposure", "autumn"],
        ] {
            let answer = try ParleyProcess.run(command + ["--database", coordinator] + secrets(SilentRound.others))
            #expect(answer.code == 0, "\(command): \(answer.errors)")
            #expect(round.found(in: Data((answer.output + answer.errors).utf8)) == [], "\(command)")
        }
        let export = ["export", "autumn", "--format", "jsonl", "--output", round.folder, "--database", coordinator]
        let closed = try ParleyProcess.run(export + ["--seal-key", round.sealKey] + secrets(SilentRound.others))
        #expect(closed.code == 1, "\(closed.errors)")
        let forgotten = try ParleyProcess.run(
            ["findings", "autumn", "--json", "--database", coordinator, "--party-secret", copy]
                + secrets(SilentRound.others)
        )
        #expect(!round.found(in: Data(forgotten.output.utf8)).isEmpty)
    }

    /// The findings, against those of a round of the other labs with the same outcomes.
    private static func checkNeverThere(
        _ round: SilentRound,
        _ database: TestDatabase,
        _ owner: PostgresConnection,
        _ findings: String
    ) async throws {
        let other = try await TestDatabase.fresh(migrations: QueueSchema.migrations)
        let stranger = try await other.connect()
        let (coordinator, _) = try await other.daemonLogins(stranger)
        let submitted = try ParleyProcess.run(
            ["round", "freeze", round.without, "--database", coordinator] + round.seals
                + SilentRound.others.flatMap { ["--party-secret", round.secret($0)] }
        )
        #expect(submitted.code == 0, "\(submitted.errors)")
        // The same samples in other places: what is copied is named by the sample's place in its dataset.
        let rows = try await owner.query(
            "select coalesce(json_agg(o), '[]')::text from (select o.*, s.sample_id from parley.outcomes o "
                + "join parley.samples s on s.round_id = o.round_id and s.suite_no = 0 and s.sample_no = o.sample_no) o"
        ).only().text(0)
        _ = try await stranger.query(
            """
            insert into parley.outcomes
            select (jsonb_populate_record(null::parley.outcomes, x.o || jsonb_build_object(
                'round_id', t.round_id, 'sample_no', p.sample_no,
                'job_id', t.base + ((x.o ->> 'epoch')::bigint - 1) * t.samples + p.sample_no))).*
            from jsonb_array_elements($1::jsonb) x (o)
                join parley.streams t on t.cell_no = (x.o ->> 'cell_no')::integer
                join parley.samples p on p.suite_no = 0 and p.sample_id = x.o ->> 'sample_id'
            """,
            [.text(rows)]
        )
        let never = try ParleyProcess.run(
            ["findings", "autumn", "--json", "--database", coordinator]
                + SilentRound.others.flatMap { ["--party-secret", round.secret($0)] }
        )
        #expect(never.code == 0, "\(never.errors)")
        func comparable(_ text: String) throws -> String {
            var json = try #require(try JSONValue(parsing: text).object)
            #expect(json.removeValue(forKey: "definition_hash") != nil)
            // Sealed for another tree, the model ids are ciphertext of another one.
            json["models"] = nil
            return JSONValue.object(json).canonical
        }
        let (one, another) = (try comparable(findings), try comparable(never.output))
        #expect(one == another)
        #expect(one.contains("alder-high"))
    }
}
