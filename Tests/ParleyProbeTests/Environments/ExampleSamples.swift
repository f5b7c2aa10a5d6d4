// The samples of the example suites for agents, read as they are committed.

import Foundation
import ParleyModel
import Testing

@testable import ParleyProbe

enum ExampleSamples {
    /// An environment's samples.
    static func of(_ environment: String) throws -> [Sample] {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let suite = "examples/suites/agent-\(environment.replacing("_", with: "-")).jsonl"
        let file = tests.appendingPathComponent("../../../\(suite)").standardizedFileURL
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map { line in
            let row = try JSONValue(parsing: Array(line.utf8))
            let messages = try #require(row["input"]?.array).map { message in
                Message(
                    try #require(message["role"]?.string.flatMap(Role.init(rawValue:))),
                    try #require(message["content"]?.string)
                )
            }
            let id = try #require(row["id"]?.string)
            return Sample(id: id, input: messages, metadata: try #require(row["metadata"]?.object))
        }
    }

    static func named(_ id: String, of environment: String) throws -> Sample {
        try #require(try of(environment).first { $0.id == id })
    }
}
