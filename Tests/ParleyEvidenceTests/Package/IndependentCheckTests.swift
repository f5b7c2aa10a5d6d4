// What a second implementation said of the made-up package: `scripts/check_package.py`, run by hand on the package that
// this test writes where PARLEY_WRITE_PACKAGE names a path. Its words are kept, and hold for the package of today.

import Foundation
import ParleyModel
import Testing

@testable import ParleyEvidence

@Suite("The independent check") struct IndependentCheckTests {
    @Test("holds for the package of today: definition, agreement, ledger, roots")
    func fixture() throws {
        let package = try MadeUpRound.package()
        if let path = ProcessInfo.processInfo.environment["PARLEY_WRITE_PACKAGE"] { try package.write(to: path) }
        let manifest = try PackageManifest(in: package)
        let expected = """
            files: \(manifest.files.count) hashes hold
            definition: \(manifest.definitionHash)
            agreement: signed by north, south, 2 needed
            package: signed by north, south
            ledger: \(manifest.ledger.entries) lines, head \(manifest.ledger.head)
            witness: south up to line 4
            outcomes: \(manifest.outcomes.count), \(manifest.outcomes.open) open, root \(manifest.outcomes.root)
            samples: \(manifest.samples.count), root \(manifest.samples.root)
            order: 1 suites of open samples as drawn
            findings: the counts of 4 cells are those of the outcomes

            """
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../Fixtures/check_package.txt")
        #expect(try String(contentsOf: file, encoding: .utf8) == expected)
    }
}
