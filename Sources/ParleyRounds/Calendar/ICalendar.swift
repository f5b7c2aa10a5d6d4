// A calendar as iCalendar (RFC 5545): one event a window, in UTC, so that no reader needs to know the rules of a time
// zone; reminders are alarms. Lines end with CR LF and are folded at 75 octets, never within a character (3.1); text is
// escaped (3.3.11).

/// One event.
public struct CalendarEvent: Hashable, Sendable {
    /// The same for the same window for ever.
    public var uid: String
    /// In seconds since the Unix epoch.
    public var start: Int64
    public var end: Int64
    public var summary: String
    public var details: String
    /// Days before the start at which to remind of it.
    public var reminders: [Int]

    public init(uid: String, start: Int64, end: Int64, summary: String, details: String, reminders: [Int] = []) {
        self.uid = uid
        self.start = start
        self.end = end
        self.summary = summary
        self.details = details
        self.reminders = reminders
    }
}

/// Writes iCalendar.
public enum ICalendar {
    /// The calendar as text, its last line ended.
    /// - Parameter stamp: when it was made, in seconds since the Unix epoch
    public static func text(_ events: [CalendarEvent], stamp: Int64) -> String {
        var lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Parley//Rounds//EN", "CALSCALE:GREGORIAN"]
        for event in events {
            lines += [
                "BEGIN:VEVENT", "UID:\(escaped(event.uid))", "DTSTAMP:\(utc(stamp))", "DTSTART:\(utc(event.start))",
                "DTEND:\(utc(event.end))", "SUMMARY:\(escaped(event.summary))",
                "DESCRIPTION:\(escaped(event.details))", "TRANSP:TRANSPARENT",
            ]
            for days in event.reminders {
                lines += [
                    "BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:\(escaped(event.summary))", "TRIGGER:-P\(days)D",
                    "END:VALARM",
                ]
            }
            lines.append("END:VEVENT")
        }
        lines.append("END:VCALENDAR")
        return lines.map { folded($0) + "\r\n" }.joined()
    }

    /// `20270301T090000Z`.
    public static func utc(_ instant: Int64) -> String {
        let (days, seconds) = (instant.flooredQuotient(86_400), instant.flooredRemainder(86_400))
        let day = CalendarDay(number: Int(days)).description.filter { $0 != "-" }
        func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return "\(day)T\(two(seconds / 3600))\(two(seconds / 60 % 60))\(two(seconds % 60))Z"
    }

    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\", ";", ",":
                result += "\\"
                result.unicodeScalars.append(scalar)
            case "\n": result += "\\n"
            // No other control character is allowed in text.
            case _ where scalar.value < 0x20 && scalar != "\t" || scalar.value == 0x7F: break
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// The line with CR LF and a space wherever it would be longer than 75 octets.
    static func folded(_ line: String) -> String {
        var result = ""
        var octets = 0
        for character in line.unicodeScalars {
            let width = UTF8.width(character)
            if octets + width > 75 {
                result += "\r\n "
                octets = 1
            }
            result.unicodeScalars.append(character)
            octets += width
        }
        return result
    }
}

extension Int64 {
    fileprivate func flooredQuotient(_ divisor: Int64) -> Int64 {
        let (quotient, rest) = quotientAndRemainder(dividingBy: divisor)
        return rest < 0 ? quotient - 1 : quotient
    }
    fileprivate func flooredRemainder(_ divisor: Int64) -> Int64 { self - flooredQuotient(divisor) * divisor }
}
