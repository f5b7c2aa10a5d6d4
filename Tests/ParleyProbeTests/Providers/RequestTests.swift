// What requests look like on the wire: roles, limits, reasoning, and what is left out.

import ParleyModel
import Testing

@testable import ParleyProbe

@Suite("Request bodies")
struct RequestTests {
    @Test(
        "An OpenAI request holds the conversation and every sampling parameter it knows; top_k is recorded as dropped"
    )
    func openAI() {
        let request = Wire.request([
            Message(.system, "Be brief."), Message(.user, "Hi"), Message(.assistant, "Yes?", reasoning: "hm"),
        ]) {
            $0.sampling = Sampling(temperature: 0.5, topP: 0.9, topK: 40, seed: 7, stop: ["END"])
        }
        let built = OpenAIRequest.build(request, model: Wire.model())
        let expected: JSONValue = [
            "model": "m-1", "max_tokens": 100, "temperature": 0.5, "top_p": 0.9, "seed": 7, "stop": ["END"],
            "messages": [
                ["role": "system", "content": "Be brief."], ["role": "user", "content": "Hi"],
                ["role": "assistant", "content": "Yes?"],
            ],
        ]
        #expect(built.body == expected)
        #expect(built.dropped == ["top_k"])
    }

    @Test("The system prompt is sent in the role that the configuration asks for")
    func systemRoles() {
        func roles(_ role: Configuration.SystemRole) -> JSONValue? {
            let request = Wire.request([Message(.assistant, "Hello"), Message(.user, "Hi")]) {
                $0.systemPrompt = "Be brief."
                $0.systemRole = role
            }
            return OpenAIRequest.build(request, model: Wire.model()).body["messages"]
        }
        let rest: [JSONValue] = [["role": "assistant", "content": "Hello"], ["role": "user", "content": "Hi"]]
        #expect(roles(.system) == .array([["role": "system", "content": "Be brief."]] + rest))
        #expect(roles(.developer) == .array([["role": "developer", "content": "Be brief."]] + rest))
        #expect(roles(.user) == .array([rest[0], ["role": "user", "content": "Be brief.\n\nHi"]]))
    }

    @Test("A system message that the solver wrote stands in place of the configuration's")
    func systemPromptOnce() {
        let request = Wire.request([Message(.system, "One"), Message(.user, "Hi")]) { $0.systemPrompt = "One" }
        #expect(AnthropicRequest.build(request, model: Wire.model(.anthropic)).body["system"] == "One")
    }

    @Test(
        "The token limit has the name that the server knows",
        arguments: [
            ("https://api.openai.com/v1", nil, [], "max_completion_tokens"),
            ("https://vllm.example.com/v1", nil, [], "max_tokens"),
            ("https://vllm.example.com/v1", "low", [], "max_completion_tokens"),
            ("https://api.openai.com/v1", nil, ["max_completion_tokens"], "max_tokens"),
            ("https://vllm.example.com/v1", nil, ["max_tokens"], "max_completion_tokens"),
        ] as [(String, String?, [String], String)]
    )
    func tokenLimit(url: String, effort: String?, unsupported: [String], name: String) {
        var model = Wire.model(unsupported: unsupported)
        model.baseURL = url
        let request = Wire.request { $0.reasoning = effort.map { Reasoning(effort: $0) } }
        let body = OpenAIRequest.build(request, model: model).body
        #expect(["max_tokens", "max_completion_tokens"].filter { body[$0] != nil } == [name])
    }

    @Test("What the model rejects is left out and recorded")
    func unsupported() {
        let change = { (configuration: inout Configuration) in
            configuration.sampling = Sampling(temperature: 0, seed: 1, stop: ["x"])
            configuration.reasoning = Reasoning(effort: "high", budgetTokens: 2000)
        }
        let names = ["temperature", "stop", "reasoning_effort", "thinking"]
        let openAI = OpenAIRequest.build(Wire.request(change: change), model: Wire.model(unsupported: names))
        #expect(openAI.dropped == ["budget_tokens", "reasoning_effort", "stop", "temperature"])
        let anthropic = AnthropicRequest.build(
            Wire.request(change: change),
            model: Wire.model(.anthropic, unsupported: names)
        )
        #expect(anthropic.dropped == ["budget_tokens", "reasoning_effort", "seed", "stop_sequences", "temperature"])
        #expect(anthropic.body.object?.keys.sorted() == ["max_tokens", "messages", "model"])
    }

    @Test("Anthropic gets the system text apart, merged roles, no empty content, and no trailing space at the end")
    func anthropicMessages() {
        let request = Wire.request([
            Message(.system, "A"), Message(.user, "one"), Message(.assistant, " \n"), Message(.user, "two"),
            Message(.system, "B"), Message(.assistant, "three \n", reasoning: "secret thought"),
        ])
        let built = AnthropicRequest.build(request, model: Wire.model(.anthropic))
        #expect(
            built.body == [
                "model": "m-1", "max_tokens": 100, "system": "A\n\nB",
                "messages": [
                    ["role": "user", "content": "one\n\ntwo"], ["role": "assistant", "content": "three"],
                ],
            ]
        )
    }

    @Test("A thinking budget leaves room for the answer and excludes the sampling that thinking refuses")
    func thinking() {
        func build(maxTokens: Int) -> WireRequest {
            let request = Wire.request(maxTokens: maxTokens) {
                $0.reasoning = Reasoning(effort: "xhigh", budgetTokens: 4000)
                $0.sampling = Sampling(temperature: 0.2, topP: 0.5, topK: 3)
            }
            return AnthropicRequest.build(request, model: Wire.model(.anthropic))
        }
        #expect(build(maxTokens: 1000).body["max_tokens"] == 5000)
        #expect(build(maxTokens: 4000).body["max_tokens"] == 8000)
        let roomy = build(maxTokens: 9000)
        #expect(roomy.body["max_tokens"] == 9000)
        #expect(roomy.body["thinking"] == ["type": "enabled", "budget_tokens": 4000])
        #expect(roomy.body["output_config"] == ["effort": "xhigh"])
        #expect(roomy.dropped == ["temperature", "top_k", "top_p"])
    }

    @Test("Effort none turns thinking off; an effort that the format lacks is dropped")
    func efforts() {
        func build(_ effort: String) -> WireRequest {
            AnthropicRequest.build(
                Wire.request { $0.reasoning = Reasoning(effort: effort) },
                model: Wire.model(.anthropic)
            )
        }
        #expect(build("none").body["thinking"] == ["type": "disabled"])
        #expect(build("minimal").dropped == ["reasoning_effort"])
        #expect(build("max").body["output_config"] == ["effort": "max"])
    }
}
