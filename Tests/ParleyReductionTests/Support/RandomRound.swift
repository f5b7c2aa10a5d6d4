// RandomRound.swift: outcomes of every kind, with gaps, scattered ids and odd scores.
@testable import ParleyReduction

/// A round of four cells over two suites, and its outcomes in some order.
struct RandomRound {
    static let cells = cells(planned: 400)

    static func cells(planned: Int64) -> [CellSpec] {
        let success = KindTreatments(refused: .scoreAs(Billionths.one), truncated: .exclude)
        return [
            CellSpec(planned: planned, scoreRange: 0...Billionths.one),
            CellSpec(
                planned: planned,
                treatments: KindTreatments(refused: .scoreAs(0)),
                scoreRange: 0...Billionths.one
            ),
            CellSpec(planned: planned, treatments: success),
            CellSpec(planned: planned),
        ]
    }

    static let pairs = [CellPair(first: 0, second: 1), CellPair(first: 2, second: 3), CellPair(first: 1, second: 0)]

    var rows: [OutcomeRow] = []

    init(seed: UInt64, samples: Int32 = 60, sampleStride: Int32 = 3) {
        var generator = SeededGenerator(seed: seed)
        for cell in 0..<4 as Range<Int32> {
            for sample in 0..<samples {
                for epoch in 0..<(1 + sample % 5) where generator.flip(0.9) {
                    let kind = generator.flip(0.6) ? .scored : KindCode.allCases.randomElement(using: &generator)
                    let binary: Int64 = generator.flip(0.5) ? Billionths.one : 0
                    let graded = Int64.random(in: 0...Billionths.one, using: &generator)
                    let hasScore = kind == .scored || generator.flip(0.3)
                    rows.append(
                        OutcomeRow(
                            cell: cell,
                            sample: 1_000 + sample * sampleStride,
                            epoch: epoch,
                            kind: kind ?? .scored,
                            score: hasScore ? (cell < 2 ? graded : binary) : nil,
                            tokensIn: .random(in: 0...4_000, using: &generator),
                            tokensOut: .random(in: 0...9_000, using: &generator),
                            tokensCached: .random(in: 0...100, using: &generator),
                            tokensReasoning: .random(in: 0...100, using: &generator),
                            cost: .random(in: 0...5_000_000, using: &generator),
                            latency: .random(in: 100...90_000_000, using: &generator)
                        )
                    )
                }
            }
        }
    }
}
