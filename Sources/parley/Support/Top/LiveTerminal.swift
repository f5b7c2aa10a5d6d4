// A terminal that is drawn on as a whole: the alternate screen, keys without Enter, no echo. Invariant: whatever ends
// the body, the terminal is left as it was found. It cannot be stopped and continued (Ctrl-Z, SIGTSTP): a stopped program
// could not clean up.

import Foundation
import ParleyReport
import UnixSignals

/// What happens at a terminal.
enum TerminalEvent: Sendable {
    case key(TopKey)
    case resized
    /// A signal asks to end.
    case end
}

struct LiveTerminal {
    /// Columns and rows.
    var size: (width: Int, height: Int) {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return (80, 24)
        }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// Whether both ends are a terminal that can be drawn on.
    static var isPossible: Bool {
        isatty(STDOUT_FILENO) == 1 && isatty(STDIN_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
    }

    /// Takes the terminal over for the body, and gives it what happens there.
    static func run(
        _ body: nonisolated(nonsending) (LiveTerminal, AsyncStream<TerminalEvent>) async throws -> Void
    ) async throws {
        var found = termios()
        guard tcgetattr(STDIN_FILENO, &found) == 0 else { return }
        var raw = found
        raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
        raw.c_iflag &= ~tcflag_t(IXON)
        withUnsafeMutableBytes(of: &raw.c_cc) { settings in
            settings[Int(VMIN)] = 0
            // Tenths of a second for which a read waits: how soon it sees that it is to end.
            settings[Int(VTIME)] = 1
            settings[Int(VSUSP)] = 0
        }
        let (events, feed) = AsyncStream.makeStream(of: TerminalEvent.self)
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm, .sighup, .sigquit, .sigwinch)
        let listening = Task {
            for await signal in signals { feed.yield(signal == .sigwinch ? .resized : .end) }
        }
        signal(SIGTSTP, SIG_IGN)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &raw)
        // Alternate screen, no cursor, no wrapping.
        write("\u{1B}[?1049h\u{1B}[?25l\u{1B}[?7l")
        let reader = KeyReader(feed)
        reader.start()
        defer {
            reader.stop()
            listening.cancel()
            feed.finish()
            write("\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l")
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &found)
            signal(SIGTSTP, SIG_DFL)
        }
        try await body(LiveTerminal(), events)
    }

    /// Draws all rows over what is there, so that nothing flickers.
    func draw(_ lines: [String]) {
        let text = lines.map { "\($0)\u{1B}[K" }.joined(separator: "\r\n")
        Self.write("\u{1B}[?2026h\u{1B}[H\(text)\u{1B}[J\u{1B}[?2026l")
    }

    private static func write(_ text: String) { try? FileHandle.standardOutput.write(contentsOf: Data(text.utf8)) }
}
