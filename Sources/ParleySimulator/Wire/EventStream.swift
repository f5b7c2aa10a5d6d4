// Server-sent events in HTTP chunks, one event a chunk, all in one buffer.

import NIOCore

struct EventStream {
    private(set) var buffer: ByteBuffer
    private let isChunked: Bool

    /// Writes on behind what the buffer holds.
    init(_ buffer: ByteBuffer, isChunked: Bool) {
        self.buffer = buffer
        self.isChunked = isChunked
    }

    /// Writes one event with the data that `write` gives.
    mutating func event(_ name: StaticString? = nil, _ write: (inout ByteBuffer) -> Void) {
        let start = buffer.writerIndex
        if isChunked { buffer.writeStaticString("00000000\r\n") }
        let bodyStart = buffer.writerIndex
        if let name {
            buffer.writeStaticString("event: ")
            buffer.writeStaticString(name)
            buffer.writeStaticString("\n")
        }
        buffer.writeStaticString("data: ")
        write(&buffer)
        buffer.writeStaticString("\n\n")
        guard isChunked else { return }
        let length = buffer.writerIndex - bodyStart
        var digits = ByteBuffer()
        digits.writeHex(UInt64(length), digits: 8)
        buffer.setBuffer(digits, at: start)
        buffer.writeStaticString("\r\n")
    }

    /// Ends the body in good order.
    mutating func finish() {
        if isChunked { buffer.writeStaticString("0\r\n\r\n") }
    }
}

/// What goes wrong within a stream.
enum StreamFault: Hashable, Sendable {
    case none
    /// The last events are missing.
    case truncated
    /// An `error` event after the first pieces.
    case overload
    /// The data of an event is no JSON.
    case malformed
}
