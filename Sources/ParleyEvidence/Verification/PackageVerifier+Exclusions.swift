// Where a ruling leaves an outcome out: each must stand where something was planned and nothing came, and the ledger must
// hold rulings on as many.

import ParleyModel

extension PackageVerifier {
    mutating func checkExclusions() {
        guard let definition, let outcomes, let bytes = package[.exclusions] else { return }
        let subject = PackageManifest.File.exclusions.rawValue
        exclusions = nil
        do throws(Ledger.Fault) {
            let found = try Self.positions(bytes, definition, Set(manifest.openCells), Set(outcomes.map(\.position)))
            guard let ledger else {
                let why = "The ledger, which holds the rulings, is damaged: see above."
                return note("exclusions", subject, .notCovered, why)
            }
            let ruled = ledger.excluded
            guard found.count <= ruled else {
                let reason = "\(found.count) outcomes are said to be ruled out, and the ledger has rulings on \(ruled)."
                return note("exclusions", subject, .failed, reason)
            }
            exclusions = found
            let reason = "\(found.count) outcomes are ruled out, in no figure; the ledger has rulings on \(ruled)."
            note("exclusions", nil, .passed, reason)
        } catch {
            note("exclusions", "\(subject), line \(error.line)", .failed, "This is no exclusion: \(error.reason).")
        }
    }

    private static func positions(
        _ bytes: [UInt8],
        _ definition: RoundDefinition,
        _ isOpen: Set<Int>,
        _ outcomes: Set<PackagedOutcome.Position>
    ) throws(Ledger.Fault) -> [PackagedOutcome.Position] {
        var found: [PackagedOutcome.Position] = []
        for (index, line) in try JSONLines.split(bytes, limit: Ledger.lineLimit).enumerated() {
            func fault(_ reason: String) -> Ledger.Fault { Ledger.Fault(line: index + 1, reason: reason) }
            let line = Array(line)
            guard let json = try? JSONValue(parsing: line), json.canonicalBytes == line,
                let position = PackagedOutcome.Position(json: json)
            else { throw fault("it is no position in canonical form") }
            guard isOpen.contains(position.cell), definition.cells.indices.contains(position.cell),
                let suite = definition.suite(definition.cells[position.cell].suite), position.isPlanned(in: suite)
            else { throw fault("it stands where nothing was planned, or in a cell that is hidden") }
            if let last = found.last, !(last < position) { throw fault("\(position) stands twice, or out of order") }
            if outcomes.contains(position) { throw fault("\(position) has an outcome") }
            found.append(position)
        }
        return found
    }
}

extension PackagedOutcome.Position {
    /// Whether a cell of this suite was to have an outcome there.
    func isPlanned(in suite: Suite) -> Bool {
        (0..<suite.dataset.count).contains(sample) && (1...suite.epochs).contains(epoch)
    }
}

extension Ledger {
    /// On how many jobs somebody ruled that their outcomes are left out, those included that ran again afterwards. An
    /// entry's subject is `exclude (N)`.
    fileprivate var excluded: Int {
        entries.reduce(0) { sum, entry in
            guard entry.what == "rule", entry.subject.hasPrefix("exclude ("), entry.subject.hasSuffix(")") else {
                return sum
            }
            // Not Int: what a hostile package says may be of any size.
            return min(sum + Int(UInt32(entry.subject.dropFirst(9).dropLast()) ?? 0), Int(UInt32.max))
        }
    }
}
