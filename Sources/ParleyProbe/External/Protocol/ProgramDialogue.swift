// What a program has said so far: a pure state machine that is fed bytes and knows neither process nor clock.
//
// States: talking → (final message) ended, or → (wrong line, flood) broken. Both are final; what comes later is
// counted against the limit and otherwise dropped.

import ParleyModel

/// The program's side of the conversation.
struct ProgramDialogue: Sendable {
    /// The most bytes of one line.
    static let lineLimit = 8 << 20
    /// The most log lines and transcript messages that are kept.
    static let logLimit = 200
    static let messageLimit = 2000

    enum State: Hashable, Sendable {
        case talking
        case ended(ProgramMessage)
        case broken(ProtocolViolation)
    }

    private(set) var state = State.talking
    private(set) var logs: [String] = []
    private(set) var messages: [Message] = []
    private(set) var byteCount = 0
    private let outputLimit: Int
    private var line: [UInt8] = []

    init(outputLimit: Int) { self.outputLimit = outputLimit }

    var isOver: Bool { state != .talking }

    /// Takes in what the program wrote.
    mutating func feed(_ bytes: some Sequence<UInt8> & Collection) {
        byteCount += bytes.count
        guard byteCount <= outputLimit else {
            if !isOver { fail(.outputLimit, "it wrote more than \(outputLimit) bytes") }
            return
        }
        for byte in bytes where !isOver {
            if byte == UInt8(ascii: "\n") {
                take()
            } else if line.count < Self.lineLimit {
                line.append(byte)
            } else {
                fail(.lineTooLong, "a line is longer than \(Self.lineLimit) bytes")
            }
        }
    }

    /// The end of the program's output: a last line without its line break counts.
    mutating func finish() { if !isOver { take() } }

    private mutating func take() {
        defer { line.removeAll(keepingCapacity: true) }
        // Empty lines, also of white space, are nothing.
        guard line.contains(where: { ![0x20, 0x09, 0x0D].contains($0) }) else { return }
        do throws(ProtocolViolation) {
            let message = try ProgramMessage(line: line)
            switch message {
            case .log(let text):
                if logs.count == Self.logLimit { logs.removeFirst() }
                logs.append(Bounded.message(text, limit: 4096))
            case .message(let message):
                guard messages.count < Self.messageLimit else {
                    return fail(.outputLimit, "it sent more than \(Self.messageLimit) messages")
                }
                messages.append(message)
            case .answer, .score, .refused, .error: state = .ended(message)
            }
        } catch {
            state = .broken(error)
        }
    }

    private mutating func fail(_ code: ProtocolViolation.Code, _ message: String) {
        state = .broken(ProtocolViolation(code, message))
    }
}
