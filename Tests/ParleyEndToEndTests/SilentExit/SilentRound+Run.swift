// The round as it is run, and what people do to it afterwards: rulings on its dead jobs, labels of its answers, keys that
// are handed on, an amendment.

import AsyncHTTPClient
import Foundation
import NIOCore
import ParleyModel
import ParleyPostgres
import Testing

extension SilentRound {
    /// What the service keeps for a moment.
    static let kept = [
        "/v1/rounds/autumn", "/v1/rounds/autumn/findings", "/dashboard", "/dashboard/rounds/autumn",
        "/dashboard/rounds/autumn/findings",
    ]
    static let whileItRuns = ["/v1/limits", "/dashboard/limits"]
    private static let logs = ["--log-level", "trace", "--log-format", "json", "--metrics", "0"]

    /// A coordinator, which holds no secret, with its HTTP service.
    func startCoordinator() throws -> ParleyProcess {
        try ParleyProcess(
            ["coordinator", "--database", coordinator, "--http", "127.0.0.1:0", "--requests-per-minute", "1000000"]
                + Self.logs
        )
    }

    /// Lets a worker with all secrets run the round to its end, beside one that lacks a secret and is given nothing.
    /// - Returns: what the workers said, logs and metrics, and what the service answered of the limits meanwhile
    func run(by daemon: ParleyProcess, _ reader: ServiceReader) async throws -> [(name: String, content: Data)] {
        let secrets = Self.all.flatMap { ["--party-secret", secret($0)] }
        let half = Self.others.flatMap { ["--party-secret", secret($0)] }
        let start = { (name: String, secrets: [String]) in
            try ParleyProcess(
                ["worker", "--database", self.worker, "--name", name] + self.sealKey("worker") + Self.logs + secrets,
                environment: ["ZEPHYR_API_KEY": "sk-zephyr-secret"]
            )
        }
        let (partial, whole) = (try start("half", half), try start("whole", secrets))
        // Limits are told of while a round runs.
        while whole.isRunning, try await owner.query("select 1 from parley.outcomes limit 200").count < 200 {
            await Task.yield()
        }
        var said: [(name: String, content: Data)] = []
        for path in Self.whileItRuns { said.append(try await reader.answer(to: path)) }
        while try await owner.query("select state from parley.rounds").only().text(0) != "exchange" {
            guard whole.isRunning, daemon.isRunning else { break }
            await Task.yield()
        }
        // What is final is sealed by and by.
        while daemon.isRunning, try await owner.query("select 1 from parley.segments").count < 2 { await Task.yield() }
        said.append(("metrics of the worker", try await Self.metrics(of: whole)))
        for (name, process) in [("worker", whole), ("half a worker", partial)] {
            said.append(("log of the \(name)", try Self.ended(process)))
        }
        let names = try await owner.query(
            "select distinct w.name from parley.outcomes o join parley.workers w on w.id = o.worker_id"
        ).map { try $0.text(0) }
        #expect(names == ["whole"])
        return said
    }

    /// Ends a daemon.
    /// - Returns: its log
    static func ended(_ process: ParleyProcess) throws -> Data {
        process.signal(SIGTERM)
        let ended = process.end()
        #expect(ended.code == 0, "\(ended.errors.suffix(2000))")
        return Data((ended.output + ended.errors).utf8)
    }

    /// Everything that people do to a round once it has run.
    func correct() async throws {
        for ruling in ["exclude", "accept"] {
            let jobs = try await owner.query(
                """
                select \(ruling == "exclude" ? "min" : "max")(d.job_id) from parley.dead_jobs d
                    join parley.cells c on c.round_id = d.round_id and c.cell_no = d.cell_no
                group by c.party
                """
            ).map { String(try $0.int64(0)) }
            #expect(jobs.count == 2)
            try done(["dead", "rule", "autumn", ruling, "--because", "as agreed"] + jobs.flatMap { ["--job", $0] })
        }
        let sheet = "\(folder)/audit.csv"
        try done(
            ["audit", "export", "autumn", "--seed", "\(folder)/audit.seed", "--output", sheet] + sealKey()
        )
        let tickets = try String(contentsOfFile: sheet, encoding: .utf8).split(separator: "\n").dropFirst()
            .map { $0.prefix(16) }
        #expect(tickets.count == 9)
        let labels = tickets.enumerated().map { "\($1),\($0 % 2 == 0 ? "C" : "I"),read twice" }
        try ("ticket,label,note\n" + labels.joined(separator: "\n") + "\n")
            .write(toFile: sheet, atomically: true, encoding: .utf8)
        try done(["audit", "import", "autumn", sheet, "--by", "ada"] + sealKey())

        try done(
            ["pack", "admit", "autumn", "--recipient", "\(folder)/house-2.seal.pub", "--party", "zephyr-lab"]
                + sealKey()
        )
        for (lab, login) in [("alder", "parley_north"), ("zephyr-lab", "parley_south")] {
            try done(["party", "grant", "autumn", lab, "--login", login])
        }
        try done(["round", "correct", "autumn", "--because", "a sample is disputed"])
        try done(
            ["round", "amend", "autumn", "--text", "one sample can be read in two ways", "--suite", "sums"]
                + key("north")
        )
        for lab in Self.all { try done(["round", "sign", "autumn", "--amendment", "1"] + key(lab)) }
    }

    /// What a daemon's metrics are.
    static func metrics(of process: ParleyProcess) async throws -> Data {
        var port: String?
        while process.isRunning, port == nil {
            let lines = process.errorsSoFar.split(separator: "\n").compactMap { try? JSONValue(parsing: String($0)) }
            port = lines.first { $0["message"] == "metrics are served" }?["port"]?.string
        }
        let answer = try await HTTPClient.shared.get(url: "http://127.0.0.1:\(port ?? "1")/metrics").get()
        let text = answer.body.map { String(buffer: $0) } ?? ""
        #expect(text.contains("parley_"))
        return Data(text.utf8)
    }
}
