// The program's side of the protocol, byte by byte, without a process.

import ParleyModel
import Testing

@testable import ParleyProbe

@Suite("What a program says") struct DialogueTests {
    @Test("does not depend on how its bytes come in pieces")
    func pieces() {
        let text = """
            {"type":"log","text":"é"}

            {"type":"message","role":"assistant","content":"hm","tool_calls":[{"id":"1","name":"look","arguments":{"a":1}}]}
            {"type":"answer","answer":"4","stop":"max_tokens"}
            {"type":"answer","answer":"5"}
            """
        let call = ToolCall(id: "1", name: "look", arguments: ["a": 1])
        for size in 1...text.utf8.count {
            var dialogue = ProgramDialogue(outputLimit: 1000)
            let bytes = Array(text.utf8)
            for start in stride(from: 0, to: bytes.count, by: size) {
                dialogue.feed(bytes[start..<min(start + size, bytes.count)])
            }
            dialogue.finish()
            #expect(dialogue.state == .ended(.answer(text: "4", stop: .maxTokens, explanation: nil)))
            #expect(dialogue.logs == ["é"])
            #expect(dialogue.messages == [Message(.assistant, "hm", toolCalls: [call])])
        }
    }

    @Test("is bounded")
    func bounded() {
        var dialogue = ProgramDialogue(outputLimit: 100)
        dialogue.feed([UInt8](repeating: 0x20, count: 101))
        guard case .broken(let violation) = dialogue.state else { return #expect(Bool(false)) }
        #expect(violation.code == .outputLimit)
        var logs = ProgramDialogue(outputLimit: 1 << 20)
        for number in 0..<500 { logs.feed(Array("{\"type\":\"log\",\"text\":\"\(number)\"}\n".utf8)) }
        #expect(logs.logs.count == ProgramDialogue.logLimit && logs.logs.last == "499")
    }
}
