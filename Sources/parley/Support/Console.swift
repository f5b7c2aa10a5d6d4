// What goes to the terminal: results to standard output, everything else to standard error; colour only where a
// terminal wants it. Text that is not ours is escaped before it comes here.

import Foundation
import ParleyModel

enum Console {
    /// Writes a result.
    static func print(_ text: String) { write(text, to: .standardOutput) }

    /// Writes a message.
    static func error(_ text: String) { write(text, to: .standardError) }

    /// Writes a value as JSON with sorted members.
    static func json(_ value: some Encodable) throws { print(try JSONValue(encoding: value).pretty) }

    /// Whether standard output is a terminal that wants colours: `NO_COLOR` and `TERM=dumb` say no.
    static var isStyled: Bool { isatty(STDOUT_FILENO) == 1 && wantsColour }

    /// Whether standard error is a terminal on which a line can be redrawn.
    static var isInteractive: Bool {
        isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
    }

    /// The columns of the terminal behind standard output; nil where there is none.
    static var width: Int? {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    private static var wantsColour: Bool {
        let environment = ProcessInfo.processInfo.environment
        return environment["NO_COLOR", default: ""].isEmpty && environment["TERM"] != "dumb"
    }

    private static func write(_ text: String, to handle: FileHandle) {
        // A closed pipe (`parley findings | head`) is no error of ours.
        try? handle.write(contentsOf: Data((text + "\n").utf8))
    }
}
