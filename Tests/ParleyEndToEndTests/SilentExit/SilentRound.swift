// A round of three labs that each may leave, with everything by which one of them is known: its folder, keys and
// secrets, the providers that answer it, and its database on a server of its own.

import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import ParleyModel
import ParleyPostgres
import ParleyTestSupport
import Testing

/// The round, and who takes part.
final class SilentRound {
    static let labs: [SilentLab] = [.alder, .zephyr, .birch]
    /// Those that stay.
    static let others = ["alder", "birch"]
    static let all = labs.map(\.name)
    /// Samples of the suite that is long enough to be sealed by column.
    private static let many = 512

    let house: TestHouse
    let database: TestDatabase
    let owner: PostgresConnection
    let coordinator: String
    let worker: String
    /// The search for the lab that leaves.
    let search: LabSearch

    private let place: Workplace
    private let simulators: [ParleyProcess]

    var folder: String { place.folder }
    var file: String { place.round }
    /// The same round without the lab.
    var without: String { "\(folder)/without.yaml" }
    var seals: [String] { ["--seal-for", "\(folder)/north.seal.pub", "--seal-for", "\(folder)/worker.seal.pub"] }

    func secret(_ lab: String) -> String { "\(folder)/\(lab).secret" }
    func key(_ party: String) -> [String] { ["--key", "\(folder)/\(party).key"] }
    func sealKey(_ holder: String = "north") -> [String] { ["--seal-key", "\(folder)/\(holder).seal.key"] }

    init() async throws {
        let place = try Workplace(samples: 12)
        self.place = place
        let folder = place.folder
        let rows = (0..<Self.many).map { #"{"id":"m\#($0)","input":"What is \#($0) + 11?","target":"\#($0 + 11)"}"# }
        try place.write("many.jsonl", rows.joined(separator: "\n"))

        let (keys, marks) = try Self.makeKeys(folder)
        let seed = try ParleyProcess.run(["round", "seed", "--output", "\(folder)/audit.seed"])
        let commitment = seed.output.trimmingCharacters(in: .whitespacesAndNewlines)
        let write = { (name: String, labs: [SilentLab], ports: [String: Int]) in
            try place.write(name, SilentLab.round(of: labs, keys: keys, ports: ports, seed: commitment))
        }
        try write("played.yaml", Self.labs, [:])
        var simulators: [ParleyProcess] = []
        var ports: [String: Int] = [:]
        for party in Self.all + ["north"] {
            let simulator = try ParleyProcess(["simulate", "--round", "\(folder)/played.yaml", "--port", "0"])
            simulators.append(simulator)
            while simulator.isRunning, ports[party] == nil {
                let address = simulator.soFar.split(separator: ";").first?.split(separator: " ").last
                ports[party] = address?.split(separator: ":").last.flatMap { Int($0) }
            }
        }
        self.simulators = simulators
        for lab in Self.labs {
            for broken in lab.models.dropFirst() { try await Self.break(broken.id, at: ports[lab.name]) }
        }
        try write("round.yaml", Self.labs, ports)
        try write("without.yaml", Self.labs.filter { Self.others.contains($0.name) }, ports)
        search = try LabSearch(SilentLab.zephyr.marks + marks + ["127.0.0.1:\(ports["zephyr-lab"] ?? 0)/v1"])

        house = try await TestHouse.started()
        database = TestDatabase(name: "parley", superuser: house.cluster.configuration.with(database: "parley"))
        owner = try await database.connect()
        (coordinator, worker) = try await database.daemonLogins(owner)
        for login in ["parley_north", "parley_south"] {
            try await TestDatabase.makeLogin(login, in: "parley_party", owner)
        }
        // What is long is kept as it is, so that a search of the server's files sees into it; jobs die soon; and nothing
        // waits for a provider that is broken on purpose.
        try await owner.execute(
            script: """
                do $$ declare v record; begin
                    for v in select a.attrelid::regclass as "table", a.attname from pg_attribute a
                        join pg_class c on c.oid = a.attrelid
                        where c.relnamespace::regnamespace::text in ('parley', 'parley_rounds') and c.relkind in ('r', 'p') and a.attnum > 0
                            and a.attstorage in ('x', 'm') and not a.attisdropped
                    loop
                        execute format('alter table %s alter %I set storage external', v."table", v.attname);
                    end loop;
                end $$;
                update parley.settings set first_delay = '10 ms', longest_delay = '50 ms', strikes = 1000000;
                """
        )
    }

    deinit { for simulator in simulators { simulator.signal(SIGTERM) } }

    /// A command at the coordinator's database, with the secrets of these labs.
    func parley(
        _ arguments: [String],
        _ secrets: [String],
        at database: String? = nil
    ) throws -> ParleyProcess.Ended {
        try ParleyProcess.run(
            arguments + ["--database", database ?? coordinator] + secrets.flatMap { ["--party-secret", secret($0)] },
            environment: ["PARLEY_ACTOR": "ada"]
        )
    }

    /// The same, which must succeed.
    @discardableResult
    func done(
        _ arguments: [String],
        _ secrets: [String] = all,
        at database: String? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> String {
        let ended = try parley(arguments, secrets, at: database)
        #expect(ended.code == 0, "\(arguments): \(ended.output)\(ended.errors)", sourceLocation: sourceLocation)
        return ended.output
    }

    /// Frozen, signed by all and started.
    func start() throws {
        try done(["round", "freeze", file] + seals)
        for party in Self.all + ["north"] { try done(["round", "sign", "autumn"] + key(party)) }
        try done(["round", "start", "autumn"])
    }

    /// A package, checked by Parley and by the second implementation; its files one after the other.
    func package(_ name: String, _ secrets: [String]) throws -> Data {
        let path = "\(folder)/\(name).tar"
        try done(
            ["evidence", "autumn", "--preview", "--output", path, "--salts", "\(folder)/autumn.salts"] + key("north"),
            secrets
        )
        let trust = (secrets + ["north"]).flatMap { ["--trust", "\(folder)/\($0).pub"] }
        let verified = try ParleyProcess.run(["verify", path, "--json"] + trust)
        #expect(verified.code == 0, "\(verified.output)")
        let checks = try JSONValue(parsing: verified.output).decode(VerificationReport.self).checks
        #expect(checks.contains { $0.check == "agreement" && $0.subject == "threshold" && $0.status == .passed })
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../../scripts/check_package.py").path
        try Self.tool("python3", [script, path] + (secrets + ["north"]).map { "\(folder)/\($0).pub" })
        return try Data(contentsOf: URL(fileURLWithPath: path))
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

    /// Keys and secrets of everybody.
    /// - Returns: the public keys, and what of the lab that leaves can be recognised in them
    private static func makeKeys(_ folder: String) throws -> (keys: [String: String], marks: [String]) {
        func json(_ file: String) throws -> JSONValue {
            try JSONValue(parsing: Array(Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(file)"))))
        }
        func make(_ arguments: [String]) throws {
            let made = try ParleyProcess.run(["key"] + arguments)
            #expect(made.code == 0, "\(made.errors)")
        }
        var keys: [String: String] = [:]
        for party in all + ["north"] {
            try make(["new", "--party", party, "--output", "\(folder)/\(party).key"])
            keys[party] = try json("\(party).pub")["public_key"]?.string
        }
        // A lab's own key for its transcripts is held under a name that does not tell whose it is.
        for holder in ["north", "worker", "house-2"] {
            try make(["seal", holder, "--output", "\(folder)/\(holder).seal.key"])
        }
        for lab in all { try make(["secret", "--party", lab, "--output", "\(folder)/\(lab).secret"]) }
        let id = { (text: String?) in text.map { String($0.split(separator: ":").last ?? "") } }
        let sealID = try Data(base64Encoded: json("house-2.seal.pub")["public_key"]?.string ?? "")
        let marks = [
            keys["zephyr-lab"], id(try json("zephyr-lab.pub")["key_id"]?.string),
            try json("zephyr-lab.secret")["secret"]?.string, try json("house-2.seal.pub")["public_key"]?.string,
            sealID.map { ContentHash(of: Array($0)).hex },
        ]
        #expect(!marks.contains(nil))
        return (keys, marks.compactMap(\.self))
    }

    /// Lets every answer of a model be no JSON, so that its jobs die.
    private static func `break`(_ model: String, at port: Int?) async throws {
        let command = #"{"models": {"\#(model)": {"error_rate": 0, "faults": {"malformed_json": 1}}}}"#
        let answer = try await HTTPClient.shared.post(
            url: "http://127.0.0.1:\(port ?? 0)/control",
            body: .string(command)
        ).get()
        #expect(answer.status == .ok)
    }
}
