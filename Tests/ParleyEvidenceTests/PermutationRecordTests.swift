// Sign-flip tests reach the findings of outcome files where they are asked for, and only there.

import ParleyEvidence
import ParleyModel
import Testing

@Suite("Sign-flip tests of outcome files") struct PermutationRecordTests {
    private func findings(permutations: Int?, seed: UInt64 = 0) throws -> [ComparisonRecord] {
        var assembler = OutcomeAssembler()
        for sample in 0..<40 {
            for (configuration, share) in [("a", 7), ("b", 5)] as [(ConfigurationName, Int)] {
                try assembler.add(
                    OutcomeRecord(
                        suite: "s",
                        configuration: configuration,
                        sample: "\(sample)",
                        kind: .scored,
                        score: Score(Double(sample * share % 11) / 11)
                    )
                )
            }
        }
        return try assembler.reduction(of: [], permutations: permutations, seed: seed).comparisons
    }

    @Test("stand beside the t test, with their draws, and follow from the seed")
    func asked() throws {
        let found = try #require(findings(permutations: 2_000).first)
        let permutation = try #require(found.permutation)
        #expect(permutation.draws == 2_000 && !permutation.exact)
        #expect((permutation.pValue - (found.pValue ?? 0)).magnitude < 0.05)
        #expect(try findings(permutations: 2_000).first == found)
        #expect(try findings(permutations: 2_000, seed: 1).first?.permutation != permutation)
        #expect(try findings(permutations: nil).first?.permutation == nil)
    }
}
