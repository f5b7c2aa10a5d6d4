// The outcomes: that they stand in their places, that those which are said to be open are open, that all of them give
// the Merkle root, and that graded ones follow from their grades.

import ParleyModel

extension PackageVerifier {
    mutating func checkOutcomes() {
        guard let definition, let bytes = package[.outcomes] else { return }
        let subject = PackageManifest.File.outcomes.rawValue
        do throws(Ledger.Fault) {
            let records = try [SealedRecord](parsing: bytes)
            let open = try openOutcomes(records, definition)
            checkRecords(records, manifest.outcomes, "outcomes", subject)
            outcomes = open
            let hidden = records.count - open.count
            if hidden > 0 {
                note(
                    "outcomes",
                    "hidden",
                    .notCovered,
                    "\(hidden) outcomes of cells that this recipient may not see: committed to and counted, not shown."
                )
            }
        } catch {
            let reason = "This is no outcome of the round: \(error.reason)."
            note("outcomes", "\(subject), line \(error.line)", .failed, reason)
        }
    }

    /// The number of records, how many are open, and their root, against the manifest.
    mutating func checkRecords(
        _ records: [SealedRecord],
        _ stated: PackageManifest.Records,
        _ check: String,
        _ subject: String
    ) {
        let found = PackageManifest.Records(records)
        guard found.count == stated.count else {
            return note(check, subject, .failed, "It holds \(found.count) records, the manifest says \(stated.count).")
        }
        guard found.root == stated.root else {
            return note(
                check,
                subject,
                .failed,
                "The records give the Merkle root \(found.root), the manifest says \(stated.root): one was changed."
            )
        }
        guard found.open == stated.open else {
            return note(check, subject, .failed, "\(found.open) records are open, the manifest says \(stated.open).")
        }
        note(check, nil, .passed, "\(found.count) records, \(found.open) open, give the manifest's Merkle root.")
    }

    /// The open outcomes, in order. Throws the first line that is not in its place, or is open or hidden and should not.
    private func openOutcomes(
        _ records: [SealedRecord],
        _ definition: RoundDefinition
    ) throws(Ledger.Fault) -> [PackagedOutcome] {
        let isOpen = Set(manifest.openCells)
        let suites = definition.cells.map { definition.suite($0.suite) }
        var open: [PackagedOutcome] = []
        var last: PackagedOutcome.Position?
        for (index, record) in records.enumerated() {
            func fault(_ reason: String) -> Ledger.Fault { Ledger.Fault(line: index + 1, reason: reason) }
            guard let position = PackagedOutcome.Position(json: record.position),
                suites.indices.contains(position.cell), let suite = suites[position.cell], position.isPlanned(in: suite)
            else { throw fault("it stands where nothing was planned") }
            if let last, !(last < position) { throw fault("\(position) stands twice, or out of order") }
            last = position
            guard isOpen.contains(position.cell) == (record.content != nil) else {
                throw fault(
                    record.content == nil
                        ? "\(position) is hidden, and its cell is said to be open"
                        : "\(position) is open, and its cell is said to be hidden"
                )
            }
            guard let content = record.content else { continue }
            guard let outcome = PackagedOutcome(position: position, content: content) else {
                throw fault("a member of its content is missing, unknown or out of range")
            }
            let judges = outcome.grades.map(\.judge)
            let known = 0..<(suite.scorer.grader?.judges.count ?? 0)
            guard judges == Set(judges).sorted(), judges.allSatisfy(known.contains) else {
                throw fault("it has grades by judges that its suite does not have, or two by one")
            }
            open.append(outcome)
        }
        return open
    }

    mutating func checkGrades() {
        guard let definition, let outcomes else { return }
        var graded = 0
        for outcome in outcomes {
            let cell = definition.cells[outcome.position.cell]
            guard let grader = definition.suite(cell.suite)?.scorer.grader else { continue }
            let expected = grader.combinedScore(outcome.grades)
            let isGraded = outcome.kind == .scored || !outcome.grades.isEmpty
            guard isGraded else { continue }
            graded += 1
            guard outcome.score == expected, outcome.kind == (expected == nil ? .unscorable : .scored) else {
                return note(
                    "grades",
                    "\(cell.suite) on \(cell.configuration), \(outcome.position)",
                    .failed,
                    "Its grades give \(expected?.description ?? "no score"), and it says "
                        + "\(outcome.score?.description ?? "no score")."
                )
            }
        }
        if graded > 0 { note("grades", nil, .passed, "\(graded) graded outcomes follow from their grades.") }
    }
}
