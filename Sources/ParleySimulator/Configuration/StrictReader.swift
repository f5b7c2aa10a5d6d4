// Reading a configuration whose members all have defaults: what is missing takes its default, what is unknown or out
// of range is an error that names it. A misspelt rate would otherwise play a model that nobody configured.

struct StrictReader<Key: CodingKey & CaseIterable> {
    private struct AnyKey: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    private let container: KeyedDecodingContainer<Key>

    init(_ decoder: any Decoder, _: Key.Type) throws {
        container = try decoder.container(keyedBy: Key.self)
        let known = Set(Key.allCases.map(\.stringValue))
        let all = try decoder.container(keyedBy: AnyKey.self)
        for key in all.allKeys where !known.contains(key.stringValue) {
            throw DecodingError.dataCorruptedError(
                forKey: key,
                in: all,
                debugDescription: "unknown member; known are \(known.sorted().joined(separator: ", "))"
            )
        }
    }

    func value<Value: Decodable>(_ key: Key, else standard: Value) throws -> Value {
        try container.decodeIfPresent(Value.self, forKey: key) ?? standard
    }

    func rate(_ key: Key, else standard: Double) throws -> Double {
        let rate = try value(key, else: standard)
        try check((0...1).contains(rate), key, "is not between 0 and 1")
        return rate
    }

    func check(_ isValid: Bool, _ key: Key, _ complaint: String) throws {
        guard !isValid else { return }
        throw DecodingError.dataCorruptedError(
            forKey: key,
            in: container,
            debugDescription: "\(key.stringValue) \(complaint)"
        )
    }
}
