// Checks a package with nothing but the package itself and the keys that its reader trusts: no network, no database.
// What can be computed again is computed again; what cannot be shown is said to be not covered. The files of this folder
// hold one part of the checks each, in the order in which they run.

public import ParleyModel

/// Checks one package.
public struct PackageVerifier {
    /// The most findings that are named one by one where they differ.
    static let namedLimit = 20

    let package: PackageFiles
    let manifest: PackageManifest
    let trusted: [PublicKey]
    let parleyVersion: String
    let drawReport: (FindingsDocument) -> String
    /// nil where this program draws no page for buyers.
    let drawPage: ((BuyerDocument) -> String)?

    var checks: [VerificationReport.Check] = []
    var keys: KeyRing
    /// Trusted keys of which a signature was found.
    var seen: Set<ContentHash> = []
    var definition: RoundDefinition?
    var ledger: Ledger?
    var outcomes: [PackagedOutcome]?
    /// nil where they are damaged.
    var exclusions: [PackagedOutcome.Position]? = []
    /// Of suites whose samples are open, their numbers in the dataset in the order in which they were run.
    var orders: [SuiteName: [Int]] = [:]
    var labels: [LabelRecord]?
    /// nil where they are damaged.
    var amendments: [Amendment]? = []
    /// As computed from the outcomes.
    var findings: FindingsDocument?

    /// - Parameters:
    ///   - trusted: keys that the reader got from the parties themselves
    ///   - parleyVersion: of this program
    ///   - drawReport: what draws the report of findings
    ///   - drawPage: what draws the page of a buyer's package
    /// - Throws: `unreadable` where there is no manifest to go by
    public init(
        _ package: PackageFiles,
        trusted: [PublicKey],
        parleyVersion: String,
        drawReport: @escaping (FindingsDocument) -> String,
        drawPage: ((BuyerDocument) -> String)? = nil
    ) throws(ParleyFailure) {
        self.package = package
        self.trusted = trusted
        self.parleyVersion = parleyVersion
        self.drawReport = drawReport
        self.drawPage = drawPage
        manifest = try PackageManifest(in: package)
        keys = try KeyRing(trusted: trusted)
    }

    /// Runs all checks.
    public consuming func report() -> VerificationReport {
        checkFiles()
        checkDefinition()
        checkKeys()
        checkAgreement()
        checkPackageSignatures()
        checkLedger()
        checkWitnesses()
        checkAmendments()
        checkOutcomes()
        checkExclusions()
        checkGrades()
        checkSamples()
        checkPlannedOrder()
        checkLabels()
        checkFindings()
        checkBuyer()
        checkReadme()
        checkTrust()
        sayLimits()
        return VerificationReport(
            round: manifest.round,
            definitionHash: manifest.definitionHash,
            simulated: manifest.simulated,
            recipient: manifest.recipient,
            checks: checks
        )
    }

    mutating func note(
        _ check: String,
        _ subject: String? = nil,
        _ status: VerificationReport.Status,
        _ reason: String
    ) {
        checks.append(VerificationReport.Check(check: check, subject: subject, status: status, reason: reason))
    }

    /// What no package of this form can show.
    private mutating func sayLimits() {
        note(
            "limits",
            "answers",
            .notCovered,
            "Transcripts are not in the package: that each score follows from an answer is the word of who ran the round."
        )
        note(
            "limits",
            "models",
            .notCovered,
            "That a provider served the model it names is the provider's word; the ids that came back are in the findings."
        )
        if !manifest.isReleased, manifest.recipient == nil {
            let reason = "The round was in the state '\(manifest.state)': its findings are not released and may change."
            note("limits", "preview", .notCovered, reason)
        }
        if manifest.simulated {
            note(
                "limits",
                "simulated",
                .notCovered,
                "The models were played by a program: nothing here is about any real model."
            )
        }
    }
}

extension PackageManifest {
    private static let sizeLimit = 1 << 20

    /// The manifest of a package. Throws `unreadable` where it is missing or not in its one form.
    init(in package: PackageFiles) throws(ParleyFailure) {
        func unreadable(_ reason: String) -> ParleyFailure {
            PackageFiles.unreadable("\(File.manifest.rawValue) cannot be read: \(reason).")
        }
        guard let bytes = package[.manifest] else { throw unreadable("it is not there") }
        guard bytes.count <= Self.sizeLimit else { throw unreadable("it has more than \(Self.sizeLimit) bytes") }
        let json: JSONValue
        do { json = try JSONValue(parsing: bytes) } catch {
            // What it holds is hostile, and is not repeated.
            throw unreadable("it is no JSON from line \(error.line), column \(error.column) on")
        }
        guard json["format"]?.string == Self.currentFormat else {
            throw unreadable("its form is not '\(Self.currentFormat)'")
        }
        do { self = try json.decode(PackageManifest.self) } catch {
            throw unreadable("a member is missing or of another type")
        }
        guard (try? self.bytes()) == bytes else {
            throw unreadable("its bytes are not those of the form \(Self.currentFormat)")
        }
    }
}
