// A round of three labs that each may leave, with everything by which one of them is known.

import AsyncHTTPClient
import Foundation
import NIOCore
import ParleyModel
import ParleyPostgres
import ParleyTestSupport
import Testing

/// The round's folder, and the search for the lab that leaves.
final class SilentRound {
    static let labs = ["alder", "zephyr-lab", "birch"]
    /// Those that stay.
    static let others = ["alder", "birch"]
    private static let samples = 12

    private let place: Workplace
    private let simulators: [ParleyProcess]
    /// What the lab is known by, in each form.
    private let forms: [(mark: String, bytes: Data)]

    var folder: String { place.folder }
    var file: String { place.round }
    /// The same round without the lab.
    var without: String { "\(place.folder)/without.yaml" }
    var sealKey: String { "\(place.folder)/north.seal.key" }
    var seals: [String] { ["--seal-for", "\(folder)/north.seal.pub", "--seal-for", "\(folder)/worker.seal.pub"] }

    func secret(_ lab: String) -> String { "\(place.folder)/\(lab).secret" }

    init() throws {
        let place = try Workplace(samples: Self.samples)
        self.place = place
        var keys: [String: String] = [:]
        var marks = [
            "zephyr-lab", "Zephyr Research", "zephyr-seven", "zx-internal-0711", "zephyr-high", "zephyr-low",
            "ZEPHYR_API_KEY", "hush-zephyr-prompt", "zephyr-terms",
        ]
        for party in Self.labs + ["north"] {
            let made = try ParleyProcess.run([
                "key", "new", "--party", party, "--output", "\(place.folder)/\(party).key",
            ])
            #expect(made.code == 0, "\(made.errors)")
            let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(place.folder)/\(party).pub"))
            let json = try JSONValue(parsing: Array(bytes))
            keys[party] = try #require(json["public_key"]?.string)
            if party == "zephyr-lab" {
                marks += [keys[party] ?? "", String((json["key_id"]?.string ?? "").dropFirst(7))]
            }
        }
        for holder in ["north", "worker"] {
            _ = try ParleyProcess.run(["key", "seal", holder, "--output", "\(place.folder)/\(holder).seal.key"])
        }
        for lab in Self.labs {
            let file = "\(place.folder)/\(lab).secret"
            #expect(try ParleyProcess.run(["key", "secret", "--party", lab, "--output", file]).code == 0)
        }
        let secret = try Data(contentsOf: URL(fileURLWithPath: "\(place.folder)/zephyr-lab.secret"))
        marks.append(try #require(JSONValue(parsing: Array(secret))["secret"]?.string))
        try place.write("played.yaml", Self.text(keys, ports: [1, 1, 1], labs: Self.labs))
        let simulators = try Self.labs.map { _ in
            try ParleyProcess(["simulate", "--round", "\(place.folder)/played.yaml", "--port", "0"])
        }
        self.simulators = simulators
        let ports = simulators.map { simulator in
            var port: Int?
            while simulator.isRunning, port == nil {
                let address = simulator.soFar.split(separator: ";").first?.split(separator: " ").last
                port = address?.split(separator: ":").last.flatMap { Int($0) }
            }
            return port ?? 0
        }
        marks.append("127.0.0.1:\(ports[1])/v1")
        try place.write("round.yaml", Self.text(keys, ports: ports, labs: Self.labs))
        try place.write("without.yaml", Self.text(keys, ports: [ports[0], ports[2]], labs: Self.others))
        forms = marks.flatMap { mark in Self.forms(of: mark).map { (mark, $0) } }
    }

    deinit { for simulator in simulators { simulator.signal(SIGTERM) } }

    /// Runs the round to its end, with a worker that has all secrets.
    /// - Returns: what the daemons said: logs, metrics and answers of the service
    func run(
        _ coordinator: String,
        _ worker: String,
        _ owner: PostgresConnection
    ) async throws -> [(name: String, content: Data)] {
        let logs = ["--log-level", "trace", "--log-format", "json", "--metrics", "0"]
        let secrets = Self.labs.flatMap { ["--party-secret", secret($0)] }
        let half = Self.others.flatMap { ["--party-secret", secret($0)] }
        let start = { (name: String, secrets: [String]) in
            try ParleyProcess(
                ["worker", "--database", worker, "--name", name, "--seal-key", "\(self.folder)/worker.seal.key"] + logs
                    + secrets,
                environment: ["ZEPHYR_API_KEY": "sk-zephyr-secret"]
            )
        }
        let daemon = try ParleyProcess(["coordinator", "--database", coordinator] + logs)
        let workers = [try start("half", half), try start("whole", secrets)]
        while try await owner.query("select state from parley.rounds").only().text(0) != "exchange" {
            guard workers[1].isRunning, daemon.isRunning else { break }
            await Task.yield()
        }
        var said: [(name: String, content: Data)] = []
        for (name, process) in [("coordinator", daemon), ("worker", workers[1])] {
            said.append(("metrics of the \(name)", try await Self.metrics(of: process)))
        }
        for (name, process) in [("worker", workers[1]), ("half a worker", workers[0]), ("coordinator", daemon)] {
            process.signal(SIGTERM)
            let ended = process.end()
            #expect(ended.code == 0, "\(name): \(ended.errors.suffix(2000))")
            said.append(("log of the \(name)", Data((ended.output + ended.errors).utf8)))
        }
        let names = try await owner.query(
            "select distinct w.name from parley.outcomes o join parley.workers w on w.id = o.worker_id"
        ).map { try $0.text(0) }
        #expect(names == ["whole"])
        return said
    }

    /// A package, checked by Parley and by the second implementation; its files one after the other.
    func package(
        _ name: String,
        _ parley: ([String], [String]) throws -> ParleyProcess.Ended,
        _ secrets: [String]
    ) throws -> Data {
        let path = "\(folder)/\(name).tar"
        let made = try parley(
            [
                "evidence", "autumn", "--preview", "--output", path, "--salts", "\(folder)/autumn.salts", "--key",
                "\(folder)/north.key",
            ],
            secrets
        )
        #expect(made.code == 0, "\(made.errors)")
        let trust = (secrets + ["north"]).flatMap { ["--trust", "\(folder)/\($0).pub"] }
        let verified = try ParleyProcess.run(["verify", path, "--json"] + trust)
        #expect(verified.code == 0, "\(verified.output)")
        let checks = try JSONValue(parsing: verified.output).decode(VerificationReport.self).checks
        #expect(checks.contains { $0.check == "agreement" && $0.subject == "threshold" && $0.status == .passed })
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../scripts/check_package.py").path
        try Self.tool("python3", [script, path] + (secrets + ["north"]).map { "\(folder)/\($0).pub" })
        return try Data(contentsOf: URL(fileURLWithPath: path))
    }

    /// The marks of the lab that a content holds in any form.
    func found(in content: Data) -> [String] {
        Set(forms.filter { content.range(of: $0.bytes) != nil }.map(\.mark)).sorted()
    }

    /// The files below a folder that hold a mark of the lab in any form.
    func found(below folder: String) throws -> [String] {
        let patterns = "\(place.folder)/patterns"
        let lines = forms.map { String(decoding: $0.bytes, as: UTF8.self) }
        try place.write("patterns", lines.joined(separator: "\n"))
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["grep", "--recursive", "--files-with-matches", "--text", "-F", "-f", patterns, folder]
        process.environment = ["LC_ALL": "C", "PATH": ProcessInfo.processInfo.environment["PATH"] ?? ""]
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return text.split(separator: "\n").map(String.init)
    }

    /// Runs a program of the system.
    static func tool(_ name: String, _ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [name] + arguments
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(name)")
    }

    /// A mark as it is, in hexadecimal, and in base64 wherever it begins.
    private static func forms(of mark: String) -> [Data] {
        let bytes = Data(mark.utf8)
        let hex = bytes.map { String(format: "%02x", $0) }.joined()
        let shifted = (0..<3).map { shift -> Data in
            let text = (Data(repeating: 0, count: shift) + bytes).base64EncodedString()
            // The characters that hold bits of the mark alone.
            let first = [0, 2, 3][shift]
            let count = (bytes.count * 8 - [0, 4, 2][shift]) / 6
            return Data(text.dropFirst(first).prefix(count).utf8)
        }
        return [bytes, Data(hex.utf8)] + shifted
    }

    private static func metrics(of process: ParleyProcess) async throws -> Data {
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

    private static func text(_ keys: [String: String], ports: [Int], labs: [String]) -> String {
        let titles = ["alder": "Alder House", "birch": "Birch House", "zephyr-lab": "Zephyr Research"]
        let models = ["alder": "alder-one", "birch": "birch-one", "zephyr-lab": "zephyr-seven"]
        let configurations = ["alder": "alder-high", "birch": "birch-high", "zephyr-lab": "zephyr-high"]
        let ids = ["alder": "al-1", "birch": "bi-1", "zephyr-lab": "zx-internal-0711"]
        let pairs = labs.indices.flatMap { left in labs.indices.dropFirst(left + 1).map { (labs[left], labs[$0]) } }
        return """
            round: autumn
            tier: mediated
            title: The autumn round
            silent_exit: true
            signatures: all
            rules: { stopping: none, errors: dead jobs fail, visibility: each its own first }
            parties:
              - { name: north, title: North, role: evaluator, key: "\(keys["north"] ?? "")" }
            \(labs.map { "  - { name: \($0), title: \(titles[$0] ?? ""), role: lab, key: \"\(keys[$0] ?? "")\" }" }
                .joined(separator: "\n"))
            models:
            \(zip(labs, ports).map { lab, port in
                """
                  - name: \(models[lab] ?? "")
                    party: \(lab)
                    access: internal
                    provider: openai
                    base_url: http://127.0.0.1:\(port)/v1
                    model: \(ids[lab] ?? "")
                    no_training: \(lab == "zephyr-lab" ? "zephyr-terms of 1 May" : "the agreement of 1 May")
                    \(lab == "zephyr-lab" ? "api_key: env:ZEPHYR_API_KEY" : "concurrency: 4")
                    simulate: { accuracy: 0.7, refusal_rate: 0.1, error_rate: 0.05, latency: 0ms }
                """
            }.joined(separator: "\n"))
            configurations:
            \(labs.map { lab in
                let prompt = lab == "zephyr-lab" ? ", system_prompt: hush-zephyr-prompt" : ""
                let second = lab == "zephyr-lab" ? "\n  - { name: zephyr-low, model: zephyr-seven }" : ""
                return "  - { name: \(configurations[lab] ?? ""), model: \(models[lab] ?? "")\(prompt) }\(second)"
            }.joined(separator: "\n"))
            budgets:
              - { tokens: 1000000 }
            \(labs.map { "  - { model: \(models[$0] ?? ""), tokens: 500000 }" }.joined(separator: "\n"))
            suites:
              - name: sums
                party: north
                areas: [scalable oversight]
                dataset: sums.jsonl
                scorer: numeric
                epochs: 2
                held_out: true
            runs: all
            primary:
            \(pairs.map { left, right in
                "  - { suite: sums, compare: [\(configurations[left] ?? ""), \(configurations[right] ?? "")], effect: 0.3 }"
            }.joined(separator: "\n"))
            """
    }
}
