// Times as ISO 8601 writes them, from and to microseconds since the Unix epoch. Proleptic Gregorian calendar; days by
// H. Hinnant's "chrono-compatible low-level date algorithms".

enum Timestamp {
    private static let dayMicros: Int64 = 86_400_000_000

    /// The first and the last microsecond that four digits of a year can say.
    static let range: ClosedRange<Int64> = -62_167_219_200_000_000...253_402_300_799_999_999

    /// `2026-11-23T12:44:48.000012+00:00`; beyond the years 0 to 9999 their ends.
    static func text(micros: Int64) -> String {
        let micros = min(max(micros, range.lowerBound), range.upperBound)
        let day = micros >= 0 ? micros / dayMicros : (micros + 1) / dayMicros - 1
        let rest = micros - day * dayMicros
        let (year, month, dayOfMonth) = date(day)
        let seconds = rest / 1_000_000
        let clock = [seconds / 3600, seconds / 60 % 60, seconds % 60].map { padded($0, 2) }.joined(separator: ":")
        let fraction = rest % 1_000_000
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(dayOfMonth, 2))T\(clock)"
            + (fraction == 0 ? "" : "." + padded(fraction, 6)) + "+00:00"
    }

    /// Reads `YYYY-MM-DDTHH:MM:SS`, with a fraction, and with `Z` or an offset, or neither for UTC; nil for any other
    /// form.
    static func micros(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        func number(_ range: Range<Int>) -> Int64? {
            guard range.upperBound <= bytes.count, bytes[range].allSatisfy({ (48...57).contains($0) }) else {
                return nil
            }
            return bytes[range].reduce(0) { $0 * 10 + Int64($1 - 48) }
        }
        guard bytes.count >= 19, bytes[4] == 45, bytes[7] == 45, bytes[10] == 84 || bytes[10] == 32, bytes[13] == 58,
            bytes[16] == 58, let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
            let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19),
            (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 61
        else { return nil }
        var position = 19
        var fraction: Int64 = 0
        if position < bytes.count, bytes[position] == 46 {
            var scale: Int64 = 100_000
            position += 1
            while position < bytes.count, (48...57).contains(bytes[position]) {
                fraction += Int64(bytes[position] - 48) * scale
                scale /= 10
                position += 1
            }
        }
        var offset: Int64 = 0
        switch bytes[position...].first {
        case nil: break
        case 90? where position + 1 == bytes.count: break
        case let sign? where (sign == 43 || sign == 45) && position + 6 == bytes.count && bytes[position + 3] == 58:
            guard let hours = number((position + 1)..<(position + 3)),
                let minutes = number((position + 4)..<(position + 6))
            else { return nil }
            offset = (hours * 60 + minutes) * (sign == 43 ? 60 : -60)
        default: return nil
        }
        let seconds = days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset
        return seconds * 1_000_000 + fraction
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }

    /// The date of a day counted from 1 January 1970.
    private static func date(_ day: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (
            yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        )
    }

    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}
