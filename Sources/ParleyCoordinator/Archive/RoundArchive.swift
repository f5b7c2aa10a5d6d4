// A round between a database and a file.

public import ParleyEvidence
public import ParleyModel
public import ParleyQueue

extension RoundStore {
    /// Writes a round into a file.
    public func archive(_ known: Known, to path: String) async throws -> ArchiveManifest {
        let round = ArchiveManifest.Round(
            name: known.name,
            number: known.id,
            state: known.state.rawValue,
            definitionHash: known.definitionHash
        )
        var writer = try ArchiveWriter(
            path,
            ArchiveManifest(schema: QueueSchema.migrations.count, round: round, from: place)
        )
        try await archive(
            known.id,
            onChunk: { try writer.append($0) },
            onEnd: { try writer.end($0.name, columns: $0.columns, rows: $0.rows) }
        )
        return try writer.finish()
    }

    /// Takes in the round of a file. Settled by somebody, it is here from then on; else it stays `arriving`.
    /// - Returns: its number here
    /// - Throws: as `RoundStore.restore`; `verification` where the file was changed; nothing was taken in then
    public func restore(
        _ path: String,
        settledBy authority: CoordinatorQueue.Authority? = nil
    ) async throws -> RoundID {
        var reader = try ArchiveReader(path)
        let manifest = reader.manifest
        guard manifest.schema == QueueSchema.migrations.count else {
            throw ParleyFailure(
                .unreadable,
                "\(path) is of schema \(manifest.schema), this program's is \(QueueSchema.migrations.count).",
                remedy: "Restore it with the version that wrote it, then run `parley migrate`."
            )
        }
        return try await restore(manifest.arrival, manifest.copied, settledBy: authority) { try reader.next($0.name) }
    }
}

extension ArchiveManifest {
    /// The round that it brings.
    public var arrival: RoundStore.Arrival {
        get throws {
            RoundStore.Arrival(
                name: round.name,
                number: round.number,
                definitionHash: round.definitionHash,
                archive: try hash,
                from: from
            )
        }
    }

    /// Its tables, as the queue knows them.
    public var copied: [CopiedTable] {
        tables.map { CopiedTable(name: $0.name, columns: $0.columns, rows: $0.rows) }
    }
}
