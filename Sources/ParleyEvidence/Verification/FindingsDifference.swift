// Where two findings documents differ, in the words of a person: which finding, which number, what is stated and what
// the outcomes give.

import ParleyModel

struct FindingsDifference: Hashable {
    /// Which finding, by the names of its members.
    let finding: String
    /// Which number of it.
    let path: String
    let stated: String
    let computed: String

    var description: String {
        "\(path.isEmpty ? "It" : path) is stated as \(stated), and the outcomes give \(computed)."
    }

    /// The differences in the order of the documents, at most `limit`.
    static func all(stated: JSONValue, computed: JSONValue, limit: Int) -> [FindingsDifference] {
        var found: [FindingsDifference] = []
        for key in keys(stated, computed) {
            let (left, right) = (stated[key], computed[key])
            guard left != right, found.count < limit else { continue }
            if let left = left?.array, let right = right?.array, left.count == right.count {
                for (index, pair) in zip(left, right).enumerated() where pair.0 != pair.1 {
                    let name = "\(key) \(name(of: pair.1) ?? "number \(index + 1)")"
                    collect(pair.0, pair.1, name, "", limit, &found)
                }
            } else {
                collect(left, right, key, "", limit, &found)
            }
        }
        return found
    }

    private static func collect(
        _ stated: JSONValue?,
        _ computed: JSONValue?,
        _ finding: String,
        _ path: String,
        _ limit: Int,
        _ found: inout [FindingsDifference]
    ) {
        guard stated != computed, found.count < limit else { return }
        if let stated, let computed, stated.object != nil, computed.object != nil {
            for key in keys(stated, computed) {
                collect(stated[key], computed[key], finding, path.isEmpty ? key : "\(path).\(key)", limit, &found)
            }
        } else if let left = stated?.array, let right = computed?.array, left.count == right.count {
            for (index, pair) in zip(left, right).enumerated() {
                collect(pair.0, pair.1, finding, "\(path)[\(index)]", limit, &found)
            }
        } else {
            found.append(
                FindingsDifference(finding: finding, path: path, stated: text(stated), computed: text(computed))
            )
        }
    }

    /// What tells a finding from the others of its list.
    private static func name(of value: JSONValue) -> String? {
        let parts = ["suite", "configuration", "left", "right", "grouping", "name"].compactMap { value[$0]?.string }
        return parts.isEmpty ? nil : parts.joined(separator: " / ")
    }

    private static func keys(_ left: JSONValue, _ right: JSONValue) -> [String] {
        Set((left.object ?? [:]).keys).union((right.object ?? [:]).keys).sorted()
    }

    private static func text(_ value: JSONValue?) -> String {
        guard let value else { return "nothing" }
        let text = value.canonical
        return text.utf8.count <= 80 ? text : String(text.prefix(77)) + "…"
    }
}
