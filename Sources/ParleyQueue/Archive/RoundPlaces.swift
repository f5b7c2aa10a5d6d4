// Where rounds are: the list that names also those whose rows are elsewhere.

public import ParleyModel
import ParleyPostgres

/// Where a round is.
public struct RoundPlace: Hashable, Sendable, Codable {
    public let round: RoundName
    public let state: RoundState
    public let presence: RoundStore.Presence
    /// Of one that is not here: to or from which database, or what holds it.
    public let elsewhere: String?
    public let archive: ContentHash?
    public let simulated: Bool
}

extension CoordinatorQueue {
    /// All rounds that the database knows, oldest first.
    public func roundPlaces() async throws -> [RoundPlace] {
        try await query(.roundPlaces).map { row in
            let known = try RoundStore.Known(row)
            return RoundPlace(
                round: known.name,
                state: known.state,
                presence: known.presence,
                elsewhere: known.elsewhere.isEmpty ? nil : known.elsewhere,
                archive: known.archive,
                simulated: try row.bool("simulated")
            )
        }
    }

    /// Why a round of this name is not among `rounds`; nil where the database does not know it.
    public func absence(of name: RoundName) async throws -> ParleyFailure? {
        guard let place = try await roundPlaces().first(where: { $0.round == name }), place.presence != .here else {
            return nil
        }
        return ParleyFailure(
            .invalidInput,
            "Round '\(name)' is not here: \(place.presence.rawValue) \(place.elsewhere ?? "")",
            remedy: place.presence == .dropped
                ? "`parley restore FILE` brings it back from its archive." : "Name the database that it is in."
        )
    }
}
