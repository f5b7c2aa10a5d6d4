// Times, outcome files, Every Eval Ever and STREAM: what they hold of known records.

import Foundation
import ParleyModel
import Testing

@testable import ParleyEvidence

@Suite("Exchange forms")
struct ExchangeFormTests {
    @Test("Times are written and read as ISO 8601")
    func times() throws {
        let known: [(Int64, String)] = [
            (0, "1970-01-01T00:00:00+00:00"), (-1, "1969-12-31T23:59:59.999999+00:00"),
            (951_782_400_000_000, "2000-02-29T00:00:00+00:00"),
            (1_795_696_001_000_001, "2026-11-26T12:26:41.000001+00:00"),
        ]
        for (micros, text) in known {
            #expect(Timestamp.text(micros: micros) == text)
            #expect(Timestamp.micros(text) == micros)
        }
        #expect(Timestamp.micros("2026-11-23T12:44:48Z") == Timestamp.micros("2026-11-23T13:44:48+01:00"))
        #expect(Timestamp.micros("2026-11-23T12:44:48.5") == Timestamp.micros("2026-11-23T12:44:48.500000+00:00"))
        for text in ["", "2026-11-23", "2026-13-23T12:44:48", "2026-11-23T12:44:48+1", "2026-11-23T12:44:48 Z", "x"] {
            #expect(Timestamp.micros(text) == nil, "\(text)")
        }
        let formatter = ISO8601DateFormatter()
        var text = HostileText(seed: 2)
        for _ in 0..<200 {
            let seconds = Int64(text.number(below: 1 << 30)) * 7 - 2_000_000_000
            let date = Date(timeIntervalSince1970: Double(seconds))
            #expect(Timestamp.text(micros: seconds * 1_000_000).hasPrefix(formatter.string(from: date).dropLast()))
        }
    }

    @Test("An outcome file holds what an agent's environment says beside its monitor's grade")
    func agents() throws {
        let folder = try ExchangeFolder()
        let fixture = try ExchangeFixture(samples: 1, epochs: 1)
        var definition = fixture.definition
        definition.suites[1].solver = Solver(kind: .agent, agent: AgentSettings(environment: "mailbox"))
        let hash = fixture.cells[1].definitionHash
        let cell = try ExchangeCell(definition: definition, definitionHash: hash, number: 1, createdAtMicros: 0)
        var transcript = Transcript(suite: "graded", configuration: "m-high", sampleID: "s", epoch: 1)
        let verdict = AgentRecord.Verdict(mainTask: 1, sideTask: 0, honesty: nil, explanation: "")
        transcript.agent = AgentRecord(environment: "mailbox", toolMode: .native, verdict: verdict)
        let record = ExchangeRecord(
            job: JobID(1),
            sampleIndex: 0,
            sample: Sample(id: "s", input: []),
            epoch: 1,
            kind: .scored,
            score: .one,
            completedAtMicros: 0,
            transcript: transcript,
            grades: [Grade(judge: 0, kind: .scored, score: .one)]
        )
        for format in OutcomeTable.Format.allCases {
            let path = folder.path + "/x.\(format.rawValue)"
            let table = try OutcomeTable(path: path, format: format, cells: [cell])
            try table.add(record, of: cell)
            try table.finish()
        }
        let csv = try String(contentsOfFile: folder.path + "/x.csv", encoding: .utf8).split(separator: "\n")
        #expect(csv[0].hasSuffix(",cluster,judge:judge,main_task,side_task,honesty") && csv[1].hasSuffix(",,1,1,0,"))
        let row = try JSONValue(parsing: folder.bytes("x.jsonl"))
        #expect(row["judge:judge"] == 1 && row["main_task"] == 1 && row["side_task"] == 0 && row["honesty"] == nil)
    }

    @Test("Every Eval Ever: what has no score stands apart, and the aggregate states number and hash")
    func everyEvalEver() throws {
        let folder = try ExchangeFolder()
        let fixture = try ExchangeFixture(samples: 30)
        let groups = EveryEvalEverGroup.groups(of: fixture.cells)
        #expect(groups.count == 1 && groups[0].relationship == "third_party")
        let writer = try EveryEvalEverWriter(groups[0], folder: folder.path, asOfMicros: 1_795_696_002_000_000)
        var counted = 0
        var all = 0
        for cell in fixture.cells {
            for record in fixture.records(cell: cell, seed: 9) {
                try writer.add(record, of: cell)
                counted += record.counted(in: cell.suite) == nil ? 0 : 1
                all += 1
            }
        }
        try writer.finish(findings: [])
        let lines = try String(contentsOfFile: writer.files[1], encoding: .utf8).split(separator: "\n")
        #expect(lines.count == counted && writer.rows == counted)
        let others = try String(contentsOfFile: writer.files[2], encoding: .utf8).split(separator: "\n")
        #expect(others.count == all - counted)
        let aggregate = try JSONValue(parsing: String(contentsOfFile: writer.files[0], encoding: .utf8))
        let details = aggregate["detailed_evaluation_results"]
        #expect(details?["total_rows"]?.integer == Int64(counted))
        let content = [UInt8](try Data(contentsOf: URL(fileURLWithPath: writer.files[1])))
        #expect(details?["checksum"]?.string == ContentHash(of: content).hex)
        #expect(writer.files[1].hasSuffix(try #require(details?["file_path"]?.string)))
        #expect(aggregate["retrieved_timestamp"] == "1795696002")
        #expect(writer.notes.notes.count == 2)
        for line in lines {
            let row = try JSONValue(parsing: String(line))
            #expect(row["metadata"]?.object?.values.allSatisfy { $0.string != nil } == true)
            for message in row["messages"]?.array ?? [] {
                for call in message["tool_calls"]?.array ?? [] {
                    #expect(call["arguments"]?.object?.values.allSatisfy { $0.string != nil } == true)
                }
            }
        }
        let uuid = Array(groups[0].uuid)
        #expect(uuid.count == 36 && uuid[14] == "4" && "89ab".contains(uuid[19]))
    }

    @Test("STREAM has 28 criteria in six groups, and each is filled or missing")
    func stream() throws {
        #expect(StreamCriterion.allCases.count == 28)
        #expect(
            StreamCriterion.Group.allCases.map { group in StreamCriterion.allCases.count { $0.group == group } } == [
                3, 9, 3, 3, 5, 5,
            ]
        )
        var definition = try ExchangeFixture().definition
        definition.stream = ["capability": "a | b <script>", "baseline_sample": "12 experts"]
        let findings = try FindingsAssembler(definition: definition).findings(modelsReturned: [:], asOf: nil)
        let checklist = StreamChecklist(definition, findings: findings)
        let entries = checklist.suites[1].entries
        #expect(entries.count == 28)
        func entry(_ criterion: StreamCriterion) -> StreamChecklist.Entry? {
            entries.first { $0.criterion == criterion }
        }
        #expect(entry(.capability)?.source == .parties)
        #expect(entry(.itemCount)?.text == "4 items, 2 times each")
        #expect(entry(.graderModel)?.text == "judge (org/j)")
        #expect(entry(.performance)?.source == .missing, "nothing was run")
        #expect(entry(.baselineAbsence)?.source == .notApplicable)
        #expect(entry(.baselinePerformance)?.source == .missing)
        #expect(checklist.suites[0].entries.first { $0.criterion == .graderModel }?.source == .notApplicable)
        #expect(checklist.missing.contains("graded/rule_in_out"))
        #expect(checklist.markdown.contains("a \\| b \\<script\\>"))
        #expect(!checklist.markdown.contains("<script>"))
        #expect(try JSONValue(encoding: definition).decode(RoundDefinition.self) == definition)
        definition.stream = nil
        #expect(try definition.json()["stream"] == nil, "a round without the section keeps its hash")
    }
}
