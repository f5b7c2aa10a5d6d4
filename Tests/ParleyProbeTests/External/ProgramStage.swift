// A round of one cell whose solver is a program: the program is a file in a folder of the test's, the model is a real
// HTTP server.

import Foundation
import ParleyModel

@testable import ParleyProbe

/// A program, its folder and its round.
final class ProgramStage {
    static let key = "sk-the-key-0123456789"

    let folder: String
    var program: ExternalProgram
    var scorer = Scorer(kind: .includes)
    var target = Configuration(name: "target", model: "target", maxTokens: 64)
    var provider: ProviderKind
    let address: String
    var isAllowed = true
    let programs: ExternalPrograms
    private let clients: ModelClients

    /// Writes the program; the model is at `address`.
    init(_ text: String, at address: String = "http://127.0.0.1:9", provider: ProviderKind = .openai) throws {
        folder = NSTemporaryDirectory() + "/parley-program-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let path = folder + "/solver"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        program = ExternalProgram(
            command: ["./solver"],
            files: [FrozenFile(path: "./solver", sha256: ContentHash(of: Array(text.utf8)))],
            timeLimitMilliseconds: 60_000
        )
        self.address = address
        self.provider = provider
        let environment = ["KEY": Self.key, "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"]
        clients = ModelClients(secrets: SecretStore(environment: environment))
        programs = ExternalPrograms(
            folder: folder,
            environment: environment.merging([
                "SHOWN": "yes", "HIDDEN": "no", "PARLEY_DATABASE_URL": "postgresql://x", "PGPASSWORD": "x",
            ]) { $1 }
        )
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// Whether there is a python3 for those programs.
    static let hasPython = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
        FileManager.default.isExecutableFile(atPath: $0 + "/python3")
    }

    /// A program in Python with what most of them need.
    static func python(_ body: String) -> String {
        """
        #!/usr/bin/env python3
        import json, os, signal, subprocess, sys, time, urllib.error, urllib.request

        def say(kind, **members):
            print(json.dumps({"type": kind, **members}), flush=True)

        task = json.loads(sys.stdin.readline())
        endpoint = task["endpoint"]

        def call(body, path="/chat/completions", base=endpoint["openai_base_url"], token=endpoint["token"]):
            request = urllib.request.Request(
                base + path, json.dumps(body).encode(),
                {"Content-Type": "application/json", "Authorization": "Bearer " + token})
            try:
                with urllib.request.urlopen(request) as response:
                    return response.status, response.read().decode()
            except urllib.error.HTTPError as error:
                return error.code, error.read().decode()

        def ask(text):
            return call({"model": endpoint["model"], "messages": [{"role": "user", "content": text}]})

        \(body)
        """
    }

    var definition: RoundDefinition {
        let price = Price(input: Money(billionths: Money.unit), output: Money(billionths: 10 * Money.unit))
        return RoundDefinition(
            name: "round",
            title: "A round",
            tier: .bilateral,
            currency: "USD",
            seed: 1,
            isSimulated: false,
            parties: [Party(name: "lab", title: "Lab", role: .lab)],
            models: ["target", "grader"].map { name in
                ModelDefinition(
                    name: name,
                    party: "lab",
                    provider: provider,
                    baseURL: provider == .openai ? address + "/v1" : address,
                    modelID: "\(name)-id",
                    apiKey: .environment("KEY"),
                    account: "lab",
                    timeoutMilliseconds: 20_000,
                    price: price
                )
            },
            configurations: [target, Configuration(name: "grader", model: "grader", maxTokens: 32)],
            suites: [
                Suite(
                    name: "suite",
                    title: "A suite",
                    party: "lab",
                    areas: [.aiControl],
                    dataset: FrozenDataset(source: "memory", count: 1, digest: ContentHash(of: [])),
                    solver: Solver(kind: .external, program: program),
                    scorer: scorer
                )
            ],
            cells: [Cell(suite: "suite", configuration: "target")],
            budgets: []
        )
    }

    static let sample = Sample(id: "s1", input: [Message(.user, "What is 40 + 2?")], target: ["42"])

    /// Runs the program on a sample.
    func probe(_ sample: Sample = sample, epoch: Int = 1) async throws(ProbeFailure) -> ProbeResult {
        let definition = definition
        let models = Dictionary(uniqueKeysWithValues: definition.models.map { ($0.name, $0) })
        let clients = clients
        let prober = Prober(definition: definition, programs: isAllowed ? programs : .refused) {
            name throws(ParleyFailure) in
            guard let model = models[name] else { throw ParleyFailure(.invalidInput, "no model '\(name)'") }
            return try clients.client(for: model)
        }
        return try await prober.probe(cell: 0, sample: sample, epoch: epoch)
    }

    /// The failure of a run; nil where it came to an outcome.
    func failure() async -> ProbeFailure? {
        do {
            _ = try await probe()
            return nil
        } catch {
            return error
        }
    }

    /// Closes what it holds; the programs' endpoint with it.
    func close() async {
        await programs.shutdown()
        await clients.shutdown()
    }
}
