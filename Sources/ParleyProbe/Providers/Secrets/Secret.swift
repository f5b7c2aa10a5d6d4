// A key in memory. It prints, interpolates and mirrors as a mark, never as itself; the one way to its text is a
// property that only this module sees.

/// A secret that does not show itself.
public struct Secret: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// What stands where a secret would.
    static let mark = "[secret]"

    /// The secret itself: for a request's header and for redaction, nothing else.
    let text: String

    init(_ text: String) { self.text = text }

    public var description: String { Self.mark }
    public var debugDescription: String { Self.mark }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
