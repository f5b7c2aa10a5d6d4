// CSV by RFC 4180: fields in quotes may hold commas, line breaks and doubled quotes. One state machine finds where a
// record ends; the same one, with the text kept, takes it apart.

import ParleyModel

/// Where in a record a byte stands.
enum CSVQuoting: Hashable {
    /// At a field's first byte. Goes to any other state.
    case fieldStart
    /// In a field without quotes; a quote here is a mistake, but does not open a quoted part.
    case plain
    /// Between quotes. Leaves only by a quote.
    case quoted
    /// Behind a quote within a quoted field: it closed the field, unless another quote follows.
    case quoteInQuoted
    /// Behind the line feed that ends the record.
    case recordEnd

    /// The state after one more byte.
    func after(_ byte: UInt8) -> CSVQuoting {
        switch (self, byte) {
        case (.quoted, 0x22): .quoteInQuoted
        case (.quoted, _): .quoted
        case (.quoteInQuoted, 0x22), (.fieldStart, 0x22): .quoted
        case (_, 0x0A): .recordEnd
        case (_, 0x2C): .fieldStart
        case (.quoteInQuoted, _): .quoteInQuoted
        default: .plain
        }
    }
}

/// A record of a CSV file.
enum CSVRecord {
    /// The fields of a record without its line end. Throws on what RFC 4180 does not allow.
    static func fields(_ bytes: some Sequence<UInt8>) throws(RowProblem) -> [String] {
        var fields: [String] = []
        var field: [UInt8] = []
        var state = CSVQuoting.fieldStart
        for byte in bytes {
            let next = byte == 0x0A && state != .quoted ? .plain : state.after(byte)
            switch (state, next) {
            case (.plain, .plain) where byte == 0x22:
                throw RowProblem(
                    "a quote inside field \(fields.count + 1), which does not start with one",
                    "put the whole field in quotes and double the quotes inside it"
                )
            case (.quoteInQuoted, .quoteInQuoted) where byte != 0x0D:
                throw RowProblem(
                    "text behind the closing quote of field \(fields.count + 1)",
                    "double the quotes inside the field, or add the missing comma"
                )
            case (_, .fieldStart):
                fields.append(try text(field))
                field.removeAll(keepingCapacity: true)
            case (.fieldStart, .quoted), (.quoted, .quoteInQuoted), (.quoteInQuoted, .quoteInQuoted): break
            default: field.append(byte)
            }
            state = next
        }
        guard state != .quoted else {
            throw RowProblem("the quote of field \(fields.count + 1) is never closed", "add the closing quote")
        }
        fields.append(try text(field))
        return fields
    }

    private static func text(_ bytes: [UInt8]) throws(RowProblem) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw RowProblem("a field that is not valid UTF-8", "save the file as UTF-8")
        }
        return text
    }
}
