// What the scripted environments share: tools whose arguments are texts, and answers of a bounded size.

import ParleyModel

/// An environment whose tools are answered at once, from its own state.
protocol ScriptedEnvironment: Environment {
    /// What the tool says.
    /// - Throws: why it could not do what was asked; the state is unchanged then
    mutating func answer(_ tool: String, _ arguments: Arguments) throws(ToolTrouble) -> String
}

extension ScriptedEnvironment {
    mutating func call(_ tool: String, _ arguments: JSONValue) async -> ToolOutput {
        do throws(ToolTrouble) {
            return ToolOutput(try answer(tool, Arguments(arguments)).bounded(to: EnvironmentLimits.output))
        } catch {
            return ToolOutput(error.text.bounded(to: EnvironmentLimits.output), isError: true)
        }
    }

    /// The trouble with a tool that is none of ours.
    func unknown(_ tool: String) -> ToolTrouble { ToolTrouble("There is no tool \(tool.bounded(to: 60)).") }
}

extension Tool {
    /// A tool whose parameters are all texts.
    init(
        _ name: String,
        _ description: String,
        _ parameters: KeyValuePairs<String, String> = [:],
        optional: [String] = []
    ) {
        let properties = parameters.map {
            ($0.key, JSONValue.object(["type": "string", "description": .string($0.value)]))
        }
        let required = parameters.map(\.key).filter { !optional.contains($0) }.map(JSONValue.string)
        self.init(
            name: name,
            description: description,
            parameters: [
                "type": "object", "properties": .object(Dictionary(uniqueKeysWithValues: properties)),
                "required": .array(required), "additionalProperties": false,
            ]
        )
    }
}

/// The lines of a list, of which EnvironmentLimits.lines are shown.
func listing(_ lines: [String], none: String) -> String {
    if lines.isEmpty { return none }
    let shown = lines.prefix(EnvironmentLimits.lines)
    let rest = lines.count - shown.count
    return (shown + (rest > 0 ? ["[\(rest) more are not shown]"] : [])).joined(separator: "\n")
}
