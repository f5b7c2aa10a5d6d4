// The calendar in the database: series, the windows that are planned of them, and which edges were turned. What a
// series means is known elsewhere; here its definition is text.

public import ParleyModel
import ParleyPostgres

/// A window of the calendar. Times are microseconds since the Unix epoch.
public struct CalendarWindow: Hashable, Sendable {
    public let series: String
    /// From 0.
    public let occurrence: Int
    public let kind: String
    public let opensAtMicros: Int64
    public let closesAtMicros: Int64
    /// When its edges were turned, by the database's clock.
    public let openedAtMicros: Int64?
    public let closedAtMicros: Int64?
    /// What turning them did to the round; empty where it did nothing.
    public let effects: [String]
    /// The occurrence's round and its state.
    public let round: RoundName?
    public let state: RoundState?

    public init(
        series: String,
        occurrence: Int,
        kind: String,
        opensAtMicros: Int64,
        closesAtMicros: Int64,
        openedAtMicros: Int64? = nil,
        closedAtMicros: Int64? = nil,
        effects: [String] = [],
        round: RoundName? = nil,
        state: RoundState? = nil
    ) {
        self.series = series
        self.occurrence = occurrence
        self.kind = kind
        self.opensAtMicros = opensAtMicros
        self.closesAtMicros = closesAtMicros
        self.openedAtMicros = openedAtMicros
        self.closedAtMicros = closedAtMicros
        self.effects = effects
        self.round = round
        self.state = state
    }
}

/// An edge of a window that was turned.
public struct TurnedEdge: Hashable, Sendable {
    public let series: String
    public let occurrence: Int
    public let kind: String
    /// `open` or `close`.
    public let edge: String
    public let dueAtMicros: Int64
    public let effect: String
}

extension CoordinatorQueue {
    /// A window to be planned. Times are seconds since the Unix epoch.
    public struct NewWindow: Hashable, Sendable {
        public var occurrence: Int
        public var kind: String
        public var opensAt: Int64
        public var closesAt: Int64

        public init(occurrence: Int, kind: String, opensAt: Int64, closesAt: Int64) {
            self.occurrence = occurrence
            self.kind = kind
            self.opensAt = opensAt
            self.closesAt = closesAt
        }
    }

    /// The time by the database's clock, in microseconds since the Unix epoch.
    public func now() async throws -> Int64 { try await query(.now).only().timestamptz(0) }

    /// Takes in a series with the windows that are planned of it: those that have not begun follow it.
    /// - Returns: how many windows changed
    @discardableResult
    public func planSeries(_ name: String, definition: String, _ windows: [NewWindow], by actor: String) async throws
        -> Int
    {
        Int(
            try await query(
                .planSeries,
                [
                    .text(name), .text(definition), .int32Array(windows.map { Int32(clamping: $0.occurrence) }),
                    .textArray(windows.map(\.kind)), .timestamptzArray(windows.map { $0.opensAt * 1_000_000 }),
                    .timestamptzArray(windows.map { $0.closesAt * 1_000_000 }), .text(actor),
                ]
            ).only().int64(0)
        )
    }

    /// The series by name, each with its definition as it was taken in.
    public func series() async throws -> [(name: String, definition: String)] {
        try await query(.series).map { (try $0.text(0), try $0.text(1)) }
    }

    /// Makes a round the one of an occurrence.
    /// - Throws: SQLSTATE P0002 where the calendar has no such occurrence, 55000 where its run has begun, 23505 where
    ///   the round is of another occurrence
    public func assign(_ round: RoundID, series: String, occurrence: Int, by actor: String) async throws {
        _ = try await query(
            .assignRound,
            [.text(series), .int32(Int32(clamping: occurrence)), .int64(round.rawValue), .text(actor)]
        )
    }

    /// Opens and closes every window that is due. An edge is turned once, whoever asks and however late.
    public func turnWindows() async throws -> [TurnedEdge] {
        try await query(.turnWindows).map { row in
            TurnedEdge(
                series: try row.text(0),
                occurrence: Int(try row.int32(1)),
                kind: try row.text(2),
                edge: try row.text(3),
                dueAtMicros: try row.timestamptz(4),
                effect: try row.text(5)
            )
        }
    }

    /// The whole calendar, by series, occurrence and opening.
    public func calendar() async throws -> [CalendarWindow] {
        try await query(.calendar).map { row in
            CalendarWindow(
                series: try row.text("series"),
                occurrence: Int(try row.int32("occurrence")),
                kind: try row.text("kind"),
                opensAtMicros: try row.timestamptz("opens_at"),
                closesAtMicros: try row.timestamptz("closes_at"),
                openedAtMicros: try row.timestamptzOrNil("opened_at"),
                closedAtMicros: try row.timestamptzOrNil("closed_at"),
                effects: [try row.textOrNil("opening"), try row.textOrNil("closing")].compactMap { $0 }
                    .filter { !$0.isEmpty },
                round: try row.textOrNil("round").map { RoundName($0) },
                state: try row.textOrNil("state").flatMap(RoundState.init(rawValue:))
            )
        }
    }
}
