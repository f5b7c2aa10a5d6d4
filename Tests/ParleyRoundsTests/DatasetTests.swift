// JSONL datasets: Inspect's fields, mapping, filters, bad rows, duplicates, digests.

import Foundation
import ParleyModel
import Testing

@testable import ParleyRounds

@Suite("A JSONL dataset")
struct DatasetTests {
    @Test("takes Inspect's fields in all their forms")
    func inspectFields() throws {
        let folder = try Folder([
            "data.jsonl": """
            {"input": "plain", "target": "x", "id": "a", "metadata": {"k": [1, {"n": null}]}}
            {"input": [{"role": "system", "content": "s"}, {"role": "user", "content": [{"type": "text", "text": "u"}]}], "target": ["x", 2], "id": 7}

            {"input": "choice", "choices": ["one", "two"], "target": "B"}
            """
        ])
        let samples = try folder.samples("data.jsonl", .jsonl)
        #expect(
            samples == [
                Sample(id: "a", input: [Message(.user, "plain")], target: ["x"], metadata: ["k": [1, ["n": nil]]]),
                Sample(id: "7", input: [Message(.system, "s"), Message(.user, "u")], target: ["x", "2"]),
                Sample(id: "3", input: [Message(.user, "choice")], choices: ["one", "two"], target: ["B"]),
            ]
        )
    }

    @Test(
        "reports bad rows by line",
        arguments: [
            (#"{"input": NaN}"#, "NaN"), (#"{"input": "a", "metadata": {"score": NaN}}"#, "NaN"),
            (#"{"input": "a""#, "no valid JSON"), (#"["a"]"#, "an object is wanted"),
            (#"{"question": "a"}"#, "no field 'input'"),
            (#"{"input": ""}"#, "input is empty"), (#"{"input": 5}"#, "input is a number"),
            (#"{"input": []}"#, "no messages"),
            (#"{"input": [{"role": "robot", "content": "x"}]}"#, "known role"),
            (#"{"input": [{"role": "user", "content": [{"type": "image"}]}]}"#, "other than text"),
            (#"{"input": "a", "target": {"x": 1}}"#, "the target is a JSON object"),
            (#"{"input": "a", "id": 1.5}"#, "the id"),
            (#"{"input": "a", "choices": ["x"], "target": "C"}"#, "none of the choices"),
            (#"{"input": "a", "metadata": 3}"#, "not an object"), (#"{"input": "a", "input": "b"}"#, "stands twice"),
        ]
    )
    func badRows(_ row: String, _ message: String) throws {
        let folder = try Folder(["data.jsonl": "{\"input\": \"fine\"}\n\n\(row)\n"])
        let found = try #require(errors { try folder.samples("data.jsonl", .jsonl) })
        #expect(found.count == 1 && found.first?.line == 3)
        #expect(found.first?.message.contains(message) == true, "\(found)")
    }

    @Test("stops after 20 bad rows")
    func manyBadRows() throws {
        let folder = try Folder(["data.jsonl": String(repeating: "{}\n", count: 100)])
        let found = try #require(errors { try folder.samples("data.jsonl", .jsonl) })
        #expect(found.count == 21 && found.last?.message.contains("20 bad rows") == true)
    }

    @Test("with an id twice names both lines")
    func duplicates() throws {
        let rows = ["a", "b", "c", "b", "d", "a"].map { "{\"id\": \"\($0)\", \"input\": \"x\"}\n" }.joined()
        let folder = try Folder(["data.jsonl": rows])
        let found = try #require(errors { try folder.samples("data.jsonl", .jsonl) })
        #expect(
            found.map(\.message) == [
                "the id 'b' stands on line 2 and on line 4", "the id 'a' stands on line 1 and on line 6",
            ]
        )
        #expect(found.map(\.line) == [4, 6])
    }

    @Test("keeps the rows that meet every condition")
    func filters() throws {
        let rows = (1...12).map {
            "{\"input\": \"q\($0)\", \"n\": \($0), \"metadata\": {\"parity\": \"\($0 % 2 == 0 ? "even" : "odd")\"}}\n"
        }.joined()
        let folder = try Folder(["data.jsonl": rows])
        func ids(_ conditions: [RowCondition], limit: Int? = nil) throws -> [String] {
            try folder.samples("data.jsonl", .jsonl) {
                $0.filter = conditions
                $0.limit = limit
            }.map(\.id)
        }
        let even = RowCondition(path: "metadata.parity", values: ["even"])
        #expect(try ids([even]) == ["2", "4", "6", "8", "10", "12"])
        #expect(try ids([even], limit: 2) == ["2", "4"])
        #expect(try ids([even, RowCondition(path: "n", values: ["4.0", "5", "12"])]) == ["4", "12"])
        let none = errors { try ids([RowCondition(path: "n", values: ["99"])]) }
        #expect(none?.first?.message == "the filter takes none of the 12 rows")
        let unknown = errors { try ids([RowCondition(path: "metadata.pairity", values: ["even"])]) }
        #expect(unknown?.first?.message == "the filter names 'metadata.pairity', which no row has")
    }

    @Test("has the digest of its samples' ids and hashes, in order")
    func digest() throws {
        let folder = try Folder(["data.jsonl": SmallRound.items])
        let source = try DatasetSource.open(folder.specification("data.jsonl", .jsonl))
        let samples = try Folder.samples(of: source)
        let lines = samples.map { "\($0.id) \($0.contentHash)\n" }.joined()
        #expect(source.digest == ContentHash(of: lines.utf8))
        try folder.write("spaced.jsonl", SmallRound.items.replacing(": ", with: " :  "))
        #expect(try DatasetSource.open(folder.specification("spaced.jsonl", .jsonl)).digest == source.digest)
        let reversed = SmallRound.items.split(separator: "\n").reversed().joined(separator: "\n")
        try folder.write("reversed.jsonl", reversed)
        #expect(try DatasetSource.open(folder.specification("reversed.jsonl", .jsonl)).digest != source.digest)
    }

    @Test("that changed since it was planned is refused", arguments: [nil, 5] as [UInt64?])
    func changed(_ seed: UInt64?) throws {
        for change in ["\"4\"}\n", "\"5\"}\n", "bad\n", ""] {
            let folder = try Folder(["data.jsonl": SmallRound.items])
            let source = try DatasetSource.open(folder.specification("data.jsonl", .jsonl) { $0.shuffleSeed = seed })
            try folder.write("data.jsonl", SmallRound.items.replacing("\"4\"}\n", with: change))
            let found = errors { try Folder.samples(of: source) }
            #expect(
                change == "\"4\"}\n" ? found == nil : found?.first?.message.contains("changed") == true,
                "\(change)"
            )
        }
    }

    @Test("in UTF-16, or with a row beyond the limit, says so")
    func unreadable() throws {
        let folder = try Folder(["long.jsonl": "{\"input\": \"" + String(repeating: "x", count: 500) + "\"}\n"])
        try folder.write("wide.jsonl", Data([0xFF, 0xFE, 0x7B, 0x00]))
        #expect(errors { try folder.samples("wide.jsonl", .jsonl) }?.first?.message == "the file is UTF-16")
        let long = folder.specification("long.jsonl", .jsonl)
        var scanner = try RowScanner(long, chunkSize: 64, rowLimit: 200)
        #expect { try scanner.next() } throws: { ($0 as? Diagnostic)?.message == "a row longer than 200 bytes" }
    }
}
