// What a program is told, in one line on its standard input: the sample, how the model is run, what it may use, and
// where the models are. No key is in it; the token is worth nothing after the attempt.

import ParleyModel

/// The first and only line to a program.
struct ProgramOpening {
    /// The version of the protocol.
    static let version: Int64 = 1

    let suite: Suite
    let configuration: Configuration
    let program: ExternalProgram
    let epoch: Int

    /// The line, its line break included.
    func line(_ sample: Sample, address: String, token: String, format: ProviderKind) -> [UInt8] {
        var members: [String: JSONValue] = [
            "type": "sample", "protocol": .integer(Self.version), "sample": sample.json,
            "configuration": description, "limits": limits, "epoch": .integer(Int64(epoch)),
            "endpoint": [
                "openai_base_url": .string(address + "/v1"), "anthropic_base_url": .string(address),
                "token": .string(token), "model": .string(configuration.name.text),
                "format": .string(format.rawValue),
                "roles": .object(program.roles.mapValues { .string($0.text) }),
            ],
        ]
        // A configured seed is advanced with the epoch; without one, programs still need something to draw from.
        members["seed"] = .integer(configuration.seeded(epoch: epoch).sampling.seed ?? Int64(epoch))
        members["options"] = program.options
        return JSONValue.object(members).canonicalBytes + [UInt8(ascii: "\n")]
    }

    private var description: JSONValue {
        var members: [String: JSONValue] = ["name": .string(configuration.name.text)]
        members["system_prompt"] = configuration.systemPrompt.map(JSONValue.string)
        members["temperature"] = configuration.sampling.temperature.map(JSONValue.number)
        members["max_tokens"] = .integer(Int64(suite.maxTokens ?? configuration.maxTokens))
        return .object(members)
    }

    private var limits: JSONValue {
        var members: [String: JSONValue] = [
            "time_milliseconds": .integer(Int64(program.timeLimitMilliseconds)),
            "output_bytes": .integer(Int64(program.outputLimitBytes)), "calls": .integer(Int64(program.callLimit)),
        ]
        members["memory_mebibytes"] = program.memoryLimitMebibytes.map { .integer(Int64($0)) }
        members["tokens"] = program.tokenLimit.map { .integer(Int64($0)) }
        return .object(members)
    }
}
