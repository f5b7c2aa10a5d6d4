// The section `parties`.

import Foundation
import ParleyModel

extension RoundFileReader {
    static let partyKeys = ["name", "title", "role", "key", "conflicts"]

    func readParty(_ entry: Entry) -> Party? {
        let title = entry.fields["title"]?.text() ?? entry.name
        let role = entry.fields.required("role", "role: lab, evaluator or observer")?.word(Party.Role.self)
        let key = entry.fields["key"].flatMap { readKey($0) }
        let conflicts = entry.fields["conflicts"]?.text()
        return role.map { Party(name: Name(entry.name), title: title, role: $0, key: key, conflicts: conflicts) }
    }

    private func readKey(_ field: Field) -> String? {
        guard let text = field.text() else { return nil }
        if let bytes = Data(base64Encoded: text), bytes.count == 32, bytes.base64EncodedString() == text { return text }
        field.fail(
            "'key' must be a public key, 32 bytes in base64, not '\(text.prefix(60))'",
            "write the member public_key of the party's .pub file, which `parley key public` writes"
        )
        return nil
    }
}
