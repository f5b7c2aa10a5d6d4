// What a request becomes on the wire. Building is pure: the same request gives the same body, and whatever a provider
// or a model does not take is left out and named, never silently lost.

import ParleyModel

/// A request body, and what was left out of it.
struct WireRequest: Hashable, Sendable {
    var body: JSONValue
    /// Parameters of the configuration that this wire format or this model does not take.
    var dropped: [String]
}

/// Collects the members of a request body, leaving out what a model rejects.
struct ParameterSheet {
    private let unsupported: Set<String>
    private(set) var members: [String: JSONValue] = [:]
    private(set) var dropped: [String] = []

    init(model: ModelDefinition) {
        unsupported = Set(model.unsupportedParameters)
        members["model"] = .string(model.modelID)
    }

    /// Whether the model takes a parameter known by any of these names.
    func takes(_ names: String...) -> Bool { unsupported.isDisjoint(with: names) }

    /// Sets a member that the model may not refuse.
    mutating func require(_ name: String, _ value: JSONValue) { members[name] = value }

    /// Sets a member, or records it as dropped where the model rejects it under its own name or an alias. A nil
    /// value is the provider's default: nothing is sent and nothing recorded.
    mutating func set(_ name: String, _ value: JSONValue?, alias: String? = nil) {
        guard let value else { return }
        guard unsupported.isDisjoint(with: [name, alias ?? name]) else { return drop(name) }
        members[name] = value
    }

    /// Records that a parameter was asked for and is not sent.
    mutating func drop(_ name: String, when isSet: Bool = true) {
        if isSet, !dropped.contains(name) { dropped.append(name) }
    }

    var request: WireRequest { WireRequest(body: .object(members), dropped: dropped.sorted()) }
}
