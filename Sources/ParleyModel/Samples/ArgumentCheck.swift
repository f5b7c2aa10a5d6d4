// Whether a tool's arguments are what its schema asks for: as much of JSON Schema as tools use of it. Checked are type,
// enum, const, properties, required, additionalProperties, items, minItems, maxItems, minimum, maximum, minLength and
// maxLength. Not checked, and so taken as satisfied: pattern, format, oneOf, anyOf, allOf, $ref. A tool whose arguments
// need more checks them itself and says so in its answer.

/// Checks values against JSON Schemas.
public enum ArgumentCheck {
    /// The most problems that are told at once.
    public static let mostProblems = 8

    /// What in the value does not follow the schema: `$.files[0].name: must be a string, not a number`; none where it
    /// does. `$` is the value itself.
    public static func problems(_ value: JSONValue, schema: JSONValue) -> [String] {
        Array(check(value, schema, at: "$").prefix(mostProblems))
    }

    private static func check(_ value: JSONValue, _ schema: JSONValue, at path: String) -> [String] {
        // `false` takes nothing, `true` and what is no schema take everything.
        if schema.bool == false { return ["\(path): is not taken"] }
        if let trouble = typeProblem(value, schema["type"]) { return ["\(path): \(trouble)"] }
        if let constant = schema["const"], !isSame(constant, value) {
            return ["\(path): must be \(constant.canonical)"]
        }
        if let known = schema["enum"]?.array, !known.contains(where: { isSame($0, value) }) {
            return ["\(path): must be one of \(known.map(\.canonical).joined(separator: ", "))"]
        }
        switch value {
        case .object(let members): return memberProblems(members, schema, at: path)
        case .array(let elements): return elementProblems(elements, schema, at: path)
        case .string(let text):
            return boundProblems(Double(text.unicodeScalars.count), schema, ("minLength", "maxLength"), "characters")
                .map { "\(path): \($0)" }
        case .integer, .number:
            return boundProblems(value.double ?? 0, schema, ("minimum", "maximum"), "").map { "\(path): \($0)" }
        case .null, .bool: return []
        }
    }

    private static func memberProblems(_ members: [String: JSONValue], _ schema: JSONValue, at path: String) -> [String]
    {
        let properties = schema["properties"]?.object ?? [:]
        let required = (schema["required"]?.array ?? []).compactMap(\.string)
        var problems = required.filter { members[$0] == nil }.map { "\(path): '\($0)' is missing" }
        for (key, value) in members.sorted(by: { $0.key < $1.key }) {
            if let property = properties[key] {
                problems += check(value, property, at: "\(path).\(key)")
            } else if let others = schema["additionalProperties"] {
                if others.bool == false {
                    let known = properties.keys.sorted().map { "'\($0)'" }.joined(separator: ", ")
                    problems.append("\(path): '\(key)' is unknown" + (known.isEmpty ? "" : "; there are \(known)"))
                } else {
                    problems += check(value, others, at: "\(path).\(key)")
                }
            }
        }
        return problems
    }

    private static func elementProblems(_ elements: [JSONValue], _ schema: JSONValue, at path: String) -> [String] {
        let count = boundProblems(Double(elements.count), schema, ("minItems", "maxItems"), "elements")
        var problems = count.map { "\(path): \($0)" }
        guard let items = schema["items"] else { return problems }
        for (index, element) in elements.enumerated() where problems.count < mostProblems {
            problems += check(element, items, at: "\(path)[\(index)]")
        }
        return problems
    }

    private static func boundProblems(_ size: Double, _ schema: JSONValue, _ names: (String, String), _ unit: String)
        -> [String]
    {
        let text = { (bound: Double) in JSONValue.shortestText(bound) + (unit.isEmpty ? "" : " " + unit) }
        if let least = schema[names.0]?.double, size < least { return ["must be \(text(least)) or more"] }
        if let most = schema[names.1]?.double, size > most { return ["must be \(text(most)) or less"] }
        return []
    }

    private static func typeProblem(_ value: JSONValue, _ type: JSONValue?) -> String? {
        let types = (type?.array ?? type.map { [$0] } ?? []).compactMap(\.string)
        guard !types.isEmpty, !types.contains(where: { isOf($0, value) }) else { return nil }
        return "must be of type \(types.joined(separator: " or ")), not \(value.typeName)"
    }

    private static func isOf(_ type: String, _ value: JSONValue) -> Bool {
        type == "integer" ? value.integer != nil : value.typeName == type
    }

    /// 1 and 1.0 are the same number.
    private static func isSame(_ left: JSONValue, _ right: JSONValue) -> Bool {
        if let left = left.double, let right = right.double { return left == right }
        return left == right
    }
}
