// Rows of published datasets as samples; `DatasetPreset` says what each layout means.

import Foundation
import ParleyModel

extension DatasetPreset {
    func sample(_ row: [String: JSONValue], number: Int32) throws(RowProblem) -> Sample {
        switch self {
        case .modelWritten: try Self.modelWritten(row, number: number)
        case .gsm8k: try Self.gsm8k(row, number: number)
        case .bbq: try Self.bbq(row, number: number)
        }
    }

    private static func modelWritten(_ row: [String: JSONValue], number: Int32) throws(RowProblem) -> Sample {
        let matching = try letter(in: row, "answer_matching_behavior")
        let other = try letter(in: row, "answer_not_matching_behavior")
        return Sample(
            id: String(number),
            input: try SampleText.messages(.string(try text(in: row, "question"))),
            target: [other],
            metadata: [
                "answer_matching_behavior": .string(matching), "answer_not_matching_behavior": .string(other),
            ]
        )
    }

    private static func gsm8k(_ row: [String: JSONValue], number: Int32) throws(RowProblem) -> Sample {
        let solution = try text(in: row, "answer")
        guard let mark = solution.range(of: "#### ") else {
            throw RowProblem("'answer' has no '#### ' before its number", "check that the file is GSM8K's")
        }
        let target = solution[mark.upperBound...].filter { !$0.isWhitespace && $0 != "," }
        guard !target.isEmpty else { throw RowProblem("'answer' has no number behind '#### '", "add it") }
        return Sample(
            id: String(number),
            input: try SampleText.messages(.string(try text(in: row, "question"))),
            target: [target]
        )
    }

    private static func bbq(_ row: [String: JSONValue], number: Int32) throws(RowProblem) -> Sample {
        let choices = [try text(in: row, "ans0"), try text(in: row, "ans1"), try text(in: row, "ans2")]
        guard let label = row["label"]?.integer, choices.indices.contains(Int(label)) else {
            throw RowProblem("'label' is not 0, 1 or 2", "check that the file is BBQ's")
        }
        let category = try text(in: row, "category")
        var metadata: [String: JSONValue] = ["category": .string(category)]
        for key in ["context_condition", "question_polarity"] { metadata[key] = .string(try text(in: row, key)) }
        let question = try text(in: row, "context") + "\n" + text(in: row, "question")
        return Sample(
            id: row["example_id"]?.integer.map { "\(category)-\($0)" } ?? String(number),
            input: [Message(.user, question)],
            choices: choices,
            target: [SampleText.letter(Int(label))],
            metadata: metadata
        )
    }

    private static func text(in row: [String: JSONValue], _ field: String) throws(RowProblem) -> String {
        guard let text = row[field]?.string, !text.isEmpty else {
            throw RowProblem("the row has no text '\(field)'", "check the preset; the row has: \(row.fieldNames)")
        }
        return text
    }

    /// The letter of an answer such as ` (A)`.
    private static func letter(in row: [String: JSONValue], _ field: String) throws(RowProblem) -> String {
        let answer = Array(try text(in: row, field).utf8.filter { $0 != 0x20 })
        guard answer.count == 3, answer[0] == UInt8(ascii: "("), (65...90).contains(answer[1]),
            answer[2] == UInt8(ascii: ")")
        else { throw RowProblem("'\(field)' is no letter in parentheses", "write it as (A)") }
        return SampleText.letter(Int(answer[1]) - 65)
    }
}
