// The calendar as a document: what `parley calendar --json` prints (schemas/json/calendar.schema.json). Pure: windows
// and an instant in, what is open, overdue or near out.

import Foundation
import ParleyModel
public import ParleyQueue
import ParleyRounds

/// The calendar at an instant.
public struct CalendarDocument: Hashable, Sendable, Codable {
    public static let currentFormat = "parley.calendar/1"

    public enum Status: String, Hashable, Sendable, Codable { case upcoming, open, closed }

    /// One window. Times are ISO 8601, UTC.
    public struct Window: Hashable, Sendable, Codable {
        public var series: String
        public var occurrence: Int
        public var kind: String
        public var opensAt: String
        public var closesAt: String
        public var status: Status
        /// When the coordinator opened and closed it; nil before.
        public var openedAt: String?
        public var closedAt: String?
        /// What that did to the round.
        public var effects: [String]
        public var round: String?
        public var state: RoundState?
        /// What should have been done when it closed and is not; nil where nothing is overdue.
        public var overdue: String?
    }

    /// An opening or a closing that is near.
    public struct Reminder: Hashable, Sendable, Codable {
        public var series: String
        public var occurrence: Int
        public var kind: String
        /// `opens` or `closes`.
        public var edge: String
        public var at: String
        public var daysLeft: Int
    }

    public var format: String
    public var now: String
    public var windows: [Window]
    /// The nearest first.
    public var reminders: [Reminder]

    /// - Parameters:
    ///   - reminders: by series, the days before an edge from which on people are reminded of it
    ///   - now: in microseconds since the Unix epoch
    public init(_ windows: [CalendarWindow], reminders: [String: [Int]], now: Int64) {
        format = Self.currentFormat
        self.now = Self.text(now)
        self.windows = windows.map { window in
            let status: Status =
                now < window.opensAtMicros ? .upcoming : now < window.closesAtMicros ? .open : .closed
            return Window(
                series: window.series,
                occurrence: window.occurrence,
                kind: window.kind,
                opensAt: Self.text(window.opensAtMicros),
                closesAt: Self.text(window.closesAtMicros),
                status: status,
                openedAt: window.openedAtMicros.map(Self.text),
                closedAt: window.closedAtMicros.map(Self.text),
                effects: window.effects,
                round: window.round?.text,
                state: window.state,
                overdue: status == .closed ? Self.overdue(window) : nil
            )
        }
        var near: [(at: Int64, reminder: Reminder)] = []
        for window in windows {
            let longest = reminders[window.series]?.max() ?? 0
            for (edge, at) in [("opens", window.opensAtMicros), ("closes", window.closesAtMicros)]
            where at > now && at - now <= Int64(longest) * 86_400_000_000 {
                near.append(
                    (
                        at,
                        Reminder(
                            series: window.series,
                            occurrence: window.occurrence,
                            kind: window.kind,
                            edge: edge,
                            at: Self.text(at),
                            daysLeft: Int((at - now) / 86_400_000_000)
                        )
                    )
                )
            }
        }
        self.reminders = near.sorted { ($0.at, $0.reminder.kind) < ($1.at, $1.reminder.kind) }.map(\.reminder)
    }

    /// The states in which a round that has kept to its calendar is after each window, and what is missing else.
    private static func overdue(_ window: CalendarWindow) -> String? {
        let order = RoundState.allCases
        func has(reached state: RoundState) -> Bool {
            guard let own = window.state.flatMap(order.firstIndex(of:)), let wanted = order.firstIndex(of: state) else {
                return false
            }
            return own >= wanted
        }
        switch WindowKind(rawValue: window.kind) {
        case .nomination: return window.round == nil ? "no round is assigned" : nil
        case .freeze: return has(reached: .frozen) ? nil : "the round is not frozen"
        case .run: return has(reached: .exchange) ? nil : "the round is not done"
        case .exchange: return has(reached: .correction) ? nil : "results were not exchanged"
        case .disclosure: return has(reached: .published) ? nil : "disclosure is not approved"
        case .release: return has(reached: .published) ? nil : "the round is not published"
        case .rehearsal, nil: return nil
        }
    }

    private static func text(_ micros: Int64) -> String {
        Date(timeIntervalSince1970: Double(micros / 1_000_000)).formatted(.iso8601)
    }
}

extension CoordinatorQueue {
    /// The calendar by the database's clock.
    /// - Parameter name: only this series
    public func calendarDocument(series name: String? = nil) async throws -> CalendarDocument {
        let (known, windows) = try await calendar(of: name)
        return CalendarDocument(windows, reminders: known.mapValues(\.reminders), now: try await now())
    }

    /// The calendar as iCalendar.
    /// - Parameter name: only this series
    public func iCalendar(series name: String? = nil) async throws -> String {
        let (known, windows) = try await calendar(of: name)
        let events = windows.map { window in
            let round = window.round.map { "Round \($0)" } ?? "No round is assigned yet"
            let zone = known[window.series].map { ", planned in \($0.timeZone)" } ?? ""
            return CalendarEvent(
                uid: "\(window.series)-\(window.occurrence)-\(window.kind)@parley",
                start: window.opensAtMicros / 1_000_000,
                end: window.closesAtMicros / 1_000_000,
                summary: "\(known[window.series]?.title ?? window.series) \(window.occurrence + 1): \(window.kind)",
                details: "\(round)\(zone).",
                reminders: known[window.series]?.reminders ?? []
            )
        }
        return ICalendar.text(events, stamp: try await now() / 1_000_000)
    }

    private func calendar(of name: String?) async throws -> (series: [String: Series], windows: [CalendarWindow]) {
        var known: [String: Series] = [:]
        for (series, definition) in try await series() where name == nil || series == name {
            known[series] = try JSONValue(parsing: definition).decode(Series.self)
        }
        if let name, known.isEmpty {
            throw ParleyFailure(
                .invalidInput,
                "There is no series named '\(name)' in the calendar.",
                remedy: "`parley calendar` lists all; `parley calendar add FILE` takes one in."
            )
        }
        return (known, try await calendar().filter { name == nil || $0.series == name })
    }
}
