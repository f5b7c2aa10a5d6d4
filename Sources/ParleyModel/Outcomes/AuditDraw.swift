// The draw of the audit: which answers people label. Its size and the commitment to its seed are frozen with the round
// (`AuditSample`), so that nobody chooses what is looked at, and nobody knows it before the seed is opened.
//
// So that a stranger can repeat it: the key of an answer is the SHA-256 of the UTF-8 text `parley.audit/1`, the opened
// seed in base64, the suite, the configuration, the sample's id and the epoch in decimal, joined by line feeds. Of each
// cell whose suite models grade, answers are taken by rising key, read as bytes, until there are as many as agreed;
// samples whose answer went to no judge, since the model refused or the probe failed, are passed over.

/// The draw of an audit.
public struct AuditDraw: Hashable, Sendable {
    /// Answers a cell.
    public var size: Int
    /// The opened seed, in base64.
    public var seed: String

    public init(size: Int, seed: String) {
        self.size = size
        self.seed = seed
    }

    /// The place of an answer in the draw of its cell.
    public func key(_ cell: Cell, sampleID: String, epoch: Int) -> ContentHash {
        let parts = ["parley.audit/1", seed, cell.suite.text, cell.configuration.text, sampleID, String(epoch)]
        return ContentHash(of: parts.joined(separator: "\n").utf8)
    }

    /// The answers of a cell that are drawn, by rising key. The order in which they are given does not matter.
    /// - Parameter answers: those that went to judges
    public func answers<Answer>(
        _ answers: some Sequence<Answer>,
        of cell: Cell,
        place: (Answer) -> (sampleID: String, epoch: Int)
    ) -> [(key: ContentHash, answer: Answer)] {
        let keyed = answers.map { answer in
            let (sampleID, epoch) = place(answer)
            return (key: key(cell, sampleID: sampleID, epoch: epoch), answer: answer)
        }
        return Array(keyed.sorted { $0.key.bytes.lexicographicallyPrecedes($1.key.bytes) }.prefix(max(0, size)))
    }
}
