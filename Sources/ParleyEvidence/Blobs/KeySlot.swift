// What a data key is for: the pack of one held-out suite in one round, or what one tested party's models answered to it.
// The slot is bound into each wrapping of its key and into each blob that is sealed under it.

public import ParleyModel

/// What one data key seals.
public struct KeySlot: Hashable, Sendable {
    /// The hash of the round's definition.
    public let round: ContentHash
    /// The suite's index in the definition.
    public let suite: Int
    /// Whose models' transcripts; nil for the samples, which are the same for all.
    public let party: PartyName?

    public init(round: ContentHash, suite: Int, party: PartyName?) {
        self.round = round
        self.suite = suite
        self.party = party
    }

    /// The bytes that stand for it; no two slots have the same.
    var label: [UInt8] { Array("parley.seal/1\n\(round)\n\(suite)\n\(party?.text ?? "")\n".utf8) }
}
