// A suite's `dataset`: a path, or a mapping.

import Foundation
import ParleyModel

extension RoundFileReader {
    private static let datasetKeys = ["file", "format", "preset", "fields", "filter", "shuffle", "limit"]

    func readDataset(_ field: Field, requirements: SampleRequirements) -> DatasetSpecification? {
        if field.isScalar {
            guard let (file, path) = readPath(field), let format = format(of: file, nil, at: field) else { return nil }
            return DatasetSpecification(file: file, path: path, format: format, requirements: requirements)
        }
        guard let fields = Fields(field, what: "a dataset", keys: Self.datasetKeys) else { return nil }
        let fileField = fields.required("file", "file: the path of a .jsonl or .csv file")
        let layout = readLayout(fields)
        let filter = fields["filter"].map { readFilter($0) } ?? []
        let shuffle = fields["shuffle"]?.integer(in: 0...Int64.max)
        let limit = fields["limit"]?.count(in: 1...Int64(Int32.max))
        guard let fileField, let (file, path) = readPath(fileField),
            let format = format(of: file, fields["format"], at: fileField), let layout
        else { return nil }
        return DatasetSpecification(
            file: file,
            path: path,
            format: format,
            layout: layout,
            filter: filter,
            shuffleSeed: shuffle.map(UInt64.init),
            limit: limit,
            requirements: requirements
        )
    }

    private func readPath(_ field: Field) -> (file: String, path: String)? {
        guard let file = field.text() else { return nil }
        let path = resolve(file)
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            field.fail(
                "there is no dataset \(path)",
                "check the path; relative ones count from the round file's folder"
            )
            return nil
        }
        guard !isFolder.boolValue else {
            field.fail("\(path) is a folder", "name the .jsonl or .csv file in it")
            return nil
        }
        return (file, path)
    }

    private func format(of file: String, _ field: Field?, at place: Field) -> DatasetFormat? {
        if let field { return field.word(DatasetFormat.self) }
        if let format = DatasetFormat(rawValue: (file as NSString).pathExtension.lowercased()) { return format }
        place.fail("the ending of '\(file)' says nothing of its format", "add format: jsonl or format: csv")
        return nil
    }

    private func readLayout(_ fields: Fields) -> DatasetSpecification.Layout? {
        if let preset = fields["preset"] {
            if fields["fields"] != nil {
                fields.forbid(["fields"], "the preset says what the fields are")
                return nil
            }
            return preset.word(DatasetPreset.self).map { .preset($0) }
        }
        return .fields(fields["fields"].map { readMapping($0) } ?? FieldMapping())
    }

    private func readMapping(_ field: Field) -> FieldMapping {
        let keys = ["input", "target", "choices", "id", "metadata"]
        guard let fields = Fields(field, what: "a field mapping", keys: keys) else { return FieldMapping() }
        var mapping = FieldMapping()
        for (key, path) in [("input", \FieldMapping.input), ("target", \.target), ("id", \.id)] {
            guard let name = fields[key]?.text() else { continue }
            mapping[keyPath: path] = name
            mapping.named.insert(name)
        }
        if let choices = fields["choices"] {
            if choices.isList {
                let names = choices.texts() ?? []
                mapping.choices = .fields(names)
                mapping.named.formUnion(names)
            } else if let name = choices.text() {
                mapping.choices = .list(name)
                mapping.named.insert(name)
            }
        }
        if let metadata = fields["metadata"] {
            if metadata.isList {
                let names = metadata.texts() ?? []
                mapping.metadata = .fields(names)
                mapping.named.formUnion(names)
            } else if let name = metadata.text() {
                mapping.metadata = .object(name)
                mapping.named.insert(name)
            }
        }
        return mapping
    }

    private func readFilter(_ field: Field) -> [RowCondition] {
        guard field.isMapping else {
            field.fail("'filter' must be a mapping from fields to values", "write { metadata.rule: no-commas }")
            return []
        }
        return Fields.pairs(of: field).compactMap { key, value in
            guard value.isScalar || value.isList else {
                value.fail(
                    "a filter's value must be one value or a list",
                    "write { field: value } or { field: [a, b] }"
                )
                return nil
            }
            guard !value.isNull else {
                value.fail("the filter on '\(key.key)' has no value", "write the value that a row must have")
                return nil
            }
            return value.texts().map { RowCondition(path: key.key, values: $0) }
        }
    }
}
