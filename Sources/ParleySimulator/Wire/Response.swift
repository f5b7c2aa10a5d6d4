// A response as bytes: head and body in one buffer, and how it is delivered.

import NIOCore
import ParleyModel

/// A response, ready to send.
struct Response {
    enum Delivery: Hashable {
        /// All at once.
        case whole
        /// The first bytes only, then the connection closes.
        case cut(after: Int)
        /// In so many pieces, with pauses between them.
        case slow(pieces: Int)
        /// Nothing, and the connection closes.
        case disconnect
        /// Nothing, and the connection stays.
        case hang
    }

    /// What an answer says that it used.
    struct Tokens: Hashable {
        var input: Int
        var output: Int
    }

    var bytes: ByteBuffer
    var delivery = Delivery.whole
    /// nil where it is no whole answer.
    var tokens: Tokens?

    /// Writes a head and `body` behind it.
    static func whole(
        status: Int,
        contentType: StaticString = "application/json",
        keepsAlive: Bool,
        body: ByteBuffer,
        into buffer: inout ByteBuffer,
        headers: (inout ByteBuffer) -> Void = { _ in }
    ) {
        head(status, contentType, keepsAlive, into: &buffer)
        headers(&buffer)
        buffer.writeStaticString("content-length: ")
        buffer.writeDecimal(body.readableBytes)
        buffer.writeStaticString("\r\n\r\n")
        buffer.writeImmutableBuffer(body)
    }

    /// Writes the head of an event stream.
    static func streamHead(keepsAlive: Bool, isChunked: Bool, identity: UInt64, into buffer: inout ByteBuffer) {
        head(200, "text/event-stream; charset=utf-8", keepsAlive, into: &buffer)
        buffer.writeStaticString("cache-control: no-cache\r\n")
        requestID(identity, .openai, into: &buffer)
        requestID(identity, .anthropic, into: &buffer)
        if isChunked { buffer.writeStaticString("transfer-encoding: chunked\r\n") }
        buffer.writeStaticString("\r\n")
    }

    /// The header by which a provider names the request.
    static func requestID(_ identity: UInt64, _ format: ProviderKind, into buffer: inout ByteBuffer) {
        buffer.writeStaticString(format == .openai ? "x-request-id: req_" : "request-id: req_")
        buffer.writeHex(identity)
        buffer.writeStaticString("\r\n")
    }

    private static func head(
        _ status: Int,
        _ contentType: StaticString,
        _ keepsAlive: Bool,
        into buffer: inout ByteBuffer
    ) {
        buffer.writeStaticString(line(status))
        buffer.writeStaticString("server: parley-simulator\r\ncontent-type: ")
        buffer.writeStaticString(contentType)
        buffer.writeStaticString(keepsAlive ? "\r\n" : "\r\nconnection: close\r\n")
    }

    private static func line(_ status: Int) -> StaticString {
        switch status {
        case 200: "HTTP/1.1 200 OK\r\n"
        case 400: "HTTP/1.1 400 Bad Request\r\n"
        case 401: "HTTP/1.1 401 Unauthorized\r\n"
        case 404: "HTTP/1.1 404 Not Found\r\n"
        case 405: "HTTP/1.1 405 Method Not Allowed\r\n"
        case 413: "HTTP/1.1 413 Content Too Large\r\n"
        case 429: "HTTP/1.1 429 Too Many Requests\r\n"
        case 502: "HTTP/1.1 502 Bad Gateway\r\n"
        case 503: "HTTP/1.1 503 Service Unavailable\r\n"
        case 529: "HTTP/1.1 529 Site Overloaded\r\n"
        default: "HTTP/1.1 500 Internal Server Error\r\n"
        }
    }
}
