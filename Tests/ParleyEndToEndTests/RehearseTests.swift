// A rehearsal by the command: a worker is killed, nothing is lost, and the round's own database is not touched.

import Foundation
import ParleyModel
import Testing

@Suite("Rehearsals", .serialized) struct RehearseTests {
    @Test("A killed worker loses nothing, faults and all; time and cost are predicted")
    func rehearse() throws {
        let place = try Workplace(samples: 60)
        let ended = try ParleyProcess.run([
            "rehearse", place.round, "--json", "--wait-ms", "1000", "--concurrency", "16", "--latency-ms", "60",
        ])
        #expect(ended.code == 0, "\(ended.errors)")
        let document = try JSONValue(parsing: ended.output)
        let recovery = document["recovery"]
        #expect(recovery?["proved"]?.bool == true && recovery?["lost"]?.integer == 0, "\(ended.output)")
        #expect((recovery?["killed_at_done"]?.integer ?? 0) >= 80 && (recovery?["rescued"]?.integer ?? 0) > 0)
        let faults = document["provider"]?["faults"]?.object ?? [:]
        #expect((faults["rate_limit"]?.integer ?? 0) > 0 && (faults["stream_overload"]?.integer ?? 0) > 0)
        #expect((document["provider"]?["truncated"]?.integer ?? 0) > 0)
        #expect(document["jobs"]?.integer == 240 && (document["prediction"]?["seconds"]?.double ?? 0) > 0)
        let outcomes = document["outcomes"]?.object?.values.compactMap(\.integer).reduce(0, +)
        #expect(outcomes == 240 && document["dead"]?.integer == 0)
        #expect(!FileManager.default.fileExists(atPath: place.state))
    }
}
