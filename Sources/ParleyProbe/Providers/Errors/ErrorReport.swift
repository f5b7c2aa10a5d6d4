// An error as a provider words it. Bodies differ: OpenAI's and Anthropic's `error` object, an `error` text, the flat
// objects of compatible servers, and HTML of a gateway.

import ParleyModel

/// What an error body says.
struct ErrorReport: Hashable, Sendable {
    /// The HTTP status; where the error came inside a successful response, the status that the error states, or 200.
    var status: Int
    var type: String?
    var code: String?
    var message: String
    /// Whether the body is JSON, and so comes from the provider rather than from a gateway before it.
    var isStructured: Bool
    /// Whether a moderation named the parts that it objects to (OpenRouter's `metadata.reasons`).
    var isModerated = false
    /// Whether the error came after a successful status: then work may have been done and billed.
    var isLate: Bool

    /// The error of an unsuccessful response.
    init(status: Int, body: [UInt8]) {
        self.status = status
        isLate = (200..<300).contains(status)
        if let json = try? JSONValue(parsing: body) {
            isStructured = true
            message = ""
            read(json.array?.first ?? json)
        } else {
            isStructured = false
            message = String(decoding: body.prefix(2048), as: UTF8.self)
        }
    }

    /// The error inside a successful response, nil where it holds none. OpenRouter states the status as the code.
    init?(status: Int, answer: JSONValue) {
        guard Self.isError(answer) else { return nil }
        self.status = status
        isStructured = true
        isLate = true
        message = ""
        read(answer)
        if let stated = code.flatMap(Int.init), (400..<600).contains(stated) { self.status = stated }
    }

    /// Whether a JSON body is an error, whatever the status says.
    static func isError(_ json: JSONValue) -> Bool {
        if let error = json["error"], !error.isNull { return true }
        return json["type"]?.string == "error" || json["object"]?.string == "error"
    }

    /// All words of the error in lower case, for marks that stand in the message only.
    var words: String { [type, code, message].compactMap { $0 }.joined(separator: " ").lowercased() }

    private mutating func read(_ json: JSONValue) {
        let error = json["error"].flatMap { $0.isNull ? nil : $0 } ?? json
        if let text = error.string {
            message = text
            return
        }
        type = error["type"]?.string
        code = error["code"]?.string ?? error["code"]?.integer.map(String.init)
        message = error["message"]?.string ?? error["detail"]?.string ?? json["message"]?.string ?? ""
        isModerated = error["metadata"]?["reasons"]?.array?.isEmpty == false
    }
}
