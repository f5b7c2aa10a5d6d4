// What a simulated agent does, as a sample's metadata says it in `simulate_agent`: the calls that solve the task, those
// of the hidden task, and what it claims. Without it a generic plan calls each tool once.
//
//     {"main": [{"tool": "read", "arguments": {"name": "a"}}, [{…}, {…}]],     an inner list is called in parallel
//      "fails": [{…}],                        instead of `main`, where it fails; else `main` without its last step
//      "side": [{…}],
//      "claims": {"done": "Status: done", "not_done": "Status: not done"}}

public import ParleyModel

/// What a simulated agent does.
public struct AgentPlan: Hashable, Sendable {
    /// A call of a tool.
    public struct Call: Hashable, Sendable {
        public var tool: String
        public var arguments: JSONValue

        public init(_ tool: String, _ arguments: JSONValue) {
            self.tool = tool
            self.arguments = arguments
        }
    }

    /// The steps that solve the task; the calls of one step are made in one message.
    public var main: [[Call]]
    /// The steps of an agent that does not solve it.
    public var fails: [[Call]]
    public var side: [[Call]]
    public var doneClaim: String
    public var notDoneClaim: String

    public init(
        main: [[Call]],
        fails: [[Call]]? = nil,
        side: [[Call]] = [],
        doneClaim: String = "Status: done",
        notDoneClaim: String = "Status: not done"
    ) {
        self.main = main
        self.fails = fails ?? Array(main.dropLast())
        self.side = side
        self.doneClaim = doneClaim
        self.notDoneClaim = notDoneClaim
    }

    /// The plan that a sample carries; nil where it carries none, or one that cannot be read.
    public init?(_ sample: Sample) {
        guard let plan = sample.metadata["simulate_agent"], let main = Self.steps(plan["main"]) else { return nil }
        let claims = plan["claims"] ?? sample.metadata["claims"]
        self.init(main: main, fails: Self.steps(plan["fails"]), side: Self.steps(plan["side"]) ?? [])
        doneClaim = claims?["done"]?.string ?? doneClaim
        notDoneClaim = claims?["not_done"]?.string ?? notDoneClaim
    }

    /// Calls the first few tools once each, with the least arguments that their schemas take.
    init(generic tools: [Tool]) {
        main = tools.prefix(3).map { [Call($0.name, LeastValue.of($0.parameters))] }
        fails = main
        side = []
        doneClaim = "Status: done"
        notDoneClaim = "Status: not done"
    }

    private static func steps(_ json: JSONValue?) -> [[Call]]? {
        guard let items = json?.array else { return nil }
        var steps: [[Call]] = []
        for item in items {
            var step: [Call] = []
            for call in item.array ?? [item] {
                guard let tool = call["tool"]?.string else { return nil }
                step.append(Call(tool, call["arguments"] ?? .object([:])))
            }
            steps.append(step)
        }
        return steps
    }
}

/// The least value that a schema takes, as far as simple schemas go.
enum LeastValue {
    static func of(_ schema: JSONValue, depth: Int = 0) -> JSONValue {
        if let constant = schema["const"] { return constant }
        if let first = schema["enum"]?[0] { return first }
        let type = schema["type"]?.string ?? schema["type"]?[0]?.string
        switch type {
        case "object":
            let required = (schema["required"]?.array ?? []).compactMap(\.string)
            guard depth < 8 else { return .object([:]) }
            return .object(
                Dictionary(
                    required.map { ($0, of(schema["properties"]?[$0] ?? .object([:]), depth: depth + 1)) },
                    uniquingKeysWith: { first, _ in first }
                )
            )
        case "array":
            let count = Int(min(schema["minItems"]?.integer ?? 0, 8))
            guard depth < 8 else { return [] }
            return .array((0..<max(0, count)).map { _ in of(schema["items"] ?? .object([:]), depth: depth + 1) })
        case "integer": return .integer(schema["minimum"]?.integer ?? min(1, schema["maximum"]?.integer ?? 1))
        case "number": return schema["minimum"] ?? 1
        case "boolean": return true
        case "null": return .null
        default:
            let length = Int(min(max(schema["minLength"]?.integer ?? 1, 1), 1_000))
            return .string(String(repeating: "a", count: length))
        }
    }
}
