// Faults at a running queue, seeded: workers killed, stopped past their lease and given a wrong clock, connections cut
// between a statement and its answer, the server restarted, crashed and out of disk, the coordinator killed, a job
// that kills its workers. At the end every job is accounted for, once. See scripts/chaos.

import ArgumentParser
import Foundation
import ParleyModel
import ParleyPostgres
import ParleyQueue
import ParleyTestSupport

@main
struct Chaos: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chaos",
        abstract: "Injects seeded faults into a running queue and checks that nothing is lost; run scripts/chaos."
    )

    @Option(help: "The seed of the faults; drawn and printed where none is given.")
    var seed: UInt64?
    @Flag(help: "25 faults over 100,000 jobs instead of 200 over 1,000,000.")
    var short = false

    func run() async throws {
        let seed = seed ?? UInt64.random(in: 0 ... .max)
        FileHandle.standardError.write(Data("chaos: seed \(seed); the same seed injects the same faults\n".utf8))
        let storm = try await Storm(seed: seed, faults: short ? 25 : 200, jobs: short ? 100_000 : 1_000_000)
        let report: Storm.Report
        do {
            report = try await storm.run()
        } catch {
            await storm.end()
            throw error
        }
        await storm.end()
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        print(String(decoding: try encoder.encode(report), as: UTF8.self))
        if !report.violations.isEmpty { throw ExitCode(1) }
    }
}
