// The section `parties`.

import ParleyModel

extension RoundFileReader {
    static let partyKeys = ["name", "title", "role", "conflicts"]

    func readParty(_ entry: Entry) -> Party? {
        let title = entry.fields["title"]?.text() ?? entry.name
        let role = entry.fields.required("role", "role: lab, evaluator or observer")?.word(Party.Role.self)
        let conflicts = entry.fields["conflicts"]?.text()
        return role.map { Party(name: Name(entry.name), title: title, role: $0, conflicts: conflicts) }
    }
}
