// Configurations from JSON, and changes at run time.

import ParleyModel
import Testing

@testable import ParleySimulator

@Suite("Simulator configuration")
struct ConfigurationTests {
    @Test("what is left out has its default, and JSON goes round")
    func roundTrip() throws {
        let text = """
            {"seed": 7, "standard": {"accuracy": 0.9, "retry_advice": {"form": "reset_header", "milliseconds": 89000}},
             "models": {"a/B c": {"error_rate": 0.1, "faults": {"rate_limit": 0.2, "hang": 0.01},
                                  "output_style": "think_tags", "context_tokens": 100}}}
            """
        let configuration = try SimulatorConfiguration(parsing: text)
        #expect(configuration.seed == 7)
        #expect(configuration.standard.retryAdvice == RetryAdvice(form: .resetHeader, milliseconds: 89_000))
        let model = try #require(configuration.models["a/B c"])
        #expect(model.faults == [.rateLimit: 0.2, .hang: 0.01])
        #expect(model.accuracy == ModelBehaviour().accuracy)
        #expect(model.contextTokens == 100)
        #expect(try SimulatorConfiguration(parsing: JSONValue(encoding: configuration).canonical) == configuration)
        #expect(try SimulatorConfiguration(parsing: "{}") == SimulatorConfiguration())
    }

    @Test(
        "what is unknown or out of range is an error",
        arguments: [
            #"{"sead": 1}"#, #"{"standard": {"acuracy": 1}}"#, #"{"standard": {"accuracy": 1.5}}"#,
            #"{"standard": {"faults": {"flood": 1}}}"#, #"{"standard": {"error_rate": 0.9, "faults": {"hang": 0.2}}}"#,
            #"{"standard": {"refusal_rate": 0.9, "filter_rate": 0.2}}"#, #"{"threads": 0}"#,
            #"{"standard": {"latency_milliseconds": -1}}"#, #"{"standard": {"faults": {"hang": -0.1}}}"#,
        ]
    )
    func mistakes(text: String) {
        #expect(throws: DecodingError.self) { try SimulatorConfiguration(parsing: text) }
    }

    @Test("a round file's behaviour is taken over")
    func fromRound() {
        let behaviour = ModelBehaviour(
            SimulatedBehaviour(accuracy: 0.4, refusalRate: 0.1, errorRate: 0.2, latencyMilliseconds: 30)
        )
        #expect(behaviour.accuracy == 0.4 && behaviour.refusalRate == 0.1)
        #expect(behaviour.errorRate == 0.2 && behaviour.latencyMilliseconds == 30)
    }

    @Test("control changes what is given, keeps the rest, and resets")
    func control() async throws {
        let start = SimulatorConfiguration(models: ["a": ModelBehaviour(accuracy: 1), "b": ModelBehaviour(accuracy: 1)])
        try await Simulated.run(start) { simulated in
            let status = { (model: String) in
                try await simulated.ask(.anthropic, "x", ["model": .string(model)]).status
            }
            let faulted = try await simulated.control(["all": ["faults": ["overloaded": 1]]]).status
            #expect(faulted == 200)
            for model in ["a", "b", "c"] {
                let overloaded = try await status(model)
                #expect(overloaded == 529)
            }
            let mended = try await simulated.control(["models": ["a": ["faults": [:]]]]).status
            #expect(mended == 200)
            #expect(simulated.provider.configuration.models["a"] == ModelBehaviour(accuracy: 1))
            let ofMended = try await status("a")
            #expect(ofMended == 200)
            let ofOther = try await status("b")
            #expect(ofOther == 529)
            let shown = try await simulated.control(["reset": true]).json()
            #expect(try shown.decode(SimulatorConfiguration.self) == start)
            #expect(simulated.provider.statistics == Statistics())
            let afterReset = try await status("b")
            #expect(afterReset == 200)
        }
    }

    @Test("a command that cannot be read changes nothing and says why")
    func badControl() async throws {
        try await Simulated.run { simulated in
            let commands: [JSONValue] = [
                [], ["everything": [:]], ["all": 3], ["all": ["acuracy": 1]], ["models": []],
                ["standard": ["accuracy": 0.1], "models": ["a": ["accuracy": 7]]],
            ]
            for command in commands {
                let seen = try await simulated.control(command)
                #expect(seen.status == 400)
                #expect(try seen.json()["error"]?["message"]?.string?.isEmpty == false)
            }
            #expect(simulated.provider.configuration == SimulatorConfiguration())
        }
    }
}
