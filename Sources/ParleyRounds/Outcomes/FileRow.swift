// One row of a file, and how its columns become values: the same rules for every file that other systems write.

import ParleyModel

/// A row of a file, by column.
struct FileRow {
    /// The line on which it begins, from 1.
    let line: Int
    let members: [String: JSONValue]
    /// What to do about a column that is not there.
    let columnRemedy: String

    /// The text of a column that every row must have.
    func text(_ column: String) throws(RowProblem) -> String {
        let value = try value(column)
        switch value {
        case .string(let text) where !text.isEmpty: return text
        case .integer, .number, .bool: return value.canonical
        default: throw RowProblem("'\(column)' is empty", "give every row a value, or leave the row out")
        }
    }

    /// A score; nil where it is empty, null or NaN.
    func score(_ column: String) throws(RowProblem) -> Score? {
        switch try value(column) {
        case .null: return nil
        case .bool(let isRight): return isRight ? .one : .zero
        case .string(let text) where ["true", "True", "TRUE"].contains(text): return .one
        case .string(let text) where ["false", "False", "FALSE"].contains(text): return .zero
        default: return try billionths(column).map(Score.init(billionths:))
        }
    }

    /// A whole number from 0; nil where the column is missing or empty.
    func count(_ column: String) throws(RowProblem) -> Int64? {
        guard let number = try number(column) else { return nil }
        guard number >= 0, number < 1e12, number == number.rounded() else {
            throw RowProblem("'\(column)' is \(number), which is no count", "write a whole number from 0")
        }
        return Int64(number)
    }

    /// A number in billionths; nil where the column is missing or empty.
    func billionths(_ column: String) throws(RowProblem) -> Int64? {
        guard let number = try number(column) else { return nil }
        guard number.magnitude <= 1_000_000, let score = Score(number) else {
            throw RowProblem("'\(column)' is \(number), beyond 1,000,000", "scale it")
        }
        return score.billionths
    }

    /// A number, or nil where the column is missing, empty, null or NaN.
    func number(_ column: String) throws(RowProblem) -> Double? {
        switch members[column] {
        case nil, .null?: return nil
        case .integer(let value)?: return Double(value)
        case .number(let value)?: return value.isNaN ? nil : value
        case .string(let text)?:
            if text.isEmpty || ["nan", "na", "null", "none"].contains(text.lowercased()) { return nil }
            guard let value = Double(text), value.isFinite else {
                throw RowProblem("'\(column)' is '\(text)', which is no number", "write a number, or leave it empty")
            }
            return value
        default: throw RowProblem("'\(column)' is no number", "write a number, or leave it empty")
        }
    }

    private func value(_ column: String) throws(RowProblem) -> JSONValue {
        guard let value = members[column] else {
            throw RowProblem.noColumn(column, among: Array(members.keys), columnRemedy)
        }
        return value
    }
}
