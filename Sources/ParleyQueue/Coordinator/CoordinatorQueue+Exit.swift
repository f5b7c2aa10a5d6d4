// A lab leaves a round: one statement of the schema deletes what is its own and numbers the rest anew.

public import ParleyModel
import ParleyPostgres

extension CoordinatorQueue {
    /// Takes a lab out of a round in which it stands under a handle.
    /// - Parameters:
    ///   - definition: canonical JSON of the veiled definition without it
    ///   - signatures: how many parties are left that sign; 0 where they do not
    ///   - budgets: the numbers, from 1, of those that stay
    /// - Throws: where the round is not in a state in which a lab may leave
    public func leave(
        _ round: RoundID,
        party: PartyName,
        definition: String,
        signatures: Int,
        budgets: [Int],
        because reason: String
    ) async throws {
        _ = try await queryByState(
            .leave,
            [
                .int64(round.rawValue), .text(party.text), .text(definition), .int32(Int32(clamping: signatures)),
                .int32Array(budgets.map { Int32(clamping: $0) }), .text(reason.storable(bytes: 2048)),
            ]
        )
    }
}
