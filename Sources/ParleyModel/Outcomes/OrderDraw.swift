// The order in which the samples of a suite are run: the same for each configuration and in each epoch, epoch after
// epoch, so that what is compared is asked at about the same time and an interrupted round has whole epochs first.
//
// So that a stranger can repeat it: the key of a sample is the first 64 bits of the SHA-256 of the UTF-8 text
// `parley.order/1`, the seed, the suite and the sample's number in the dataset, from 0 in decimal, joined by line feeds.
// The seed is the opened one in base64, or, where none was agreed, the definition's hash as `sha256:` and hexadecimal
// digits. Samples are run by rising key; of equal keys the lower number is first. The text begins otherwise than that of
// an audit's draw (`AuditDraw`), so that neither tells of the other.

/// The draw of a round's order.
public struct OrderDraw: Hashable, Sendable {
    private let seed: String

    /// - Parameters:
    ///   - hash: of the definition
    ///   - opened: the sealed seed in base64, whose commitment the caller has checked
    /// - Returns: nil where the definition orders nothing, and where its seed is sealed and not given
    public init?(_ definition: RoundDefinition, hash: ContentHash, opened: String? = nil) {
        guard let order = definition.order else { return nil }
        guard let seed = order.seed == nil ? hash.description : opened else { return nil }
        self.seed = seed
    }

    /// The numbers of a suite's samples in the dataset, in the order in which they are run.
    public func order(of suite: SuiteName, count: Int) -> [Int] {
        let prefix = "parley.order/1\n\(seed)\n\(suite.text)\n"
        let keys = (0..<count).map { ContentHash(of: (prefix + String($0)).utf8).number }
        return (0..<count).sorted { (keys[$0], $0) < (keys[$1], $1) }
    }

    /// Of each sample in the dataset, at which place it is run, from 0.
    public func places(of suite: SuiteName, count: Int) -> [Int] {
        var places = [Int](repeating: 0, count: count)
        for (place, number) in order(of: suite, count: count).enumerated() { places[number] = place }
        return places
    }
}
