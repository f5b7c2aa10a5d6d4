// One line that an external program writes, read strictly: schemas/json/external.schema.json describes the form. A
// program is hostile until shown otherwise, so a line is bytes first, and every member is checked.

import ParleyModel

/// What a program says in one line.
enum ProgramMessage: Hashable, Sendable {
    case log(String)
    /// A message for the transcript.
    case message(Message)
    /// `stop` is nil where the program leaves it to the last reply of the model under test.
    case answer(text: String, stop: StopReason?, explanation: String?)
    /// A score; nil where the program could give none.
    case score(Score?, answer: String?, explanation: String?)
    case refused(answer: String?, explanation: String?)
    /// The program failed; whether another attempt may go well.
    case error(String, isTransient: Bool)

    /// Reads a line. Throws what is wrong with it.
    init(line: [UInt8]) throws(ProtocolViolation) {
        let json: JSONValue
        do {
            json = try JSONValue(parsing: line)
        } catch {
            throw ProtocolViolation(.notJSON, "a line is no JSON: \(error.message)")
        }
        guard let type = json["type"]?.string else {
            throw ProtocolViolation(.badMessage, "a line has no 'type'")
        }
        switch type {
        case "log": self = .log(try Self.text(json, "text", of: type))
        case "message": self = .message(try Self.message(json))
        case "answer":
            self = .answer(
                text: try Self.text(json, "answer", of: type),
                stop: try Self.stop(json),
                explanation: json["explanation"]?.string
            )
        case "score":
            self = .score(
                try Self.score(json),
                answer: json["answer"]?.string,
                explanation: json["explanation"]?.string
            )
        case "refused":
            self = .refused(answer: json["answer"]?.string, explanation: json["explanation"]?.string)
        case "error":
            let isTransient = json["transient"]?.bool ?? false
            self = .error(try Self.text(json, "message", of: type), isTransient: isTransient)
        default: throw ProtocolViolation(.badMessage, "no message is of the type '\(type.prefix(40))'")
        }
    }

    private static func text(_ json: JSONValue, _ key: String, of type: String) throws(ProtocolViolation) -> String {
        guard let text = json[key]?.string else {
            throw ProtocolViolation(.badMessage, "a message of the type '\(type)' has no text '\(key)'")
        }
        return text
    }

    private static func message(_ json: JSONValue) throws(ProtocolViolation) -> Message {
        var members = json.object ?? [:]
        members["type"] = nil
        guard let message = try? JSONValue.object(members).decode(Message.self) else {
            throw ProtocolViolation(.badMessage, "a message has no 'role' and 'content' of the transcript's form")
        }
        return message
    }

    private static func stop(_ json: JSONValue) throws(ProtocolViolation) -> StopReason? {
        guard let value = json["stop"], !value.isNull else { return nil }
        guard let stop = value.string.flatMap(StopReason.init(rawValue:)) else {
            throw ProtocolViolation(.badMessage, "an answer's 'stop' is none of the reasons")
        }
        return stop
    }

    private static func score(_ json: JSONValue) throws(ProtocolViolation) -> Score? {
        guard let value = json["score"] else { throw ProtocolViolation(.badMessage, "a score has no 'score'") }
        if value.isNull { return nil }
        guard let score = value.double.flatMap({ Score($0) }) else {
            throw ProtocolViolation(.badMessage, "a 'score' is no number within ±9e9")
        }
        return score
    }
}

/// How a program broke the protocol.
struct ProtocolViolation: Error, Hashable, Sendable {
    /// A short name of bounded variety, for fingerprints.
    enum Code: String, Sendable {
        case notJSON = "not_json"
        case badMessage = "bad_message"
        case lineTooLong = "line_too_long"
        case outputLimit = "output_limit"
    }

    let code: Code
    let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}
