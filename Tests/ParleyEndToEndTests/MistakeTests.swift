// Typical mistakes: each gets its exit code and a message that says what to do.

import Foundation
import ParleyModel
import ParleyPostgres
import ParleyTestSupport
import Testing

@Suite("Mistakes on the command line") struct CommandLineMistakeTests {
    @Test("A round file with two mistakes names both places at once")
    func mistakes() throws {
        let place = try Workplace()
        let text = try String(contentsOfFile: place.round, encoding: .utf8)
        try place.write(
            "round.yaml",
            text.replacing("party: b,", with: "party: c,").replacing("epochs:", with: "epoch:")
        )
        let ended = try ParleyProcess.run(["plan", place.round])
        #expect(ended.code == 2)
        #expect(ended.errors.contains("round.yaml:9:") && ended.errors.contains("round.yaml:16:"), "\(ended.errors)")
        #expect(ended.output.isEmpty)
    }

    @Test("A missing round file, dataset and round each say what is missing")
    func missing() throws {
        let place = try Workplace()
        let file = try ParleyProcess.run(["plan", place.folder + "/none.yaml"])
        #expect(file.code == 2 && file.errors.contains("none.yaml"))
        try FileManager.default.removeItem(atPath: place.folder + "/sums.jsonl")
        let dataset = try ParleyProcess.run(["run", place.round, "--simulated", "--state", place.state])
        #expect(dataset.code == 2 && dataset.errors.contains("sums.jsonl"), "\(dataset.errors)")
        let round = try ParleyProcess.run(["findings", "sums", "--state", place.state])
        #expect(round.code == 2 && round.errors.contains("parley run"), "\(round.errors)")
    }

    @Test("A database that is down, and one whose schema is old, end with 4 and say what to do")
    func database() async throws {
        let down = try ParleyProcess.run(["status", "--database", "postgresql://nobody@127.0.0.1:1/none"])
        #expect(down.code == 4, "\(down.errors)")
        let empty = try await TestDatabase.fresh()
        let url = try empty.url()
        let old = try ParleyProcess.run(["status", "--database", url])
        #expect(old.code == 4 && old.errors.contains("parley migrate"), "\(old.errors)")
        let migrated = try ParleyProcess.run(["migrate", "--database", url])
        #expect(migrated.code == 0, "\(migrated.errors)")
        let status = try ParleyProcess.run(["status", "--database", url, "--json"])
        #expect(status.code == 0, "\(status.errors)")
        #expect(try JSONValue(parsing: status.output)["rounds"] == [])
    }

    @Test("A worker without a shared database is told what it needs")
    func worker() throws {
        let ended = try ParleyProcess.run(["worker"], environment: ["PARLEY_DATABASE_URL": ""])
        #expect(ended.code == 2 && ended.errors.contains("--database"))
    }

    @Test("Wrong usage ends with 64")
    func usage() throws {
        #expect(try ParleyProcess.run(["run", "x.yaml", "--concurrency", "0"]).code == 64)
        #expect(try ParleyProcess.run(["nonsense"]).code == 64)
    }
}
