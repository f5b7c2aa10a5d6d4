// An exit that is interrupted between its transaction and the end of the secret's files, and given again.

import Foundation
import ParleyModel
import ParleyPostgres
import ParleyTestSupport
import Testing

@Suite("An interrupted silent exit", .serialized) struct SilentExitInterruptedTests {
    private static let exit = ["round", "exit", "autumn", "--party", "zephyr-lab"]

    @Test("Killed once its transaction is over, it is finished by the same command, whatever was left of the files")
    func killed() async throws {
        let round = try await SilentRound()
        let all = SilentRound.all
        try round.done(["round", "freeze", round.file] + round.seals)
        let (secret, copy) = (round.secret("zephyr-lab"), round.secret("copy"))
        let content = try Data(contentsOf: URL(fileURLWithPath: secret))
        func write(_ content: Data, to file: String) throws {
            let mode: [FileAttributeKey: Any] = [.posixPermissions: 0o600]
            #expect(FileManager.default.createFile(atPath: file, contents: content, attributes: mode))
        }
        let overwritten = Data(repeating: 0, count: content.count)

        // A file that is not there is no reason to believe that the lab has left.
        let early = try round.parley(Self.exit, SilentRound.others + ["nowhere"])
        #expect(early.code == 2 && early.errors.contains("None of the secrets at hand"), "\(early.errors)")
        try await Self.kill(round)
        #expect(try Data(contentsOf: URL(fileURLWithPath: secret)) == content)
        try round.done(Self.exit)
        #expect(!FileManager.default.fileExists(atPath: secret))

        // One of two files was ended.
        for ended in [nil, overwritten] {
            if let ended { try write(ended, to: secret) }
            try write(content, to: copy)
            try round.done(Self.exit, all + ["copy"])
            for file in [secret, copy] { #expect(!FileManager.default.fileExists(atPath: file)) }
        }
        // The only file was written over and is still there: it opens nothing, and is removed.
        try write(overwritten, to: secret)
        let other = try round.parley(["status", "autumn"], all)
        #expect(other.code == 2 && other.errors.contains("was written over, not removed"), "\(other.errors)")
        try round.done(Self.exit)
        #expect(!FileManager.default.fileExists(atPath: secret))
        // Even this was done: there is nothing left to do.
        try round.done(Self.exit)
        let entries = try await round.owner.query("select 1 from parley.ledger where what = 'left'")
        #expect(entries.count == 1)
        try round.search.expectNone(in: [("status", Data(round.done(["status", "autumn"], SilentRound.others).utf8))])
    }

    /// Kills the command while its transaction commits, which waits for a lock: the server goes through with it.
    private static func kill(_ round: SilentRound) async throws {
        let holder = try await round.database.connect()
        try await round.owner.execute(
            script: """
                create function public.wait() returns trigger language plpgsql as
                    'begin perform pg_advisory_xact_lock(7); return null; end';
                create constraint trigger wait after insert on parley.ledger deferrable initially deferred
                    for each row when (new.what = 'left') execute function public.wait();
                """
        )
        _ = try await holder.query("select pg_advisory_lock(7)")
        let secrets = SilentRound.all.flatMap { ["--party-secret", round.secret($0)] }
        let command = try ParleyProcess(exit + ["--database", round.coordinator] + secrets)
        let waiting = "select 1 from pg_locks where locktype = 'advisory' and not granted"
        while command.isRunning, try await round.owner.query(waiting).count == 0 { await Task.yield() }
        #expect(command.isRunning)
        command.signal(SIGKILL)
        #expect(command.end().code == -SIGKILL)
        _ = try await holder.query("select pg_advisory_unlock(7)")
        while try await round.owner.query("select 1 from parley.ledger where what = 'left'").count == 0 {
            await Task.yield()
        }
        await holder.close()
        try await round.owner.execute(script: "drop trigger wait on parley.ledger; drop function public.wait()")
    }
}
