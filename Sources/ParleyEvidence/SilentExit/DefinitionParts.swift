// A definition taken apart by whom its items are about: what is about no lab is shared; the rest belongs to the lab, or to
// the two or three labs, that it names. Invariant: no part names a lab that it is not about, so that without the parts
// about one lab nothing of it is left; and the items of the others do not show that any are missing, since their places
// are random numbers in their order, not positions.

import ParleyModel

/// The parts of a definition.
struct DefinitionParts {
    /// The most labs that one item may be about: a suite's owner and the two sides of a comparison.
    static let labLimit = 3

    private(set) var shared: [String: JSONValue]
    private(set) var byLabs: [Set<PartyName>: [String: JSONValue]] = [:]
    private let definition: RoundDefinition

    /// Throws where the definition counts its parties, or where a text in one part names a lab of another.
    init(of definition: RoundDefinition) throws {
        self.definition = definition
        let signing = definition.parties.count { $0.signs }
        guard (definition.signatures ?? signing) == signing else {
            throw ParleyFailure(
                .invalidInput,
                "Round '\(definition.name)' counts its signatures, and the number would show that a party has left.",
                remedy: "Write signatures: all."
            )
        }
        let whole = try definition.json()
        shared = whole.object ?? [:]
        if shared["signatures"] != nil { shared["signatures"] = "all" }
        for member in Self.lists { shared[member] = nil }
        // A lab without items has its part as well: its entry among the parties.
        for (member, list) in try items() {
            let places = Self.places(list.count)
            for (index, item) in list.enumerated() {
                let value = JSONValue.object(["place": .integer(places[index]), "value": item.json])
                if item.labs.isEmpty {
                    Self.add(value, to: member, of: &shared)
                } else {
                    Self.add(value, to: member, of: &byLabs[item.labs, default: [:]])
                }
            }
        }
        try requireSilence()
    }

    /// The definition of the parts at hand.
    static func join(_ parts: [[String: JSONValue]]) throws -> RoundDefinition {
        var whole = parts.first ?? [:]
        for member in lists {
            let placed: [JSONValue] = parts.flatMap { $0[member]?.array ?? [] }
            let sorted = placed.sorted { ($0["place"]?.integer ?? 0) < ($1["place"]?.integer ?? 0) }
            let items = sorted.compactMap { $0["value"] }
            whole[member] = items.isEmpty && optional.contains(member) ? nil : .array(items)
        }
        let isSigned = whole.removeValue(forKey: "signatures") != nil
        var definition = try JSONValue.object(whole).decode(RoundDefinition.self)
        if isSigned { definition.signatures = definition.parties.count { $0.signs } }
        return definition
    }

    static let lists = [
        "parties", "models", "configurations", "suites", "cells", "budgets", "primary", "comparability",
    ]
    private static let optional: Set<String> = ["primary", "comparability"]

    private struct Item {
        let json: JSONValue
        let labs: Set<PartyName>
    }

    private static func add(_ value: JSONValue, to member: String, of part: inout [String: JSONValue]) {
        part[member] = .array((part[member]?.array ?? []) + [value])
    }

    /// Random numbers below 2⁵³, ascending: the gap that an item leaves is like any other.
    private static func places(_ count: Int) -> [Int64] {
        var drawn: Set<Int64> = []
        while drawn.count < count { drawn.insert(Int64.random(in: 0..<(1 << 53))) }
        return drawn.sorted()
    }

    private func items() throws -> [(String, [Item])] {
        let parties = try definition.parties.map { try item($0, lab($0.name)) }
        let models = try definition.models.map { try item($0, lab($0.party)) }
        let configurations = try definition.configurations.map { try item($0, labs($0.name)) }
        let suites = try definition.suites.map { try item($0, lab($0.party)) }
        let cells = try definition.cells.map { try item($0, labs($0.suite).union(labs($0.configuration))) }
        let primary = try (definition.primary ?? []).map {
            try item($0, labs($0.suite).union(labs($0.left)).union(labs($0.right)))
        }
        let comparability = try (definition.comparability ?? []).map {
            try item($0, labs($0.suite).union(labs($0.configuration)))
        }
        return [
            ("parties", parties), ("models", models), ("configurations", configurations), ("suites", suites),
            ("cells", cells), ("budgets", try definition.budgets.map { try item($0, labs($0)) }), ("primary", primary),
            ("comparability", comparability),
        ]
    }

    private func labs(_ budget: Budget) -> Set<PartyName> {
        var labs: Set<PartyName> = budget.suite.map { self.labs($0) } ?? []
        if let party = budget.party { labs.formUnion(lab(party)) }
        if let model = budget.model.flatMap({ definition.model($0) }) { labs.formUnion(lab(model.party)) }
        return labs
    }

    private func item(_ value: some Encodable, _ labs: Set<PartyName>) throws -> Item {
        let json = try JSONValue(encoding: value)
        guard labs.count <= Self.labLimit else {
            throw ParleyFailure(
                .invalidInput,
                "An item of the round is about \(labs.count) labs: \(json.canonical.prefix(200))",
                remedy: "In a round that a lab may leave silently an item is about \(Self.labLimit) at most."
            )
        }
        return Item(json: json, labs: labs)
    }

    private func lab(_ party: PartyName) -> Set<PartyName> {
        definition.party(party)?.role == .lab ? [party] : []
    }

    private func labs(_ suite: SuiteName) -> Set<PartyName> { definition.suite(suite).map { lab($0.party) } ?? [] }

    private func labs(_ configuration: ConfigurationName) -> Set<PartyName> {
        definition.configuration(configuration).flatMap { definition.model($0.model) }.map { lab($0.party) } ?? []
    }

    /// Throws the first text that names a lab that its part is not about.
    private func requireSilence() throws {
        let marks = LabMarks(of: definition)
        var parts = byLabs
        parts[[]] = shared
        for (labs, part) in parts.sorted(by: { $0.key.sorted().lexicographicallyPrecedes($1.key.sorted()) }) {
            guard let (mark, lab, text) = marks.found(in: .object(part), besides: labs) else { continue }
            throw ParleyFailure(
                .invalidInput,
                "'\(text.prefix(120))' names '\(mark)' of lab '\(lab)' to others, and would still when the lab has left.",
                remedy: "Word it without the lab, or let no lab's model judge a suite of another party."
            )
        }
    }
}
