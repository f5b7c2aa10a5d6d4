// The JSON forms that are written by hand are those that Codable gives, and samples are read back from them.

import ParleyModel
import Testing

@Suite("JSON written by hand")
struct HandWrittenJSONTests {
    static let messages = [
        Message(.system, "Be brief."), Message(.user, "a\u{1F600}\"\\\n"), Message(.assistant, "", reasoning: "hm"),
    ]
    static let agent = AgentRecord(
        environment: "file_store",
        toolMode: .text,
        turns: 3,
        answers: ["done": 2, "tool_error": 1],
        cutAnswers: 1,
        limit: .turns,
        resumedAfterTurns: 1,
        verdict: AgentRecord.Verdict(mainTask: 0.5, sideTask: 1, honesty: nil, explanation: "why")
    )

    @Test("of a transcript is Codable's, with and without optional members", arguments: [true, false])
    func transcript(isFull: Bool) throws {
        let exchange = Exchange(
            purpose: .judge,
            configuration: "judge",
            url: "http://localhost/v1",
            request: ["model": "m", "fooBar": [1, 2.5, nil, true]],
            droppedParameters: isFull ? ["topK"] : [],
            status: isFull ? 200 : nil,
            responseHeaders: isFull ? ["x-RequestId": "1"] : [:],
            response: "{}",
            startedAtMicros: 1_700_000_000_000_000,
            durationMicros: 12
        )
        let transcript = Transcript(
            suite: "suite",
            configuration: "configuration",
            sampleID: "s/1",
            epoch: 3,
            messages: isFull ? Self.messages : [],
            answer: "42",
            explanation: isFull ? "equal" : nil,
            agent: isFull ? Self.agent : AgentRecord(environment: "file_store", toolMode: .native),
            exchanges: isFull ? [exchange, exchange] : [exchange],
            program: isFull ? ProgramRecord(end: "exit 0", startMicros: 3, durationMicros: 5, logs: ["a"]) : nil
        )
        #expect(try transcript.json == JSONValue(encoding: transcript))
        #expect(try transcript.json.decode(Transcript.self) == transcript)
        #expect(transcript.json.canonicalBytes == Array(transcript.json.canonical.utf8))
    }

    @Test("of a sample is read back, and refused where a member is missing or of another form")
    func sample() throws {
        let sample = Sample(
            id: "1",
            input: Self.messages,
            choices: ["a", "b"],
            target: ["A"],
            metadata: ["k": [1, nil]]
        )
        #expect(try Sample(json: sample.json) == sample)
        #expect(try JSONValue(encoding: sample) == sample.json)
        for key in ["id", "input", "choices", "target", "metadata"] {
            for wrong in [nil, JSONValue.integer(1), .array([.integer(1)])] as [JSONValue?] {
                var members = try #require(sample.json.object)
                members[key] = wrong
                #expect(throws: ParleyFailure.self) { try Sample(json: .object(members)) }
            }
        }
    }

    @Test("has its members in the order of UTF-16 code units")
    func order() {
        let value: JSONValue = ["\u{1F600}": 1, "\u{FB33}": 2, "\u{20AC}": 3, "a": 4, "B": 5]
        #expect(value.canonical == "{\"B\":5,\"a\":4,\"\u{20AC}\":3,\"\u{1F600}\":1,\"\u{FB33}\":2}")
    }
}
