// Every Eval Ever files hold one evaluator's results on one model as it was run. So the cells of a round are grouped by
// the party whose suites they are, and by configuration.

public import ParleyModel

/// The cells that stand in one aggregate file.
public struct EveryEvalEverGroup: Sendable {
    public let evaluator: Party
    public let cells: [ExchangeCell]

    /// The groups of a round, in the order of their first cells.
    public static func groups(of cells: [ExchangeCell]) -> [EveryEvalEverGroup] {
        var order: [[String]] = []
        var members: [[String]: [ExchangeCell]] = [:]
        for cell in cells {
            let key = [cell.suite.party.text, cell.configuration.name.text]
            if members[key] == nil { order.append(key) }
            members[key, default: []].append(cell)
        }
        return order.compactMap { key in
            guard let cells = members[key], let first = cells.first else { return nil }
            let party = first.definition.party(first.suite.party)
            return EveryEvalEverGroup(
                evaluator: party ?? Party(name: first.suite.party, title: first.suite.party.text, role: .evaluator),
                cells: cells
            )
        }
    }

    var definition: RoundDefinition { cells[0].definition }
    var model: ModelDefinition { cells[0].model }
    var configuration: Configuration { cells[0].configuration }

    /// `party/model`, as the format names models.
    var modelID: String { Self.modelID(model) }

    static func modelID(_ model: ModelDefinition) -> String { "\(model.party)/\(model.modelID)" }

    /// What a lab says of its own model is first-party; what anybody else says of it is not.
    var relationship: String { evaluator.name == model.party ? "first_party" : "third_party" }

    /// The same for the same round.
    var uuid: String {
        ExchangeCell.uuid(
            of: [
                .string(cells[0].definitionHash.description), .string(evaluator.name.text),
                .string(configuration.name.text),
            ]
        )
    }

    /// Stable: made of names and of the round's submission, never of the time of export.
    var evaluationID: String {
        "\(definition.name).\(evaluator.name).\(configuration.name)/\(modelID)/\(cells[0].createdAtMicros / 1_000_000)"
    }

    /// `data/COLLECTION/DEVELOPER/MODEL/UUID`.
    var basePath: String {
        let model = String(model.modelID.map { $0 == "/" || $0 == "\0" ? "_" : $0 })
        let name = [".", "..", ""].contains(model) ? "_" : model
        return "data/\(definition.name)/\(self.model.party)/\(name)/\(uuid)"
    }
}
