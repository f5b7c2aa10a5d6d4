// The reader's keys by the definition of the JSON Schema that describes them.

@testable import ParleyRounds

enum SchemaKeys {
    static let byDefinition: [String: Set<String>] = [
        "round": Set(RoundFileReader.keys),
        "party": Set(RoundFileReader.partyKeys),
        "model": Set(RoundFileReader.modelKeys),
        "configuration": Set(RoundFileReader.configurationKeys),
        "suite": Set(RoundFileReader.suiteKeys),
    ]
}
