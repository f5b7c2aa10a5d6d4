// Findings read from a hot standby are those of its primary; it says how far behind it is, and refuses to write.

import ParleyModel
import ParleyPostgres
import ParleyTestSupport
import Testing

@Suite("Read replicas") struct StandbyTests {
    @Test("A standby gives the primary's findings, says up to when they are, and takes no change")
    func standby() async throws {
        let place = try Workplace()
        let primary = try await TestHouse.started()
        try primary.run(place.round)
        let standby = TestHouse(cluster: try await TestCluster.standby(of: primary.cluster))
        for command in [
            ["findings", "sums", "--json"], ["status", "sums", "--json"], ["questions", "sums"], ["why", "sums"],
        ] {
            let original = try ParleyProcess.run(command + ["--database", primary.url()])
            let copy = try ParleyProcess.run(command + ["--database", standby.url()])
            #expect(copy.code == 0, "\(command): \(copy.errors)")
            // A status holds the time at which it was asked.
            #expect(command[0] == "status" || copy.output == original.output, "\(command)")
            #expect(
                copy.errors.contains("Read from a standby") && !original.errors.contains("standby"),
                "\(copy.errors)"
            )
        }
        let change = try ParleyProcess.run(["round", "retire", "sums", "--because", "x", "--database", standby.url()])
        #expect(change.code == 4 && change.errors.contains("name the primary"), "\(change.errors)")
    }
}
