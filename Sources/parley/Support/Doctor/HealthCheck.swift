// One thing that `parley doctor` looked at.

import ParleyReport

/// The result of one check.
struct HealthCheck: Encodable, Sendable {
    enum State: String, Encodable, Sendable { case ok, warning, failed }

    let name: String
    let state: State
    /// What was found.
    let message: String
    /// What the person can do about it; nil where nothing is to be done.
    let remedy: String?

    static func ok(_ name: String, _ message: String) -> HealthCheck {
        HealthCheck(name: name, state: .ok, message: message, remedy: nil)
    }

    static func warning(_ name: String, _ message: String, remedy: String) -> HealthCheck {
        HealthCheck(name: name, state: .warning, message: message, remedy: remedy)
    }

    static func failed(_ name: String, _ message: String, remedy: String) -> HealthCheck {
        HealthCheck(name: name, state: .failed, message: message, remedy: remedy)
    }

    /// `ok       name: message`, and the remedy below it.
    var text: String {
        let state = self.state.rawValue + String(repeating: " ", count: 8 - self.state.rawValue.count)
        let mend = remedy.map { "\n         \(Escape.terminal($0))" } ?? ""
        return "\(state) \(name): \(Escape.terminal(message))\(mend)"
    }
}
