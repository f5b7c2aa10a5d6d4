// Days, instants of wall clocks, and the windows of a series: against Foundation's calendar, over changes of the clock
// and 29 February.

import Foundation
import ParleyModel
import ParleyRounds
import Testing

@Suite("The calendar")
struct CalendarTests {
    @Test("A day's number is that of Foundation's calendar, there and back")
    func days() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
        for number in stride(from: -200_000, through: 400_000, by: 97) {
            let day = CalendarDay(number: number)
            let parts = calendar.dateComponents(
                [.year, .month, .day],
                from: Date(timeIntervalSince1970: Double(number) * 86_400)
            )
            // Foundation goes over to the Julian calendar in 1582; the round's days lie after.
            guard number > -141_000 else { continue }
            #expect([day.civil.year, day.civil.month, day.civil.day] == [parts.year, parts.month, parts.day])
            #expect(CalendarDay(day.description) == day)
        }
        for text in ["2027-02-29", "2100-02-29", "2027-13-01", "2027-1-1", "27-01-01", "2027-01-32", "", "2027-+1-01"] {
            #expect(CalendarDay(text) == nil, "\(text)")
        }
        #expect(CalendarDay("2028-02-29") != nil && CalendarDay("2000-02-29") != nil)
    }

    @Test("Months are added to the day that was asked for, and end at the month's end")
    func months() throws {
        let start = try #require(CalendarDay("2027-08-31"))
        #expect(
            (0..<5).map { start.adding(months: 6 * $0).description }
                == ["2027-08-31", "2028-02-29", "2028-08-31", "2029-02-28", "2029-08-31"]
        )
        #expect(try #require(CalendarDay("2028-02-29")).adding(months: 12).description == "2029-02-28")
        #expect(try #require(CalendarDay("2028-02-29")).adding(months: 48).description == "2032-02-29")
    }

    @Test(
        "A wall clock's time is one instant, also where the clock shows it twice or never",
        arguments: [
            // London: winter, summer; the clock leaps from 1:00 to 2:00, and goes back from 2:00 to 1:00.
            ("Europe/London", "2027-01-15", 540, "20270115T090000Z"),
            ("Europe/London", "2027-07-15", 540, "20270715T080000Z"),
            ("Europe/London", "2027-03-28", 90, "20270328T013000Z"),
            ("Europe/London", "2027-10-31", 90, "20271031T003000Z"),
            ("Europe/London", "2027-10-31", 150, "20271031T023000Z"),
            ("America/New_York", "2027-03-14", 150, "20270314T073000Z"),
            ("America/New_York", "2027-11-07", 90, "20271107T053000Z"),
            ("Australia/Lord_Howe", "2027-04-04", 105, "20270403T144500Z"),
            ("Pacific/Apia", "2027-06-01", 0, "20270531T110000Z"),
            ("UTC", "2028-02-29", 1439, "20280229T235900Z"),
        ]
    )
    func instants(zone: String, day: String, minutes: Int, expected: String) throws {
        let zone = try #require(TimeZone(identifier: zone))
        let instant = try #require(CalendarDay(day)).instant(minutes: minutes, in: zone)
        #expect(ICalendar.utc(instant) == expected)
    }

    @Test("A series' windows keep their local time over changes of the clock, and its rounds their day")
    func windows() throws {
        let series = Series(
            name: "s",
            title: "S",
            timeZone: "Europe/London",
            first: "2027-02-28",
            everyMonths: 6,
            windows: [
                SeriesWindow(kind: .freeze, day: 0, days: 1, opens: 540, closes: 540),
                SeriesWindow(kind: .run, day: 2, days: 28, opens: 540, closes: 1020),
            ]
        )
        let first = try series.windows(of: 0)
        #expect(first.map(\.opensAt).map(ICalendar.utc) == ["20270228T090000Z", "20270302T090000Z"])
        // The run ends in summer time: an hour earlier by UTC, at the same local time.
        #expect(first.map(\.closesAt).map(ICalendar.utc) == ["20270301T090000Z", "20270330T160000Z"])
        #expect(
            try series.windows(of: 1).map(\.opensAt).map(ICalendar.utc) == ["20270828T080000Z", "20270830T080000Z"]
        )
        #expect(try series.windows(of: 2).map(\.opensAt).map(ICalendar.utc).first == "20280228T090000Z")
        #expect(try series.windows(until: first[0].opensAt).map(\.occurrence) == [0, 0, 1, 1, 2, 2])
    }

    @Test("iCalendar is folded at 75 octets between characters, escaped, and ends its lines with CR LF")
    func iCalendar() throws {
        let title = String(repeating: "é,;\\ \n", count: 30)
        let event = CalendarEvent(uid: "u@x", start: 0, end: 60, summary: title, details: "d\u{7}", reminders: [14, 2])
        let text = ICalendar.text([event], stamp: 1_800_000_000)
        let lines = text.components(separatedBy: "\r\n")
        #expect(lines.last == "" && !lines.contains { $0.contains("\n") || $0.contains("\r") })
        #expect(lines.allSatisfy { $0.utf8.count <= 75 })
        let unfolded = text.replacingOccurrences(of: "\r\n ", with: "").components(separatedBy: "\r\n")
        let escaped = String(repeating: "é\\,\\;\\\\ \\n", count: 30)
        #expect(unfolded.contains("SUMMARY:" + escaped) && unfolded.contains("DESCRIPTION:d"))
        #expect(unfolded.count { $0 == "BEGIN:VALARM" } == 2 && unfolded.contains("TRIGGER:-P14D"))
        #expect(unfolded.contains("DTSTAMP:20270115T080000Z") && unfolded.contains("DTEND:19700101T000100Z"))
        #expect(unfolded.first == "BEGIN:VCALENDAR" && unfolded.dropLast().last == "END:VCALENDAR")
    }
}
