// Reads a series from its file (schemas/json/series.schema.json), reporting every mistake at once, as a round file is
// read.

import Foundation
public import ParleyModel

/// A file with one series.
public enum SeriesFile {
    static let keys = ["series", "title", "time_zone", "first", "every", "windows", "reminders"]
    static let windowKeys = ["day", "days", "opens", "closes"]

    /// Reads a series.
    ///
    ///     series: frontier
    ///     time_zone: Europe/London
    ///     first: 2027-03-01
    ///     every: 6 months
    ///     windows:
    ///       nomination: { day: 0, days: 21 }
    ///       run: { day: 42, days: 28, opens: "09:00", closes: "17:00" }
    ///     reminders: [14, 2]
    ///
    /// - Throws: every mistake in it
    public static func read(_ path: String) throws(InvalidInput) -> Series {
        let mistakes = Mistakes(file: path)
        var series: Series?
        do {
            let root = try YAMLFile.compose(path: path, name: path)
            let field = Field(key: "the series file", node: root, mistakes: mistakes)
            if let fields = Fields(field, what: "a series", keys: keys) { series = read(fields) }
        } catch {
            mistakes.add([error])
        }
        guard !mistakes.hasErrors, let series else { throw InvalidInput(mistakes.sorted) }
        return series
    }

    private static func read(_ fields: Fields) -> Series? {
        let nameField = fields.required("series", "series: frontier, a short name")
        let name = nameField?.text()
        if let nameField, let name { Declarations.checkName(nameField, name) }
        let zone = fields.required("time_zone", "time_zone: Europe/London, an IANA name").flatMap { field in
            field.text().flatMap { name -> String? in
                if TimeZone(identifier: name) != nil, name.contains("/") || name == "UTC" { return name }
                field.fail("'\(name.prefix(60))' is no IANA time zone", "write a name such as Europe/London, or UTC")
                return nil
            }
        }
        let first = fields.required("first", "first: 2027-03-01, the first day of the first round").flatMap { field in
            field.text().flatMap { text -> String? in
                if CalendarDay(text) != nil { return text }
                field.fail("'\(text.prefix(40))' is no day", "write year, month and day: 2027-03-01")
                return nil
            }
        }
        let every = fields.required("every", "every: 6 months").flatMap(months)
        let windows = fields.required("windows", "windows: { run: { day: 42, days: 28 } }").flatMap { readWindows($0) }
        let reminders = fields["reminders"]?.list(allowEmpty: true)?.compactMap { $0.count(in: 0...366) } ?? [14, 2]
        guard let name, let zone, let first, let every, let windows else { return nil }
        return Series(
            name: name,
            title: fields["title"]?.text() ?? name,
            timeZone: zone,
            first: first,
            everyMonths: every,
            windows: windows,
            reminders: Array(Set(reminders)).sorted(by: >)
        )
    }

    private static func months(_ field: Field) -> Int? {
        guard let text = field.text() else { return nil }
        let parts = text.split(separator: " ")
        if parts.count == 2, let count = Int(parts[0]), (1...60).contains(count) {
            if ["month", "months"].contains(parts[1]) { return count }
            if ["year", "years"].contains(parts[1]), count <= 5 { return count * 12 }
        }
        field.fail("'every' cannot be '\(text.prefix(40))'", "write 6 months, 1 year, or another number of them")
        return nil
    }

    private static func readWindows(_ field: Field) -> [SeriesWindow]? {
        guard let kinds = Fields(field, what: "the section 'windows'", keys: WindowKind.allCases.map(\.rawValue)) else {
            return nil
        }
        let windows = WindowKind.allCases.compactMap { kind in kinds[kind.rawValue].flatMap { read(kind, $0) } }
        if windows.isEmpty { field.fail("'windows' names no window", "name at least run: { day: 0, days: 28 }") }
        for (earlier, later) in zip(windows, windows.dropFirst())
        where (later.day, later.opens) < (earlier.day, earlier.opens) {
            kinds[later.kind.rawValue]?.fail(
                "'\(later.kind.rawValue)' opens before '\(earlier.kind.rawValue)'",
                "let it open on day \(earlier.day) or later"
            )
        }
        return windows
    }

    private static func read(_ kind: WindowKind, _ field: Field) -> SeriesWindow? {
        guard let fields = Fields(field, what: "a window", keys: windowKeys) else { return nil }
        let day = fields.required("day", "day: 0, the day on which it opens")?.count(in: 0...2000)
        let days = fields.required("days", "days: 14, how long it is")?.count(in: 1...2000)
        let opens = fields["opens"].map { minutes($0) } ?? 0
        let closes = fields["closes"].map { minutes($0) } ?? 0
        guard let day, let days, let opens, let closes else { return nil }
        return SeriesWindow(kind: kind, day: day, days: days, opens: opens, closes: closes)
    }

    private static func minutes(_ field: Field) -> Int? {
        guard let text = field.text() else { return nil }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        if parts.map(\.count) == [2, 2], let hours = Int(parts[0]), let minutes = Int(parts[1]),
            (0...23).contains(hours), (0...59).contains(minutes)
        {
            return hours * 60 + minutes
        }
        field.fail("'\(field.key)' cannot be '\(text.prefix(20))'", "write hours and minutes in quotes: \"09:00\"")
        return nil
    }
}
