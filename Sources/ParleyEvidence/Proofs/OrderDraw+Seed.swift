// The draw of a round's order from the file of its sealed seed.

public import ParleyModel

extension OrderDraw {
    /// nil where the definition orders nothing.
    /// - Throws: `ParleyFailure` where the order follows from a sealed seed, and it is not given or another one
    public init?(_ definition: RoundDefinition, hash: ContentHash, openedBy seed: SealedSeed?) throws(ParleyFailure) {
        if let commitment = definition.order?.seed, seed?.commitment != commitment {
            throw ParleyFailure(
                .invalidInput,
                seed == nil
                    ? "The order of round '\(definition.name)' follows from a sealed seed, which is not here."
                    : "This seed is not the one of round '\(definition.name)'.",
                remedy: "Give by --seed the file that `parley round seed` wrote: its commitment is \(commitment)."
            )
        }
        self.init(definition, hash: hash, opened: seed?.opened)
    }
}
