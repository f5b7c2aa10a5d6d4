// Writing JSON straight into a buffer: no tree, no intermediate string.

import NIOCore

extension ByteBuffer {
    /// A JSON string with its quotes.
    mutating func writeJSONString(_ text: String) {
        writeInteger(UInt8(ascii: "\""))
        let isDone: Void? = text.utf8.withContiguousStorageIfAvailable { writeEscaped($0) }
        if isDone == nil {
            let bytes = Array(text.utf8)
            bytes.withUnsafeBufferPointer { writeEscaped($0) }
        }
        writeInteger(UInt8(ascii: "\""))
    }

    private mutating func writeEscaped(_ bytes: UnsafeBufferPointer<UInt8>) {
        var start = 0
        for index in bytes.indices {
            let byte = bytes[index]
            guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
            writeBytes(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[start..<index]))
            start = index + 1
            switch byte {
            case UInt8(ascii: "\""): writeStaticString("\\\"")
            case UInt8(ascii: "\\"): writeStaticString("\\\\")
            case 10: writeStaticString("\\n")
            case 13: writeStaticString("\\r")
            case 9: writeStaticString("\\t")
            default:
                writeStaticString("\\u00")
                writeHex(UInt64(byte), digits: 2)
            }
        }
        writeBytes(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[start...]))
    }

    mutating func writeJSONString(_ text: String?) {
        if let text { writeJSONString(text) } else { writeStaticString("null") }
    }

    /// A number in decimal digits.
    mutating func writeDecimal(_ number: Int) { writeString(String(number)) }

    /// The lowest `digits` hexadecimal digits of a number.
    mutating func writeHex(_ number: UInt64, digits: Int = 16) {
        for place in stride(from: (digits - 1) * 4, through: 0, by: -4) {
            let digit = UInt8(truncatingIfNeeded: number >> UInt64(place)) & 15
            writeInteger(digit < 10 ? 48 + digit : 87 + digit)
        }
    }
}
