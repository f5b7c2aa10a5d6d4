// Arguments of tools against their schemas: each keyword that is checked, with the path that the message must name.

import ParleyModel
import Testing

@Suite("Arguments of a tool") struct ArgumentCheckTests {
    static let schema: JSONValue = [
        "type": "object", "required": ["path", "mode"], "additionalProperties": false,
        "properties": [
            "path": ["type": "string", "minLength": 1, "maxLength": 5],
            "mode": ["enum": ["read", "write", 1]],
            "count": ["type": "integer", "minimum": 0, "maximum": 9],
            "ratio": ["type": ["number", "null"]],
            "files": [
                "type": "array", "minItems": 1, "maxItems": 2,
                "items": ["type": "object", "required": ["name"], "properties": ["name": ["type": "string"]]],
            ],
        ],
    ]

    @Test("that fit have no problem")
    func right() {
        let values: [JSONValue] = [
            ["path": "a", "mode": "read"],
            ["path": "äöü€\u{1F600}", "mode": 1.0, "count": 3.0, "ratio": nil],
            ["path": "a", "mode": "write", "ratio": 0.5, "files": [["name": "x", "more": true]]],
        ]
        for value in values { #expect(ArgumentCheck.problems(value, schema: Self.schema) == []) }
        #expect(ArgumentCheck.problems(["any": [1]], schema: ["type": "object"]) == [])
        #expect(ArgumentCheck.problems(3, schema: true) == [])
    }

    static let wrong: [(JSONValue, String)] = [
        (["mode": "read"], "$: 'path' is missing"),
        (["path": "", "mode": "read"], "$.path: must be 1 characters or more"),
        (["path": "abcdef", "mode": "read"], "$.path: must be 5 characters or less"),
        (["path": 7, "mode": "read"], "$.path: must be of type string, not number"),
        (["path": "a", "mode": "append"], "$.mode: must be one of \"read\", \"write\", 1"),
        (["path": "a", "mode": "read", "count": 1.5], "$.count: must be of type integer, not number"),
        (["path": "a", "mode": "read", "count": -1], "$.count: must be 0 or more"),
        (["path": "a", "mode": "read", "count": 10], "$.count: must be 9 or less"),
        (["path": "a", "mode": "read", "ratio": "x"], "$.ratio: must be of type number or null, not string"),
        (["path": "a", "mode": "read", "files": []], "$.files: must be 1 elements or more"),
        (
            ["path": "a", "mode": "read", "files": [["name": "x"], ["name": 2]]],
            "$.files[1].name: must be of type string"
        ),
        (["path": "a", "mode": "read", "files": [[:]]], "$.files[0]: 'name' is missing"),
        (["path": "a", "mode": "read", "pth": "b"], "$: 'pth' is unknown; there are 'count', 'files', 'mode'"),
        ([1, 2], "$: must be of type object, not array"),
    ]

    @Test("that do not fit are named by their path", arguments: wrong)
    func wrongOnes(_ value: JSONValue, _ message: String) {
        let problems = ArgumentCheck.problems(value, schema: Self.schema)
        #expect(problems.count == 1 && problems.first?.hasPrefix(message) == true, "\(problems)")
    }

    @Test("with very many mistakes are not answered with all of them")
    func bounded() {
        let many = JSONValue.array((0..<100_000).map { JSONValue.integer(Int64($0)) })
        let problems = ArgumentCheck.problems(many, schema: ["type": "array", "items": ["type": "string"]])
        #expect(problems.count == ArgumentCheck.mostProblems)
    }
}
