// As much of JSON Schema as the project's own schemas use of it for documents: types, constants, enumerations,
// required and known members, items and local references. Enough to find a document and its schema drifting apart.

import Foundation
public import ParleyModel

/// A JSON Schema of the repository.
public struct SchemaCheck {
    private let root: JSONValue

    public init(_ name: String) throws {
        let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../schemas/json/\(name).schema.json")
        root = try JSONValue(parsing: [UInt8](Data(contentsOf: url)))
    }

    /// What in the document does not follow the schema.
    public func problems(_ document: JSONValue) -> [String] { check(document, root, at: "$") }

    /// What does not follow one of the schema's definitions.
    public func problems(_ document: JSONValue, definition: String) -> [String] {
        check(document, ["$ref": .string("#/$defs/" + definition)], at: "$")
    }

    private func check(_ value: JSONValue, _ schema: JSONValue, at path: String) -> [String] {
        if let reference = schema["$ref"]?.string {
            let name = reference.replacing("#/$defs/", with: "")
            guard let target = root["$defs"]?[name] else { return ["\(path): no definition \(name)"] }
            return check(value, target, at: path)
        }
        var problems: [String] = []
        if let constant = schema["const"], constant != value { problems.append("\(path): not the constant") }
        if let words = schema["enum"]?.array, !words.contains(value) { problems.append("\(path): not in the list") }
        if let type = schema["type"]?.string, !has(value, type) { problems.append("\(path): no \(type)") }
        if let minimum = schema["minimum"]?.double, let number = value.double, number < minimum {
            problems.append("\(path): below \(minimum)")
        }
        if let items = schema["items"] {
            for (index, element) in (value.array ?? []).enumerated() {
                problems += check(element, items, at: "\(path)[\(index)]")
            }
        }
        return problems + checkMembers(value, schema, at: path)
    }

    private func checkMembers(_ value: JSONValue, _ schema: JSONValue, at path: String) -> [String] {
        guard let members = value.object, let properties = schema["properties"]?.object else { return [] }
        let missing = (schema["required"]?.array ?? []).compactMap(\.string).filter { members[$0] == nil }
        var problems = missing.map { "\(path): '\($0)' is missing" }
        for (key, member) in members {
            if let property = properties[key] {
                problems += check(member, property, at: "\(path).\(key)")
            } else {
                problems.append("\(path): '\(key)' is unknown")
            }
        }
        return problems
    }

    private func has(_ value: JSONValue, _ type: String) -> Bool {
        type == "integer" ? value.integer != nil : value.typeName == type
    }
}
