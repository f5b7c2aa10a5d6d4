// Times as headers write them: HTTP dates (RFC 9110, the fixed-length form), ISO 8601, and durations like `1m30s`.

import Foundation

/// Reads times out of header values.
enum TimeText {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    private static let units: [String: Double] = [
        "h": 3600, "m": 60, "s": 1, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ns": 1e-9, "d": 86_400,
    ]

    /// `Sun, 06 Nov 1994 08:49:37 GMT`.
    static func httpDate(_ text: String) -> Date? {
        let words = text.split { $0 == " " || $0 == "," }
        guard words.count == 6, words[5] == "GMT" || words[5] == "UTC" else { return nil }
        guard let day = Int(words[1]), let month = months.firstIndex(of: String(words[2])) else { return nil }
        let clock = words[4].split(separator: ":").compactMap { Int($0) }
        guard let year = Int(words[3]), (1970...9999).contains(year), clock.count == 3 else { return nil }
        guard (1...31).contains(day), (0...23).contains(clock[0]), (0...59).contains(clock[1]) else { return nil }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = DateComponents(
            year: year,
            month: month + 1,
            day: day,
            hour: clock[0],
            minute: clock[1],
            second: min(max(clock[2], 0), 60)
        )
        return calendar.date(from: parts)
    }

    /// `2026-08-01T12:00:00Z`, with or without fractions of a second and with any offset.
    static func iso8601(_ text: String) -> Date? {
        let text = text.trimmingCharacters(in: .whitespaces)
        return (try? Date(text, strategy: .iso8601))
            ?? (try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
    }

    /// Seconds of `1m30s`, `500ms`, `1h2m3.5s`, or of a bare number of seconds.
    static func duration(_ text: String) -> Double? {
        let text = text.trimmingCharacters(in: .whitespaces)
        if let seconds = Double(text) { return seconds.isFinite ? seconds : nil }
        var rest = Substring(text)
        var total = 0.0
        while !rest.isEmpty {
            let number = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            rest = rest.dropFirst(number.count)
            let unit = rest.prefix { !($0.isASCII && $0.isNumber) }
            rest = rest.dropFirst(unit.count)
            guard let value = Double(number), let scale = units[String(unit)] else { return nil }
            total += value * scale
        }
        return text.isEmpty || !total.isFinite ? nil : total
    }
}
