// From a row to a sample, by a field mapping or by a preset, and the checks that every sample must pass.

import Foundation
import ParleyModel

/// Turns rows into samples.
struct SampleMapper {
    let specification: DatasetSpecification

    /// The sample of a row; its number is its id where it names none.
    func sample(_ row: [String: JSONValue], number: Int32) throws(RowProblem) -> Sample {
        let sample =
            switch specification.layout {
            case .fields(let mapping): try sample(row, number: number, by: mapping)
            case .preset(let preset): try preset.sample(row, number: number)
            }
        try check(sample)
        return sample
    }

    private func sample(
        _ row: [String: JSONValue],
        number: Int32,
        by mapping: FieldMapping
    ) throws(RowProblem) -> Sample {
        for field in mapping.named.sorted() where row.value(at: field) == nil {
            throw RowProblem("the row has no field '\(field)'", "it has: \(row.fieldNames)")
        }
        guard let input = row.value(at: mapping.input) else {
            throw RowProblem(
                "the row has no field '\(mapping.input)'",
                "name the field with the question as dataset.fields.input; the row has: \(row.fieldNames)"
            )
        }
        return Sample(
            id: try id(row.value(at: mapping.id), number: number),
            input: try SampleText.messages(input),
            choices: try choices(row, mapping.choices),
            target: try SampleText.targets(row.value(at: mapping.target)),
            metadata: try metadata(row, mapping.metadata)
        )
    }

    private func id(_ value: JSONValue?, number: Int32) throws(RowProblem) -> String {
        switch value {
        case nil, .null, .string(""): return String(number)
        case .string(let text) where text.utf8.count <= 500: return text
        case .integer(let number): return String(number)
        default: throw RowProblem("the id must be text or a whole number", "write text of at most 500 bytes")
        }
    }

    private func choices(
        _ row: [String: JSONValue],
        _ source: FieldMapping.Choices
    ) throws(RowProblem) -> [String] {
        switch source {
        case .list(let field): return try SampleText.choices(row.value(at: field))
        case .fields(let fields):
            var choices: [JSONValue] = []
            for field in fields { choices.append(row.value(at: field) ?? .null) }
            return try SampleText.choices(.array(choices))
        }
    }

    private func metadata(
        _ row: [String: JSONValue],
        _ source: FieldMapping.Metadata
    ) throws(RowProblem) -> [String: JSONValue] {
        switch source {
        case .object(let field):
            switch row.value(at: field) {
            case nil, .null, .string(""): return [:]
            case .object(let members): return members
            case .some(let value):
                throw RowProblem("'\(field)' is a \(value.typeName), not an object", "name single fields as a list")
            }
        case .fields(let fields):
            var metadata: [String: JSONValue] = [:]
            for field in fields { metadata[field] = row.value(at: field) ?? .null }
            return metadata
        }
    }

    /// What the suite needs of every sample.
    private func check(_ sample: Sample) throws(RowProblem) {
        let needs = specification.requirements
        if !sample.choices.isEmpty {
            let letters = sample.choices.indices.map(SampleText.letter)
            for target in sample.target where !letters.contains(target) {
                throw RowProblem(
                    "the target '\(target.prefix(40))' is none of the choices' letters",
                    "write a letter from A to \(letters.last ?? "A")"
                )
            }
        }
        if needs.choices, sample.choices.isEmpty {
            throw RowProblem(
                "the row has no choices, which this suite's solver lays out",
                "name dataset.fields.choices"
            )
        }
        if needs.target, sample.target.isEmpty {
            throw RowProblem("the row has no target, which this suite's scorer needs", "name dataset.fields.target")
        }
        for path in needs.metadata.sorted() where sample.metadata.value(at: path) == nil {
            throw RowProblem(
                "the row has no metadata '\(path)', which a template names",
                "add it to the row's metadata"
            )
        }
        if needs.targetIsPattern {
            for target in sample.target where (try? NSRegularExpression(pattern: target)) == nil {
                throw RowProblem("the target is no valid regular expression", "escape . ( ) [ ] * + ? with a backslash")
            }
        }
    }
}

extension [String: JSONValue] {
    /// The value of a field, or of a path such as `a.b` into objects; a field whose name holds dots goes first.
    func value(at path: String) -> JSONValue? {
        if let value = self[path] { return value }
        guard let dot = path.firstIndex(of: ".") else { return nil }
        guard case .object(let members)? = self[String(path[..<dot])] else { return nil }
        return members.value(at: String(path[path.index(after: dot)...]))
    }

    var fieldNames: String { isEmpty ? "none" : keys.sorted().prefix(12).joined(separator: ", ") }
}
