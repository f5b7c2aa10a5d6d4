// The section `parties`.

import ParleyModel

extension RoundFileReader {
    static let partyKeys = ["name", "title", "role"]

    func readParty(_ entry: Entry) -> Party? {
        let title = entry.fields["title"]?.text() ?? entry.name
        let role = entry.fields.required("role", "role: lab, evaluator or observer")?.word(Party.Role.self)
        return role.map { Party(name: Name(entry.name), title: title, role: $0) }
    }
}
