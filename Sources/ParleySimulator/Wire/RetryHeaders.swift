// The headers that say when to come back.

private import Foundation
import NIOCore
import ParleyModel

enum RetryHeaders {
    static func write(_ advice: RetryAdvice, _ format: ProviderKind, into buffer: inout ByteBuffer) {
        let milliseconds = advice.milliseconds
        switch advice.form {
        case .none: return
        case .seconds: buffer.writeString("retry-after: \((milliseconds + 999) / 1000)\r\n")
        case .milliseconds: buffer.writeString("retry-after-ms: \(milliseconds)\r\n")
        case .date: buffer.writeString("retry-after: \(httpDate(time(after: milliseconds)))\r\n")
        case .resetHeader:
            switch format {
            case .openai:
                buffer.writeStaticString("x-ratelimit-limit-requests: 500\r\nx-ratelimit-remaining-requests: 0\r\n")
                buffer.writeString("x-ratelimit-reset-requests: \(span(milliseconds))\r\n")
            case .anthropic:
                buffer.writeStaticString("anthropic-ratelimit-requests-limit: 500\r\n")
                buffer.writeStaticString("anthropic-ratelimit-requests-remaining: 0\r\n")
                buffer.writeString("anthropic-ratelimit-requests-reset: \(isoDate(time(after: milliseconds)))\r\n")
            }
        }
    }

    /// Seconds since the Unix epoch, rounded up.
    private static func time(after milliseconds: Int) -> Int {
        Int((Date().timeIntervalSince1970 + Double(milliseconds) / 1000).rounded(.up))
    }

    /// `1m29s`, `2s`, `500ms`.
    static func span(_ milliseconds: Int) -> String {
        if milliseconds < 1000 { return "\(milliseconds)ms" }
        let seconds = (milliseconds + 999) / 1000
        return seconds < 60 ? "\(seconds)s" : "\(seconds / 60)m\(seconds % 60)s"
    }

    /// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, IMF-fixdate).
    static func httpDate(_ time: Int) -> String {
        let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let date = civil(time)
        return
            "\(days[time / 86400 % 7]), \(padded(date.day)) \(months[date.month - 1]) \(date.year) \(clock(time)) GMT"
    }

    /// `1994-11-06T08:49:37Z`.
    static func isoDate(_ time: Int) -> String {
        let date = civil(time)
        return "\(date.year)-\(padded(date.month))-\(padded(date.day))T\(clock(time))Z"
    }

    private static func clock(_ time: Int) -> String {
        [time / 3600 % 24, time / 60 % 60, time % 60].map(padded).joined(separator: ":")
    }

    private static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// The Gregorian date of a time after 1970: whole years first, then whole months.
    private static func civil(_ time: Int) -> (year: Int, month: Int, day: Int) {
        var days = time / 86400
        var year = 1970
        while days >= (isLeap(year) ? 366 : 365) {
            days -= isLeap(year) ? 366 : 365
            year += 1
        }
        let lengths = [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        var month = 0
        while days >= lengths[month] {
            days -= lengths[month]
            month += 1
        }
        return (year, month + 1, days + 1)
    }

    private static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }
}
