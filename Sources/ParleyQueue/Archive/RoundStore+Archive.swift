// Copying a round out, table by table, as one snapshot sees it.

public import ParleyModel
import ParleyPostgres

/// A table as it is copied.
public struct CopiedTable: Hashable, Sendable, Codable {
    public var name: String
    public var columns: [String]
    public var rows: Int

    public init(name: String, columns: [String], rows: Int) {
        self.name = name
        self.columns = columns
        self.rows = rows
    }
}

extension RoundStore {
    /// Copies all rows of a round in PostgreSQL's binary format.
    /// - Parameters:
    ///   - onChunk: takes whole rows of the table that is named
    ///   - onEnd: is told of each table when all of it was copied; tables come in the order of `RoundTable.all`
    /// - Throws: `incomplete` while somebody holds a job of it
    public nonisolated(nonsending) func archive(
        _ round: RoundID,
        onChunk: nonisolated(nonsending) ([UInt8]) async throws -> Void,
        onEnd: nonisolated(nonsending) (CopiedTable) async throws -> Void
    ) async throws {
        try await connection.transaction(isolation: .repeatableRead, readOnly: true) { _ in
            let held = try await held(round)
            guard held == 0 else {
                throw ParleyFailure(
                    .incomplete,
                    "\(held) jobs of the round are in flight.",
                    remedy: "Pause the round and wait for them: `parley pause ROUND`, `parley status ROUND`."
                )
            }
            for table in RoundTable.all {
                let columns = try await columns(of: table)
                let rows = try await connection.copyOut(
                    "copy (select \(columns.map { "t." + $0 }.joined(separator: ", ")) from \(table.source(round))) "
                        + "to stdout (format binary)",
                    onChunk
                )
                try await onEnd(CopiedTable(name: table.name, columns: columns, rows: rows))
            }
        }
    }
}

extension RoundTable {
    /// The round's rows, as `t` and with their condition. Of what was spent, all: what is not folded yet as well.
    func source(_ round: RoundID) -> String {
        let number = round.description
        if name == "spending" {
            return "parley.spent(array(select s.id from parley.streams s where s.round_id = \(number))) t"
        }
        return "parley.\(name) t where \(rows.replacing("$", with: number))"
    }
}
