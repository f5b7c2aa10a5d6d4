// Random calls, sensible and hostile, thousands of them: nothing traps, sizes hold, and at every step the state goes
// through JSON and comes back as an environment that says the same.

import ParleyModel
import ParleyTestSupport
import Testing

@testable import ParleyProbe

@Suite("Random calls of the scripted environments")
struct RandomCallTests {
    private static let texts = [
        "", " ", ".", "..", "/", "//", "a/../b", "../../etc/passwd", "/etc/passwd", "a//b", "a/./b", "notes", "notes/",
        "/notes/monday.txt", "notes/monday.txt", "notes/monday.txt/x", "todo.txt", "config", "archive/new", "m1", "m3",
        "sent-1", "sent-2", "inbox", "deleted", "sent", "archive", "T-1", "T-4", "T-9", "ana", "ben", "nobody", "open",
        "closed", "ana@north.example", "@", "a@b@c", "a b@c.example", "total.txt", "tests/total.txt", "not available",
        "1,204", "expect total.txt = 41", "expect a", "a\u{0}b", "a\u{1B}[2Jb", "a\nb", "a\r\nb", "e\u{301}/x",
        "\u{e9}/x",
        "/\u{308}x", "a/\u{308}x", "漢字", "👩‍👩‍👧", "a\\b", "\u{202E}gnp", String(repeating: "a/", count: 20),
        String(repeating: "x", count: 300), String(repeating: "é", count: 101),
    ]
    private static let names = [
        "query", "folder", "id", "to", "subject", "body", "path", "text", "from", "status", "assignee", "person",
        "name",
        "figure", "note", "command",
    ]

    /// What makes sense for an argument of this name, so that some calls do something.
    private static let sensible = [
        "id": ["m1", "m3", "m6", "sent-1", "T-1", "T-2", "T-4", "T-5"],
        "folder": ["inbox", "archive", "sent", "notes"],
        "to": ["ben@north.example", "archive/new", "b.txt"], "from": ["todo.txt", "notes", "archive/new", "config"],
        "path": ["todo.txt", "notes/monday.txt", "new/file.txt", "total.txt", "tests/total.txt"],
        "person": ["ben", "cora"],
        "name": ["april.txt", "map.txt"], "status": ["open"], "assignee": ["ben"],
    ]

    private static func value(_ name: String, _ random: inout SeededGenerator) -> JSONValue {
        if Bool.random(using: &random), let text = sensible[name]?.randomElement(using: &random) {
            return .string(text)
        }
        return value(&random)
    }

    private static func value(_ random: inout SeededGenerator) -> JSONValue {
        switch Int.random(in: 0..<60, using: &random) {
        case 0: return .null
        case 1: return .integer(.random(in: .min ... .max, using: &random))
        case 2: return .number(1e300)
        case 3: return .array([.string("a")])
        case 4: return (0..<2_000).reduce(JSONValue.null) { inner, _ in .array([inner]) }
        case 5:
            return .string(String(repeating: "long ", count: Int.random(in: 0..<8, using: &random) == 0 ? 6_000 : 60))
        case 6: return .bool(true)
        default: return .string(texts.randomElement(using: &random) ?? "")
        }
    }

    @Test(
        "nothing traps, the state round-trips at each step, sizes hold",
        arguments: ["mailbox", "file_store", "tickets", "impossible"],
        [1, 2, 3] as [UInt64]
    )
    func calls(_ name: String, seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let samples = try ExampleSamples.of(name)
        let sample = try #require(samples.randomElement(using: &random))
        var environment = try Environments.make(name, sample: sample, state: nil)
        var done = 0
        for step in 0..<700 {
            let tools = environment.tools.map(\.name)
            let tool =
                Int.random(in: 0..<30, using: &random) == 0 ? "no_such_tool" : tools.randomElement(using: &random) ?? ""
            var arguments: [String: JSONValue] = [:]
            for name in Self.names where Int.random(in: 0..<8, using: &random) > 0 {
                arguments[name] = Self.value(name, &random)
            }
            let said = await environment.call(tool, .object(arguments))
            if !said.isError { done += 1 }
            #expect(said.text.utf8.count <= EnvironmentLimits.output + 100, "seed \(seed), step \(step)")

            let text = environment.state.canonicalBytes
            #expect(text.count <= 2 * EnvironmentLimits.state + (256 << 10), "seed \(seed), step \(step)")
            let restored = try Environments.make(name, sample: sample, state: JSONValue(parsing: text))
            #expect(restored.state == environment.state, "seed \(seed), step \(step), \(tool)")
            let message = Self.texts.randomElement(using: &random) ?? ""
            #expect(restored.verdict(lastMessage: message) == environment.verdict(lastMessage: message))
            if step % 3 == 0 { environment = restored }
        }
        // Some calls must have done something, or this shows nothing.
        #expect(done > 40, "seed \(seed)")
    }

    @Test(
        "arguments that are no object are answered, not trapped on",
        arguments: Environments.names.filter { $0 != "shell" }
    )
    func noObject(_ name: String) async throws {
        var environment = try Environments.make(name, sample: try #require(ExampleSamples.of(name).first), state: nil)
        let state = environment.state
        let tools = environment.tools.filter { $0.parameters["required"]?.array?.isEmpty == false }.map(\.name)
        for tool in tools {
            for arguments in [JSONValue.null, 1, "text", [[]], .object([:])] as [JSONValue] {
                let said = await environment.call(tool, arguments)
                #expect(said.isError, "\(tool) \(arguments)")
            }
        }
        #expect(environment.state == state && !tools.isEmpty)
    }

    @Test("a store that is full says so and keeps what it has")
    func full() async throws {
        let sample = try ExampleSamples.named("set-port", of: "file_store")
        var store = try Environments.make("file_store", sample: sample, state: nil)
        let text = JSONValue.string(String(repeating: "x", count: EnvironmentLimits.text))
        var refused = 0
        for index in 0..<60 {
            let said = await store.call("write_file", ["path": .string("f\(index)"), "text": text])
            if said.isError { refused += 1 }
        }
        #expect(refused > 20 && refused < 40)
        let tooLong = await store.call(
            "write_file",
            ["path": "big", "text": .string(String(repeating: "x", count: 2 << 20))]
        )
        #expect(tooLong.isError && tooLong.text.contains("too long"))
        let kept = await store.call("read_file", ["path": "todo.txt"])
        #expect(!kept.isError)
    }

    @Test(
        "every tool's schema is an object whose required members are among its properties",
        arguments: Environments.names
    )
    func schemas(_ name: String) throws {
        let sample = try #require(ExampleSamples.of(name).first)
        let environment: any ParleyProbe.Environment =
            name == "shell"
            ? try Shell(sample: sample, sandbox: nil) : try Environments.make(name, sample: sample, state: nil)
        for tool in environment.tools {
            #expect(tool.name.utf8.count <= 64 && tool.name.allSatisfy { $0.isLetter || $0 == "_" })
            let properties = try #require(tool.parameters["properties"]?.object)
            let required = try #require(tool.parameters["required"]?.array).compactMap(\.string)
            #expect(tool.parameters["type"] == "object" && required.allSatisfy { properties[$0] != nil })
            #expect(tool.parameters["additionalProperties"] == false)
        }
    }
}
