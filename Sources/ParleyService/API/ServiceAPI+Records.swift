// What was done: the events of all rounds, newest first, and a round's ledger, oldest first.

import Foundation
import Hummingbird
import ParleyCoordinator
import ParleyEvidence
import ParleyModel
import ParleyQueue

struct EventsDocument: Encodable {
    struct Entry: Encodable {
        let at: String
        let who: String
        let what: String
        let round: Int64?
        let subject: String
        let why: String
    }

    let events: [Entry]
}

struct LedgerDocument: Encodable {
    let entries: [JSONValue]
}

extension ServiceAPI {
    func addRecords(to routes: inout ServiceRoutes) {
        routes.add(.get, "/v1/events", for: .operators(.read)) { request, _ in
            let query = try PageQuery(request, ["round"], isPage: true)
            let (place, limit) = (try Self.place(query.text("after")), try query.limit())
            var round: RoundID?
            if let name: RoundName = try query.name("round") {
                guard let record = try await queue.round(named: name) else {
                    throw Problem(.notFound, "There is no round of the name that 'round' gives.")
                }
                round = record.id
            }
            let events = try await queue.events(round: round, limit: limit, after: place)
            let rows = events.map {
                EventsDocument.Entry(
                    at: Date(timeIntervalSince1970: Double($0.atMicros) / 1e6).formatted(.iso8601),
                    who: $0.who,
                    what: $0.what,
                    round: $0.round?.rawValue,
                    subject: $0.subject,
                    why: $0.why
                )
            }
            let last = events.count == limit ? events.last?.place : nil
            return try answer(
                EventsDocument(events: rows),
                request,
                next: last.map { query.next(after: "\($0.atMicros).\($0.source).\($0.number)") }
            )
        }
        routes.add(.get, "/v1/rounds/:round/ledger", for: .operators(.read)) { request, context in
            let query = try PageQuery(request, isPage: true)
            let (after, limit) = (try query.after(0), try query.limit())
            let entries = try await queue.ledger(of: record(context)).entries.filter { $0.sequence > after }
            let page = Array(entries.prefix(limit))
            return try answer(
                LedgerDocument(entries: page.map(\.json)),
                request,
                next: entries.count > limit ? page.last.map { query.next(after: $0.sequence) } : nil
            )
        }
    }

    /// Where a page of events begins.
    private static func place(_ text: String?) throws -> Event.Place? {
        guard let text else { return nil }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { Int64($0) }
        // Times that a timestamp holds, in the nearer millennia.
        guard parts.count == 3, let at = parts[0], (0...100_000_000_000_000_000).contains(at), let source = parts[1],
            (0...9).contains(source), let number = parts[2], number >= 0
        else {
            throw Problem(
                .badRequest,
                "'after' is none that a page gave.",
                remedy: "Follow the Link of the page before."
            )
        }
        return Event.Place(atMicros: at, source: Int(source), number: number)
    }
}
