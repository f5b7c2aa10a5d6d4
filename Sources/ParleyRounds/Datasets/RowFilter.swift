// Which rows are taken. A condition that names a field that no row has is a mistake, not an empty dataset.

import ParleyModel

/// The conditions of a dataset, and which of their paths were ever seen.
struct RowFilter {
    private let conditions: [RowCondition]
    private var seen: [Bool]

    init(_ conditions: [RowCondition]) {
        self.conditions = conditions
        seen = conditions.map { _ in false }
    }

    /// Paths that no row had so far.
    var unseenPaths: [String] { zip(conditions, seen).filter { !$0.1 }.map(\.0.path) }

    /// Whether the row meets all conditions.
    mutating func accepts(_ row: [String: JSONValue], _ sample: Sample) -> Bool {
        var isAccepted = true
        for (index, condition) in conditions.enumerated() {
            guard let value = Self.value(at: condition.path, row, sample) else {
                isAccepted = false
                continue
            }
            seen[index] = true
            if !Self.equals(value, anyOf: condition.values) { isAccepted = false }
        }
        return isAccepted
    }

    private static func value(at path: String, _ row: [String: JSONValue], _ sample: Sample) -> JSONValue? {
        if let value = row.value(at: path) { return value }
        guard path.hasPrefix("metadata.") else { return nil }
        return sample.metadata.value(at: String(path.dropFirst("metadata.".count)))
    }

    private static func equals(_ value: JSONValue, anyOf wanted: [String]) -> Bool {
        switch value {
        case .string(let text): wanted.contains(text)
        case .bool, .null: wanted.contains(value.canonical)
        case .integer, .number: wanted.contains { $0 == value.canonical || Double($0) == value.double }
        case .array(let elements): elements.contains { equals($0, anyOf: wanted) }
        case .object: false
        }
    }
}
