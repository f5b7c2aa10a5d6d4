// A call's arguments, read with the caps of EnvironmentLimits, and what goes back to the agent where they will not do.
// The solver has checked them against the tool's schema; an environment holds against any value all the same.

import ParleyModel

/// Why a tool does not do what was asked, in words for the agent.
struct ToolTrouble: Error {
    let text: String

    init(_ text: String) { self.text = text }
}

/// The arguments of one call.
struct Arguments {
    private let value: JSONValue

    init(_ value: JSONValue) { self.value = value }

    func optional(_ name: String, limit: Int = EnvironmentLimits.name) throws(ToolTrouble) -> String? {
        guard let member = value[name], !member.isNull else { return nil }
        guard let text = member.string else { throw ToolTrouble("\(name) must be a text.") }
        if text.utf8.count > limit { throw ToolTrouble("\(name) is too long: at most \(limit) bytes.") }
        if text.holdsControls { throw ToolTrouble("\(name) holds control characters.") }
        return text
    }

    func text(_ name: String, limit: Int = EnvironmentLimits.text) throws(ToolTrouble) -> String {
        guard let text = try optional(name, limit: limit) else { throw ToolTrouble("\(name) is missing.") }
        return text
    }

    /// One line that is not empty.
    func name(_ name: String) throws(ToolTrouble) -> String {
        let text = try text(name, limit: EnvironmentLimits.name)
        if text.isEmpty || text.contains(where: \.isNewline) { throw ToolTrouble("\(name) must be one line of text.") }
        return text
    }
}
