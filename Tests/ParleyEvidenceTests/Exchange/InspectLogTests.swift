// Inspect logs: what was written comes back equal, real logs of inspect_ai are read, and their metrics follow.

import Foundation
import ParleyModel
import Testing

@testable import ParleyEvidence

@Suite("Inspect logs")
struct InspectLogTests {
    /// Logs that inspect_ai 0.3.285 wrote; `Tests/exchange_check.py --fixtures` makes them.
    private static func fixture(_ name: String) -> String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Fixtures/\(name).eval").path
    }

    @Test("Records come back equal from our own logs, whatever their text", arguments: 1...12 as ClosedRange<UInt64>)
    func roundTrip(seed: UInt64) throws {
        let folder = try ExchangeFolder()
        let fixture = try ExchangeFixture()
        var paths: [String] = []
        var written: [[ExchangeRecord]] = []
        for cell in fixture.cells {
            let records = fixture.records(cell: cell, seed: seed &* 31 &+ UInt64(cell.number))
            let log = try InspectLogWriter(cell, folder: folder.path)
            for record in records { try log.add(record) }
            try log.finish()
            paths.append(log.path)
            written.append(records)
        }
        #expect(folder.files.count == 2, "no temporary file is left: \(folder.files)")
        let logs = try InspectImport(paths: paths, name: "back")
        #expect(logs.checks.count == 6)
        for check in logs.checks { #expect(check.agrees == true, "seed \(seed): \(check)") }
        for (cell, records) in written.enumerated() {
            let own = fixture.cells[cell]
            #expect(logs.definition.cells[cell] == fixture.definition.cells[cell])
            var suite = own.suite
            suite.scorer.grader = nil
            suite.dataset = logs.definition.suites[cell].dataset
            #expect(logs.definition.suites[cell] == suite)
            #expect(logs.definition.configuration("m-high") == own.configuration)
            for record in records {
                let read = try logs.record(cell: cell, sample: record.sampleIndex, epoch: record.epoch)
                #expect(read == record, "seed \(seed), job \(record.job)")
                // Equal strings may differ in their bytes to everybody but Swift.
                let form = InspectSampleForm(own)
                #expect(try form.sample(#require(read)).pythonBytes == form.sample(record).pythonBytes)
            }
        }
    }

    @Test("A log holds no address, account or place of a key, and the same round gives the same bytes")
    func secrets() throws {
        let folder = try ExchangeFolder()
        let cell = try ExchangeFixture().cells[0]
        func write() throws -> String {
            let log = try InspectLogWriter(cell, folder: folder.path)
            for record in try ExchangeFixture().records(cell: cell, seed: 5) { try log.add(record) }
            try log.finish()
            return log.path
        }
        let path = try write()
        let header = try InspectLogReader(path: path).header.canonical
        for word in ["secret-host", "SECRET_KEY_NAME", "\"account\""] { #expect(!header.contains(word)) }
        let first = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(try write() == path)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == first)
    }

    @Test("What does not count is NaN, and a refusal is marked as one")
    func vocabulary() throws {
        let fixture = try ExchangeFixture()
        let cell = fixture.cells[1]
        var record = try #require(fixture.records(cell: cell, seed: 3).first { $0.kind == .scored })
        record.kind = .refused
        record.score = nil
        let json = InspectSampleForm(cell).sample(record)
        let text = String(decoding: json.pythonBytes, as: UTF8.self)
        #expect(text.contains("\"value\":NaN"))
        let choice = json["output"]?["choices"]?[0]
        #expect(choice?["stop_reason"] == "content_filter")
        #expect(choice?["stop_details"]?["type"] == "refusal")
        record.kind = .limited
        #expect(InspectSampleForm(cell).sample(record)["limit"]?["type"] == "custom")
    }

    @Test(
        "Every metric that inspect_ai printed is computed again",
        arguments: ["plain", "clustered", "epochs", "tools"]
    )
    func metrics(name: String) throws {
        let logs = try InspectImport(paths: [Self.fixture(name)], name: "theirs")
        #expect(!logs.checks.isEmpty)
        for check in logs.checks { #expect(check.agrees == true, "\(check)") }
        if name == "clustered" {
            #expect(logs.checks.contains { $0.cluster == "group" && $0.metric.contains("stderr") })
        }
        if name == "epochs" { #expect(Set(logs.checks.map(\.reducer)).count == 6) }
    }

    @Test("Real logs become suites, cells and observations")
    func reality() throws {
        let names = ["plain", "clustered", "epochs", "tools"]
        let logs = try InspectImport(paths: names.map(Self.fixture), name: "theirs")
        let suites = logs.definition.suites.map(\.name.text)
        #expect(suites == ["plain", "clustered", "epochs-graded", "epochs-includes", "tools"])
        #expect(logs.definition.isSimulated, "mockllm is no real model")
        #expect(logs.definition.configurations.map(\.name.text) == ["mockllm-model"])
        var kinds: [[OutcomeKind: Int]] = []
        for cell in logs.definition.cells.indices {
            var counts: [OutcomeKind: Int] = [:]
            try logs.records(cell: cell) { record in
                counts[record.kind, default: 0] += 1
                #expect(record.usage == Usage(input: 11, output: 5, cacheRead: 2) || cell == 4)
            }
            kinds.append(counts)
        }
        #expect(kinds[0] == [.scored: 12])
        #expect(kinds[1] == [.scored: 11, .unscorable: 1], "an unscored sample is not wrong")
        #expect(kinds[2] == [.scored: 36] && kinds[3] == [.scored: 36])
        let partial = try #require(try logs.record(cell: 2, sample: 0, epoch: 1))
        #expect(partial.sample.id == "group/0" && partial.score == Score(billionths: 500_000_000), "P is a half")
        let tools = try #require(try logs.record(cell: 4, sample: 0, epoch: 1)?.transcript)
        #expect(tools.messages.map(\.role) == [.user, .assistant, .tool, .assistant])
        #expect(tools.messages[1].toolCalls.first?.name == "add")
        #expect(tools.messages[1].toolCalls.first?.arguments == ["left": 1, "right": 2])
        #expect(tools.messages[2].toolAnswer?.status == .done && tools.messages[2].content == "3")
        #expect(tools.answer == "it is 3")
        #expect(try logs.sample(suite: 0, number: 11) != nil)
        #expect(try logs.sample(suite: 0, number: 12) == nil)
    }

    @Test("What is no log says so, and a log that was never finished is read from its journal")
    func odd() throws {
        let folder = try ExchangeFolder()
        let path = folder.path + "/x.eval"
        func write(_ members: [(String, String)]) throws {
            let writer = try ZipWriter(path: path)
            for (name, text) in members { try writer.add(name, Array(text.utf8)) }
            try writer.finish()
        }
        try write([("readme", "x")])
        #expect(throws: ParleyFailure.self) { try InspectLogReader(path: path) }
        try write([("header.json", "{")])
        #expect(throws: ParleyFailure.self) { try InspectLogReader(path: path) }
        let start = #"{"version":2,"eval":{"task":"t","model":"p/m","dataset":{},"config":{}},"plan":{}}"#
        let sample =
            #"{"id":5,"epoch":1,"input":"q","target":"a","messages":[{"role":"user","content":"attachment://ab"}],"#
            + #""attachments":{"ab":"long"},"scores":{"s":{"value":NaN},"t":{"value":{"x":"C","y":0.25}}}}"#
        try write([("_journal/start.json", start), ("samples/5_epoch_1.json", sample), ("samples/5_epoch_x.json", "")])
        let logs = try InspectImport(paths: [path], name: "n")
        #expect(logs.definition.suites.map(\.name.text) == ["t-s", "t-t.x", "t-t.y"])
        let first = try #require(try logs.record(cell: 0, sample: 0, epoch: 1))
        #expect(first.kind == .unscorable && first.sample.id == "5")
        #expect(first.transcript?.messages.first?.content == "long")
        #expect(try logs.record(cell: 1, sample: 0, epoch: 1)?.score == .one)
        #expect(try logs.record(cell: 2, sample: 0, epoch: 1)?.score == Score(billionths: 250_000_000))
        #expect(try logs.record(cell: 2, sample: 0, epoch: 2) == nil)
        #expect(logs.notes.notes.count == 1, "the member in an unknown form is noted")
    }

    private static let start = #"{"version":2,"eval":{"task":"t","model":"p/m","dataset":{},"config":{}},"plan":{}}"#

    /// A log of one sample that is read whole, with some members of its own.
    private static func read(_ members: String, header: String = start, epoch: String = "1") throws {
        let folder = try ExchangeFolder()
        let path = folder.path + "/x.eval"
        let writer = try ZipWriter(path: path)
        try writer.add("header.json", Array(header.utf8))
        let sample =
            #"{"id":"a","epoch":1,"input":"q","target":"a","messages":[],"scores":{"s":{"value":1}}"# + members + "}"
        try writer.add("samples/a_epoch_\(epoch).json", Array(sample.utf8))
        try writer.finish()
        let logs = try InspectImport(paths: [path], name: "n")
        for cell in logs.definition.cells.indices { try logs.records(cell: cell) { _ in } }
    }

    private static func facts(_ name: String, _ value: String) -> String {
        var members = [
            "format": "\"parley.record/1\"", "job": "1", "sample_index": "0", "kind": "\"scored\"",
            "usage": "[1,1,0,0,0]", "cost_billionths": "1", "latency_micros": "1", "attempts": "1",
            "completed_at_micros": "1", "answer": "\"x\"",
        ]
        members[name] = value
        let data = members.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",")
        return #","events":[{"event":"info","source":"parley","data":{"# + data + "}}]"
    }

    @Test("Numbers that no sample can have are refused, and do not trap")
    func absurdNumbers() throws {
        try Self.read("")
        try Self.read(#","working_time":NaN,"total_time":Infinity"#)
        try Self.read(Self.facts("attempts", "2"))
        let most = "9223372036854775807", least = "-9223372036854775808"
        for name in ["sample_index", "cost_billionths", "latency_micros", "attempts", "completed_at_micros"] {
            for value in [most, least] {
                #expect(throws: ParleyFailure.self, "\(name)") { try Self.read(Self.facts(name, value)) }
            }
        }
        #expect(throws: ParleyFailure.self) { try Self.read(Self.facts("usage", "[\(most),\(most),0,0,0]")) }
        let used = #","model_usage":{"a":{"input_tokens":\#(most)},"b":{"input_tokens":\#(most)}}"#
        #expect(throws: ParleyFailure.self) { try Self.read(used) }
        let cost = #","model_usage":{"a":{"total_cost":8e9},"b":{"total_cost":8e9}}"#
        #expect(throws: ParleyFailure.self) { try Self.read(cost) }
        for epochs in [most, "0", "-1"] {
            let header = Self.start.replacing(#""config":{}"#, with: #""config":{"epochs":\#(epochs)}"#)
            #expect(throws: ParleyFailure.self) { try Self.read("", header: header) }
        }
        // A member of such a name is no sample.
        try Self.read("", epoch: most)
        for micros in [Int64.min, .max] { #expect(Timestamp.text(micros: micros).hasSuffix("+00:00")) }
    }

    @Test("One attachment that is referred to many times does not fill the memory")
    func manyReferences() throws {
        let text = String(repeating: "x", count: 1 << 20)
        let message = #"{"role":"user","content":"attachment://a"}"#
        let messages = [String](repeating: message, count: 600).joined(separator: ",")
        #expect(throws: ParleyFailure.self) {
            try Self.read(#","attachments":{"a":"\#(text)"},"store":{"m":[\#(messages)]}"#)
        }
    }
}
