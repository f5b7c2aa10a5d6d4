// What a lab is known by in a definition: its names, keys, addresses. A mark that two parties have tells of neither.

import ParleyModel

/// The texts that tell of one lab and of no other party.
struct LabMarks {
    private var labs: [[UInt8]: PartyName] = [:]

    init(of definition: RoundDefinition) {
        var owners: [[UInt8]: Set<PartyName>] = [:]
        func add(_ text: String?, _ party: PartyName) {
            guard let text, !text.isEmpty else { return }
            owners[Array(text.lowercased().utf8), default: []].insert(party)
        }
        for party in definition.parties {
            for text in [party.name.text, party.title, party.key] { add(text, party.name) }
        }
        for model in definition.models {
            let texts = [
                model.name.text, model.modelID, model.baseURL, model.account, model.proxy, model.certificateFile,
                model.apiKey?.description,
            ]
            for text in texts { add(text, model.party) }
        }
        for configuration in definition.configurations {
            guard let model = definition.model(configuration.model) else { continue }
            add(configuration.name.text, model.party)
        }
        for suite in definition.suites { add(suite.name.text, suite.party) }
        for (mark, parties) in owners where parties.count == 1 {
            guard let party = parties.first, definition.party(party)?.role == .lab else { continue }
            labs[mark] = party
        }
    }

    /// The longest mark of a lab that is not among these in the first text that holds one.
    func found(in json: JSONValue, besides known: Set<PartyName>) -> (mark: String, lab: PartyName, text: String)? {
        let foreign = labs.filter { !known.contains($0.value) }.sorted {
            $0.key.count == $1.key.count ? $0.key.lexicographicallyPrecedes($1.key) : $0.key.count > $1.key.count
        }
        var left = [json]
        while let value = left.popLast() {
            switch value {
            case .array(let elements): left += elements
            case .object(let members):
                for (name, value) in members.sorted(by: { $0.key > $1.key }) { left += [value, .string(name)] }
            case .string(let text):
                let bytes = Array(text.lowercased().utf8)
                for (mark, lab) in foreign where Self.holds(bytes, mark) {
                    return (String(decoding: mark, as: UTF8.self), lab, text)
                }
            case .null, .bool, .integer, .number: continue
            }
        }
        return nil
    }

    /// Whether the mark stands in the text by itself, not within a longer word.
    private static func holds(_ text: [UInt8], _ mark: [UInt8]) -> Bool {
        func isWord(_ byte: UInt8) -> Bool { (97...122).contains(byte) || (48...57).contains(byte) || byte >= 128 }
        guard mark.count <= text.count else { return false }
        return (0...(text.count - mark.count)).contains { start in
            let end = start + mark.count
            return text[start..<end].elementsEqual(mark) && (start == 0 || !isWord(text[start - 1]))
                && (end == text.count || !isWord(text[end]))
        }
    }
}
