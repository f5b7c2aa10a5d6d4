// A provider that takes connections and never answers, beside one that is well: the deadline of its model ends each
// attempt, the other model finishes, and what it finished stands.

import Foundation
import ParleyModel
import ParleyPostgres
import ParleySimulator
import Testing

@Suite("A provider that hangs") struct HangingProviderTests {
    @Test("ends attempts by its deadline and costs the other model nothing")
    func hang() async throws {
        let place = try Workplace(samples: 20)
        // Connections are taken by the kernel's backlog; nobody ever reads from them.
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        #expect(listen(listener, 128) == 0)
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = getsockname(listener, $0, &length) }
        }
        let port = UInt16(bigEndian: address.sin_port)
        let provider = SimulatedProvider(configuration: SimulatorConfiguration(seed: 3))
        let healthy = try await provider.start()
        try place.write(
            "round.yaml",
            """
            round: sums
            tier: bilateral
            parties: [{ name: a, role: lab }]
            models:
              - { name: well, party: a, provider: openai, model: well, base_url: "\(healthy.openAIBase())" }
              - { name: hangs, party: a, provider: openai, model: hangs, base_url: "http://127.0.0.1:\(port)/v1",
                  timeout: 300ms, concurrency: 4 }
            suites:
              - { name: sums, party: a, areas: [scalable oversight], dataset: sums.jsonl, scorer: numeric }
            runs: all
            """
        )
        let run = try ParleyProcess(["run", place.round, "--state", place.state, "--stop-within", "2s"])
        let before = try #require(await place.outcomes(atLeast: 20, of: run))
        var classes: [String] = []
        while run.isRunning, classes.count < 8 {
            classes = await place.rows("select class from parley.attempts") { try $0.text(0) }
        }
        #expect(Set(classes) == ["timeout"])
        run.signal(SIGINT)
        let ended = run.end()
        try await provider.stop()
        #expect(ended.code == 6, "\(ended.errors)")
        #expect(ended.errors.contains("20 jobs to do; 20 are done and kept"), "\(ended.errors)")
        #expect(before.count == 20)
        let printed = try ParleyProcess.run(["findings", "sums", "--state", place.state, "--json"])
        let findings = try JSONValue(parsing: printed.output).decode(FindingsDocument.self)
        #expect(findings.cells.map(\.neverRun).sorted() == [0, 20])
        #expect(!findings.complete)
    }
}
