// What a database holds of the round, as it is read past Parley: all blobs, and by what the lab goes there.

import Foundation
import ParleyModel
import ParleyPostgres
import ParleyTestSupport
import Testing

extension SilentRound {
    /// The texts by which the stored definition and the outcomes tell of labs: handles, and ids as ciphertext.
    func stored() async throws -> Set<String> {
        let definition = try await owner.query("select definition from parley.rounds").only().text(0)
        let returned = try await owner.query(
            "select distinct model_returned from parley.outcomes where model_returned like 'sealed.%'"
        ).map { String(try $0.text(0).dropFirst("sealed.".count)) }
        return try Set(Self.texts(JSONValue(parsing: definition)) + returned)
    }

    private static func texts(_ value: JSONValue) -> [String] {
        switch value {
        case .array(let elements): elements.flatMap(texts)
        case .object(let members): members.values.flatMap(texts)
        // Shorter ones are words.
        case .string(let text): text.count > 8 ? [text] : []
        case .null, .bool, .integer, .number: []
        }
    }

    /// A job of each cell of a lab, and of the lab's dead ones.
    func jobs(of handle: String) async throws -> [Int64] {
        try await owner.query(
            """
            select min(o.job_id) from parley.outcomes o join parley.cells c using (round_id, cell_no)
            where c.party = $1 group by o.cell_no, o.stage
            union all
            select min(d.job_id) from parley.dead_jobs d join parley.cells c using (round_id, cell_no)
            where c.party = $1
            """,
            [.text(handle)]
        ).map { try $0.int64(0) }
    }

    /// Every value of every column of bytes, one after the other.
    static func blobs(_ connection: PostgresConnection) async throws -> Data {
        let columns = try await connection.query(
            """
            select format('%I.%I', n.nspname, c.relname), quote_ident(a.attname)
            from pg_namespace n join pg_class c on c.relnamespace = n.oid join pg_attribute a on a.attrelid = c.oid
            where n.nspname in ('parley', 'parley_rounds') and c.relkind = 'r' and a.atttypid = 'bytea'::regtype
                and not a.attisdropped
            """
        ).map { (try $0.text(0), try $0.text(1)) }
        #expect(columns.contains { $0 == ("parley.segments", "content") })
        #expect(columns.contains { $0 == ("parley_rounds.transcripts_1", "sealed") })
        var all = Data()
        for (table, column) in columns {
            let rows = try await connection.query("select \(column) from \(table) where \(column) is not null")
            for row in rows { all += Data(try row.bytea(0)) + Data("\n".utf8) }
        }
        return all
    }
}
