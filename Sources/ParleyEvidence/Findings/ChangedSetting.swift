// What differs between two rounds in how a cell was run: its suite, its configuration, its model.

import ParleyModel

/// A part of a cell's definition that differs between two rounds.
struct ChangedSetting {
    let text: String
    /// Whether the scores of the two rounds no longer mean the same.
    let changesMeasure: Bool

    private static let measures: Set<String> = ["solver", "scorer", "kinds", "epoch_reducer"]
    /// What changes no answer and no score.
    private static let apart: Set<String> = ["title", "dataset", "flags", "claim", "reference"]

    static func all(
        _ cell: Cell,
        _ earlier: RoundDefinition,
        _ later: RoundDefinition
    ) throws -> [ChangedSetting] {
        func parts(_ definition: RoundDefinition) throws -> [(String, JSONValue)] {
            let configuration = definition.configuration(cell.configuration)
            let model = configuration.flatMap { configuration in
                definition.models.first { $0.name == configuration.model }
            }
            return [
                ("suite", try definition.suite(cell.suite).map { try JSONValue(encoding: $0) } ?? .null),
                ("configuration", try configuration.map { try JSONValue(encoding: $0) } ?? .null),
                ("model", try model.map { try JSONValue(encoding: $0.modelID) } ?? .null),
            ]
        }
        let reasons = [earlier, later].map { Set($0.comparability(of: cell).map(\.flag)) }
        let flags = ChangedSetting(text: "comparability flags", changesMeasure: true)
        return try (reasons[0] == reasons[1] ? [] : [flags])
            + zip(parts(earlier), parts(later)).flatMap { old, new -> [ChangedSetting] in
                guard case .object(let before) = old.1, case .object(let after) = new.1 else {
                    return old.1 == new.1 ? [] : [ChangedSetting(text: "\(old.0): id", changesMeasure: false)]
                }
                let keys = Set(before.keys).union(after.keys).subtracting(Self.apart).sorted()
                return keys.filter { before[$0] != after[$0] }.map {
                    ChangedSetting(text: "\(old.0): \($0)", changesMeasure: old.0 == "suite" && measures.contains($0))
                }
            }
    }
}
