// One cell with what an export must know of its round: the definition's parts that may leave the house. How a model is
// reached (address, account, key's place, proxy) is nobody else's business and stays out.

public import ParleyModel

/// A cell of a round that is exported.
public struct ExchangeCell: Sendable {
    public let definition: RoundDefinition
    public let definitionHash: ContentHash
    /// Index in `RoundDefinition.cells`.
    public let number: Int
    /// When the round was submitted, in microseconds since the Unix epoch.
    public let createdAtMicros: Int64
    public let suite: Suite
    public let configuration: Configuration
    public let model: ModelDefinition

    /// Throws where the definition does not hold what the cell names.
    public init(
        definition: RoundDefinition,
        definitionHash: ContentHash,
        number: Int,
        createdAtMicros: Int64
    ) throws(ParleyFailure) {
        let cell = definition.cells[number]
        guard let suite = definition.suite(cell.suite),
            let configuration = definition.configuration(cell.configuration),
            let model = definition.model(configuration.model)
        else {
            throw ParleyFailure(.failure, "Cell \(number) of round '\(definition.name)' names what is not defined.")
        }
        self.definition = definition
        self.definitionHash = definitionHash
        self.number = number
        self.createdAtMicros = createdAtMicros
        self.suite = suite
        self.configuration = configuration
        self.model = model
    }

    /// Who judges; nobody where no model does.
    var judges: [ConfigurationName] { suite.scorer.grader?.judges ?? [] }

    /// The number of observations that were planned.
    public var planned: Int { suite.dataset.count * suite.epochs }

    /// A stable name of something in this cell, as a UUID of version 4's form: the same round gives the same.
    func uuid(_ parts: String...) -> String {
        let cell = definition.cells[number]
        let names = [definitionHash.description, cell.suite.text, cell.configuration.text] + parts
        return Self.uuid(of: .array(names.map(JSONValue.string)))
    }

    /// The hash of a value in the form of a UUID of version 4.
    static func uuid(of value: JSONValue) -> String {
        var bytes = Array(ContentHash(of: value).bytes.prefix(16))
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        let hex = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
        return [0..<4, 4..<6, 6..<8, 8..<10, 10..<16].map { hex[$0].joined() }.joined(separator: "-")
    }
}
