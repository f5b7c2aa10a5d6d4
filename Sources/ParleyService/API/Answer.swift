// How documents are answered: canonical JSON, tagged by its content, so that who has it already is told so and no more;
// lists in pages, each with the address of the next.

import Hummingbird
import ParleyModel

extension ServiceAPI {
    /// A document, or that the caller has it.
    /// - Parameters:
    ///   - next: the query of the next page
    ///   - status: of an answer that is no look
    func answer(
        _ document: some Encodable,
        _ request: Request,
        next: PageQuery? = nil
    ) throws -> Response {
        var headers: HTTPFields = [:]
        if let next { headers[named: "Link"] = "<\(request.uri.path)?\(next.text)>; rel=\"next\"" }
        return try answer(text: JSONValue(encoding: document).canonical, request, headers: headers)
    }

    /// The same of a text that is JSON.
    func answer(text: String, _ request: Request, headers: HTTPFields = [:]) throws -> Response {
        var headers = headers
        let tag = Self.tag(text)
        headers[.eTag] = tag
        headers[.cacheControl] = "private, no-cache"
        headers[.vary] = "Authorization"
        if let seen = request.headers[.ifNoneMatch], Self.names(seen, tag) {
            return Response(status: .notModified, headers: headers)
        }
        headers[.contentType] = "application/json"
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    /// The tag of a document.
    static func tag(_ text: String) -> String { "\"\(ContentHash(of: Array(text.utf8)).hexPrefix)\"" }

    /// Whether a list of tags names one.
    static func names(_ field: String, _ tag: String) -> Bool {
        field.split(separator: ",").contains { part in
            var name = part.trimmingSpaces
            if name.hasPrefix("W/") { name = String(name.dropFirst(2)) }
            return name == tag || name == "*"
        }
    }
}

extension ContentHash {
    /// 128 bits of it.
    fileprivate var hexPrefix: String {
        bytes.prefix(16).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}

extension Substring {
    fileprivate var trimmingSpaces: String {
        var part = self
        while part.first == " " { part.removeFirst() }
        while part.last == " " { part.removeLast() }
        return String(part)
    }
}
