// A series: rounds that come again and are compared with one another, and the windows of each. Pure: the same series
// gives the same windows. Occurrences are counted from the first day, so that a short month in between moves none of
// the later ones.

import Foundation
public import ParleyModel

/// A part of a round's time.
public enum WindowKind: String, CaseIterable, Hashable, Sendable, Codable {
    case nomination, freeze, rehearsal, run, exchange, disclosure, release
}

/// A window of a series, by days from the first day of an occurrence.
public struct SeriesWindow: Hashable, Sendable, Codable {
    public var kind: WindowKind
    /// The day on which it opens, from 0.
    public var day: Int
    public var days: Int
    /// Minutes after midnight, on the first day and on the day after the last.
    public var opens: Int
    public var closes: Int

    public init(kind: WindowKind, day: Int, days: Int, opens: Int = 0, closes: Int = 0) {
        self.kind = kind
        self.day = day
        self.days = days
        self.opens = opens
        self.closes = closes
    }
}

/// A window of one occurrence.
public struct PlannedWindow: Hashable, Sendable {
    /// From 0.
    public let occurrence: Int
    public let kind: WindowKind
    /// In seconds since the Unix epoch.
    public let opensAt: Int64
    public let closesAt: Int64
}

/// A series of rounds.
public struct Series: Hashable, Sendable, Codable {
    public static let currentFormat = "parley.series/1"

    public var format: String
    public var name: String
    public var title: String
    /// An IANA name, such as Europe/London.
    public var timeZone: String
    /// The first day of the first occurrence, `2027-03-01`.
    public var first: String
    public var everyMonths: Int
    /// In the order of ``WindowKind``.
    public var windows: [SeriesWindow]
    /// Days before an opening or a closing at which people are reminded of it.
    public var reminders: [Int]

    public init(
        name: String,
        title: String,
        timeZone: String,
        first: String,
        everyMonths: Int,
        windows: [SeriesWindow],
        reminders: [Int] = []
    ) {
        format = Self.currentFormat
        self.name = name
        self.title = title
        self.timeZone = timeZone
        self.first = first
        self.everyMonths = everyMonths
        self.windows = windows
        self.reminders = reminders
    }

    /// The first day of an occurrence; nil where the series has no valid first day.
    public func day(of occurrence: Int) -> CalendarDay? {
        CalendarDay(first)?.adding(months: occurrence * everyMonths)
    }

    /// The windows of an occurrence.
    /// - Throws: `ParleyFailure` where the time zone or the first day is none
    public func windows(of occurrence: Int) throws(ParleyFailure) -> [PlannedWindow] {
        guard let zone = TimeZone(identifier: timeZone), let start = day(of: occurrence) else {
            throw ParleyFailure(
                .invalidInput,
                "'\(timeZone)' is no time zone, or '\(first)' no day, of series '\(name)'."
            )
        }
        return windows.map { window in
            let opening = CalendarDay(number: start.number + window.day)
            let closing = CalendarDay(number: opening.number + window.days)
            return PlannedWindow(
                occurrence: occurrence,
                kind: window.kind,
                opensAt: opening.instant(minutes: window.opens, in: zone),
                closesAt: closing.instant(minutes: window.closes, in: zone)
            )
        }
    }

    /// The windows of all occurrences that begin until an instant, and of two more, so that there always is a next one.
    /// - Parameter until: in seconds since the Unix epoch
    public func windows(until: Int64) throws(ParleyFailure) -> [PlannedWindow] {
        var all: [PlannedWindow] = []
        var more = 2
        for occurrence in 0..<1200 where more > 0 {
            let windows = try windows(of: occurrence)
            if let opening = windows.map(\.opensAt).min(), opening > until { more -= 1 }
            all += windows
        }
        return all
    }
}
