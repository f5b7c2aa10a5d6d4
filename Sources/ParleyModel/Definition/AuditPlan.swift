// The human audit sample: which answers people are to label. It is fixed by the frozen definition before any answer
// exists, so that nobody can choose what is looked at.
//
// The draw, so that a stranger can repeat it: the key of an answer is the SHA-256 of the UTF-8 text
// `parley.audit/1`, the seed in decimal, the suite, the configuration, the sample's id and the epoch in decimal, joined
// by line feeds. Within a cell answers are taken by rising key, read as bytes, until `per_cell` are taken; those that no
// judge graded, since the model refused or the probe failed, are passed over.

/// How many answers of each cell people label, and the seed that draws them.
public struct AuditPlan: Hashable, Sendable, Codable {
    /// Of each cell whose suite is graded by models.
    public var perCell: Int
    public var seed: Int64

    public init(perCell: Int, seed: Int64) {
        self.perCell = perCell
        self.seed = seed
    }

    /// The place of an answer in the draw of its cell.
    public func key(_ cell: Cell, sampleID: String, epoch: Int) -> ContentHash {
        let parts = [
            "parley.audit/1", String(seed), cell.suite.text, cell.configuration.text, sampleID, String(epoch),
        ]
        return ContentHash(of: parts.joined(separator: "\n").utf8)
    }

    /// The answers of a cell that are drawn, by rising key. The order in which they are given does not matter.
    /// - Parameter answers: those that judges graded, or will
    public func draw<Answer>(
        _ answers: some Sequence<Answer>,
        of cell: Cell,
        place: (Answer) -> (sampleID: String, epoch: Int)
    ) -> [(key: ContentHash, answer: Answer)] {
        let keyed = answers.map { answer in
            let place = place(answer)
            return (key: key(cell, sampleID: place.sampleID, epoch: place.epoch), answer: answer)
        }
        return Array(keyed.sorted { $0.key.bytes.lexicographicallyPrecedes($1.key.bytes) }.prefix(max(0, perCell)))
    }
}
