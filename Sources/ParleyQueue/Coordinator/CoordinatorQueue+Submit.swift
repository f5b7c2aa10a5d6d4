// Submitting a round: definition, samples, cells, streams and jobs, in one transaction. Either all of it is there and
// workers see it, or none.

import Foundation
import Logging
public import ParleyModel
import ParleyPostgres

extension CoordinatorQueue {
    /// What submitting a round did.
    public struct Submission: Hashable, Sendable {
        public let round: RoundID
        /// Jobs that were inserted: all of them the first time, none when nothing was missing.
        public let enqueued: Int
        /// Whether the round was there before.
        public let existed: Bool
        /// What the round is frozen and signed under.
        public let definitionHash: ContentHash
    }

    /// Submits a round and announces it.
    ///
    /// Submitting costs the same for any number of jobs: what was never claimed is no row. A round of the same name
    /// and the same hash is continued, and nothing is read from `nextSample`.
    ///
    /// A round begins as a draft, of which nothing runs. One that its parties do not sign goes on to `running` at once;
    /// one that they sign is frozen, and runs when ``move(_:to:by:)`` finds all signatures.
    ///
    /// - Parameters:
    ///   - state: how far it goes: `draft`, which can still be submitted with another definition, `frozen` or `running`
    ///   - admitting: login roles, or groups of them, that may work for this round
    ///   - tags: what a worker must have to call a model
    ///   - reservations: for each cell, what a probe and each judge's grade may use: reserved under budgets and limits
    ///     of tokens until it is known
    ///   - keys: of held-out suites, wrapped; kept with a round that is new
    ///   - tree: what is signed in place of the definition, where a lab may leave; the definition is veiled then
    ///   - nextSample: called with the index of each suite in turn until it gives nil; samples in their frozen order,
    ///     sealed. They are streamed: one at a time is held.
    /// - Throws: `ParleyFailure` when a round of this name has another definition, or when a suite's samples are not as
    ///   many as the definition says
    public nonisolated(nonsending) func submit(
        _ definition: RoundDefinition,
        upTo state: RoundState = .running,
        by authority: Authority = Authority(actor: ""),
        admitting: [String] = [QueueSchema.workerRole],
        tags: [ModelName: [String]] = [:],
        reservations: [[Reservation]] = [],
        keys: [WrappedKey] = [],
        tree: String? = nil,
        nextSample: nonisolated(nonsending) (_ suite: Int) async throws -> SealedSample?
    ) async throws -> Submission {
        let plan = try StreamPlan(definition, tags: tags, reservations: reservations)
        try await requireNowhereElse(definition.name)
        let json = try definition.json()
        let hash = try definition.hash
        let submission = try await pool.transaction { connection in
            let inserted = try await connection.query(
                CoordinatorStatement.insertRound.rawValue,
                [
                    .text(definition.name.text), .text(definition.title), .text(definition.tier.rawValue),
                    .text(json.canonical), .bytea(hash.bytes), .bool(definition.isSimulated),
                    .int32(Int32(clamping: definition.signatures ?? 0)),
                ]
            )
            let existing = try await inserted.isEmpty ? continued(definition, json, hash, connection) : nil
            let round = try existing?.round ?? RoundID(inserted.only().int64(0))
            let isNew = existing?.isNew ?? true
            if isNew {
                try await insertParts(of: definition, plan, round, connection)
                try await insertSamples(of: definition, round, connection, nextSample)
                try await insert(keys, round, connection)
                try await insert(tree, round, connection)
            }
            _ = try await connection.query(
                CoordinatorStatement.admit.rawValue,
                [.int64(round.rawValue), .textArray(admitting)]
            )
            let restored = try await connection.query(
                CoordinatorStatement.enqueue.rawValue,
                [.int64(round.rawValue)]
            ).only().int64(0)
            try await advance(round, definition, upTo: state, by: authority, connection)
            let planned = isNew ? plan.streams.reduce(0) { $0 + ($1.stage == .probe ? $1.jobs : 0) } : 0
            return Submission(
                round: round,
                enqueued: planned + Int(restored),
                existed: inserted.isEmpty,
                definitionHash: hash
            )
        }
        logger.debug(
            "round submitted",
            metadata: ["round": "\(submission.round)", "enqueued": "\(submission.enqueued)"]
        )
        try await announce(submission.round)
        return submission
    }

    /// The round of this name, and whether its parts are to be written: a draft is emptied for another definition.
    private nonisolated(nonsending) func continued(
        _ definition: RoundDefinition,
        _ json: JSONValue,
        _ hash: ContentHash,
        _ connection: PostgresConnection
    ) async throws -> (round: RoundID, isNew: Bool) {
        let name = definition.name
        let row = try await connection.query(CoordinatorStatement.findRound.rawValue, [.text(name.text)]).only()
        let stored = try ContentHash(stored: row.bytea(1))
        let round = RoundID(try row.int64(0))
        if try row.text("presence") != RoundStore.Presence.here.rawValue, let absence = try await absence(of: name) {
            throw absence
        }
        if stored == hash { return (round, false) }
        guard try row.text(2) == RoundState.draft.rawValue else {
            throw ParleyFailure(
                .invalidInput,
                "A round named '\(name)' was submitted before with another definition (\(stored), now \(hash)).",
                remedy: "Give the changed round another name, or restore the file to continue the earlier one."
            )
        }
        _ = try await connection.query(
            CoordinatorStatement.redraft.rawValue,
            [
                .int64(round.rawValue), .text(definition.title), .text(definition.tier.rawValue),
                .text(json.canonical), .bytea(hash.bytes), .bool(definition.isSimulated),
                .int32(Int32(clamping: definition.signatures ?? 0)),
            ]
        )
        return (round, true)
    }

    /// Moves a round that has not run yet as far as it is to go without signatures.
    private nonisolated(nonsending) func advance(
        _ round: RoundID,
        _ definition: RoundDefinition,
        upTo state: RoundState,
        by authority: Authority,
        _ connection: PostgresConnection
    ) async throws {
        let row = try await connection.query(
            CoordinatorStatement.findRound.rawValue,
            [.text(definition.name.text)]
        ).only()
        var steps: [RoundState] = []
        if try row.text(2) == RoundState.draft.rawValue, state != .draft { steps.append(.frozen) }
        let isWaiting = try [RoundState.draft.rawValue, RoundState.frozen.rawValue].contains(row.text(2))
        if isWaiting, state == .running, definition.signatures == nil { steps.append(.running) }
        for step in steps {
            _ = try await connection.query(
                CoordinatorStatement.moveRound.rawValue,
                [
                    .int64(round.rawValue), .text(step.rawValue), .text(authority.actor.storable(bytes: 256)),
                    .text(authority.reason.storable(bytes: 2048)),
                ]
            )
        }
    }

    private nonisolated(nonsending) func insertParts(
        of definition: RoundDefinition,
        _ plan: StreamPlan,
        _ round: RoundID,
        _ connection: PostgresConnection
    ) async throws {
        let id = PostgresValue.int64(round.rawValue)
        let parties = definition.parties
        _ = try await connection.query(
            CoordinatorStatement.insertParties.rawValue,
            [
                id, .textArray(parties.map(\.name.text)), .textArray(parties.map(\.role.rawValue)),
                .boolArray(parties.map { $0.signs && definition.signatures != nil }),
                .byteaArray(parties.map { $0.key.flatMap { Data(base64Encoded: $0) }.map { Array($0) } }),
            ]
        )
        let suites = definition.suites
        _ = try await connection.query(
            CoordinatorStatement.insertSuites.rawValue,
            [
                id, .int32Array(suites.indices.map { Int32($0) }), .textArray(suites.map(\.name.text)),
                .int32Array(suites.map { Int32(clamping: $0.dataset.count) }),
                .int32Array(suites.map { Int32(clamping: $0.epochs) }),
                .int16Array(suites.map { Int16(clamping: $0.scorer.grader?.judges.count ?? 0) }),
                .textArray(suites.map { $0.scorer.grader?.combination.rawValue }),
                .textArray(suites.map(\.party.text)), .boolArray(suites.map(\.isHeldOut)),
            ]
        )
        let cells = plan.streams.filter { $0.stage == .probe }
        _ = try await connection.query(
            CoordinatorStatement.insertCells.rawValue,
            [
                id, .int32Array(cells.map { Int32($0.cell) }), .int32Array(cells.map { Int32($0.suite) }),
                .textArray(definition.cells.map(\.configuration.text)), .textArray(cells.map(\.model.text)),
                .textArray(cells.map(\.party.text)), .int64Array(cells.map { Int64($0.samples) * Int64($0.epochs) }),
            ]
        )
        let streams = plan.streams
        _ = try await connection.query(
            CoordinatorStatement.insertStreams.rawValue,
            [
                id, .int32Array(streams.map { Int32($0.cell) }), .int32Array(streams.map { Int32($0.suite) }),
                .int16Array(streams.map(\.stage.rawValue)),
                .int16Array(streams.map { $0.judge.map { Int16(clamping: $0) } }),
                .int64Array(streams.map(\.base)), .int64Array(streams.map(\.probeBase)),
                .int32Array(streams.map { Int32(clamping: $0.samples) }),
                .int32Array(streams.map { Int32(clamping: $0.epochs) }), .int16Array(streams.map(\.priority)),
                .textArray(streams.map { $0.tags.joined(separator: ",") }), .textArray(streams.map(\.account)),
                .textArray(streams.map(\.model.text)), .textArray(streams.map(\.party.text)),
                .textArray(streams.map(\.suiteName.text)), .int32Array(streams.map { Int32(clamping: $0.concurrency) }),
                .int32Array(streams.map { $0.requestsPerMinute.map { Int32(clamping: $0) } }),
                .int64Array(streams.map(\.tokensPerMinute)), .int64Array(streams.map(\.reservation.tokens)),
                .int64Array(streams.map(\.reservation.cost.billionths)),
            ]
        )
        let subjects = streams.flatMap { stream in stream.subjects.map { (stream.base, $0) } }
        _ = try await connection.query(
            CoordinatorStatement.insertSubjects.rawValue,
            [
                id, .int64Array(subjects.map(\.0)), .textArray(subjects.map(\.1.name.text)),
                .textArray(subjects.map(\.1.party.text)),
            ]
        )
        let exposures = plan.exposures(of: definition)
        _ = try await connection.query(
            CoordinatorStatement.insertExposures.rawValue,
            [
                id, .int32Array(exposures.map { Int32(clamping: $0.suite) }),
                .textArray(exposures.map(\.model.name.text)), .textArray(exposures.map(\.purpose.rawValue)),
                .textArray(exposures.map(\.model.party.text)), .textArray(exposures.map(\.provider)),
                .textArray(exposures.map(\.term)),
            ]
        )
        _ = try await connection.query(CoordinatorStatement.insertLimits.rawValue, [id])
        try await insertBudgets(of: definition, plan, id, connection)
    }

    private nonisolated(nonsending) func insertBudgets(
        of definition: RoundDefinition,
        _ plan: StreamPlan,
        _ round: PostgresValue,
        _ connection: PostgresConnection
    ) async throws {
        let budgets = definition.budgets
        if budgets.isEmpty { return }
        _ = try await connection.query(
            CoordinatorStatement.insertBudgets.rawValue,
            [
                round, .int32Array(budgets.indices.map { Int32(clamping: $0 + 1) }),
                .textArray(budgets.map(\.scope)), .int64Array(budgets.map(\.tokens)),
                .int64Array(budgets.map { $0.money?.billionths }), .boolArray(budgets.map(\.cancels)),
            ]
        )
        let members = plan.streams.flatMap { stream in stream.budgets.map { (stream.base, Int32(clamping: $0 + 1)) } }
        _ = try await connection.query(
            CoordinatorStatement.insertBudgetStreams.rawValue,
            [round, .int64Array(members.map(\.0)), .int32Array(members.map(\.1))]
        )
    }

    private nonisolated(nonsending) func insertSamples(
        of definition: RoundDefinition,
        _ round: RoundID,
        _ connection: PostgresConnection,
        _ nextSample: nonisolated(nonsending) (_ suite: Int) async throws -> SealedSample?
    ) async throws {
        for (suite, part) in definition.suites.enumerated() {
            var page: [SealedSample] = []
            var bytes = 0
            var written = 0
            while let sample = try await nextSample(suite) {
                page.append(sample)
                bytes += sample.content.count
                guard bytes >= 1 << 18 || page.count == 1000 else { continue }
                try await insert(page, from: written, suite, round, connection)
                written += page.count
                page.removeAll(keepingCapacity: true)
                bytes = 0
            }
            if !page.isEmpty { try await insert(page, from: written, suite, round, connection) }
            try check(written + page.count, part)
        }
    }

    private nonisolated(nonsending) func insert(
        _ page: [SealedSample],
        from first: Int,
        _ suite: Int,
        _ round: RoundID,
        _ connection: PostgresConnection
    ) async throws {
        _ = try await connection.query(
            CoordinatorStatement.insertSamples.rawValue,
            [
                .int64(round.rawValue), .int32(Int32(suite)),
                .int32Array(page.enumerated().map { Int32(clamping: $1.place ?? first + $0) }),
                .textArray(page.map(\.id)), .byteaArray(page.map(\.contentHash.bytes)),
                .byteaArray(page.map(\.content)),
                .int32Array(page.enumerated().map { $1.place == nil ? nil : Int32(clamping: first + $0) }),
            ]
        )
    }

    private nonisolated(nonsending) func insert(
        _ keys: [WrappedKey],
        _ round: RoundID,
        _ connection: PostgresConnection
    ) async throws {
        if keys.isEmpty { return }
        _ = try await connection.query(
            CoordinatorStatement.insertKeys.rawValue,
            WrappedKey.parameters(keys, round: round, by: "submission")
        )
    }

    private nonisolated(nonsending) func insert(
        _ tree: String?,
        _ round: RoundID,
        _ connection: PostgresConnection
    ) async throws {
        _ = try await connection.query(CoordinatorStatement.dropTree.rawValue, [.int64(round.rawValue)])
        guard let tree else { return }
        _ = try await connection.query(
            CoordinatorStatement.insertTree.rawValue,
            [.int64(round.rawValue), .text(tree)]
        )
    }

    private func check(_ count: Int, _ suite: Suite) throws(ParleyFailure) {
        if count == suite.dataset.count { return }
        throw ParleyFailure(
            .invalidInput,
            "Suite '\(suite.name)' was frozen with \(suite.dataset.count) samples, its dataset gives \(count).",
            remedy: "The dataset changed since it was frozen: restore it, or plan the round again under another name."
        )
    }
}
