import Testing

// BitStabilityTests.swift: the functions give the very bits that they gave where the digest was recorded (x86-64).
// Another processor or compiler that gives others breaks what a verifier relies on. A deliberate change of a function
// changes the digest too: record it anew, and say in the changelog that published figures may move in the last digit.
@testable import ParleyReduction

@Suite("Special functions give the same bits everywhere")
struct BitStabilityTests {
    @Test("a digest over all fixture arguments is the recorded one")
    func digest() {
        var values = NumericsFixtures.exponentials.map { exponential($0[0]) }
        values += NumericsFixtures.logarithms.map { naturalLogarithm($0[0]) }
        values += NumericsFixtures.logarithmsOfOnePlus.map { logarithmOfOnePlus($0[0]) }
        values += NumericsFixtures.logGammas.map { logGamma($0[0]) }
        values += NumericsFixtures.incompleteBetas.map {
            regularizedIncompleteBeta(a: $0[0], b: $0[1], x: $0[2], y: $0[3]).value
        }
        values += NumericsFixtures.normalCumulatives.map { normalCumulative($0[0]) }
        values += NumericsFixtures.normalQuantiles.map { normalQuantile($0[0]) }
        values += NumericsFixtures.studentCumulatives.map { studentCumulative($0[0], degrees: $0[1]) }
        values += NumericsFixtures.studentQuantiles.map { studentQuantile($0[0], degrees: $0[1]) }
        values += StatisticsFixtures.mcNemars.map { mcNemarExact(firstOnly: Int64($0[0]), secondOnly: Int64($0[1])) }
        #expect(digest(of: values) == "d0bfe684b5afc0fb")
    }

    @Test("a digest over the chi-square distribution, random effects and sign flips is the recorded one")
    func rollUps() {
        var values = RollUpFixtures.chiSquares.map { chiSquareUpperTail($0[0], degrees: $0[1]) }
        for example in RollUpFixtures.effects {
            guard let found = RandomEffects(RandomEffectsTests.effects(example)) else { continue }
            values += [found.q, found.pValue, found.tauSquared, found.mean, found.standardError, found.interval.lower]
        }
        values += RollUpFixtures.drawnSignFlips.compactMap { example in
            PermutationTest(example.differences.map { Int128($0) }, plan: PermutationPlan(seed: 1), seed: 2)?.pValue
        }
        #expect(digest(of: values) == "c939ac556d326bbc")
    }

    /// FNV-1a over the bit patterns, word by word.
    private func digest(of values: [Double]) -> String {
        let digest = values.reduce(14_695_981_039_346_656_037 as UInt64) { hash, value in
            (hash ^ value.bitPattern) &* 1_099_511_628_211
        }
        return String(digest, radix: 16)
    }
}
