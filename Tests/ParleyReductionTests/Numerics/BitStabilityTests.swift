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
        // FNV-1a over the bit patterns, word by word.
        let digest = values.reduce(14_695_981_039_346_656_037 as UInt64) { hash, value in
            (hash ^ value.bitPattern) &* 1_099_511_628_211
        }
        #expect(String(digest, radix: 16) == "d0bfe684b5afc0fb")
    }
}
