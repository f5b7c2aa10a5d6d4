// What `parley evidence --for` takes beside the vendor.

import ArgumentParser
import ParleyEvidence
import ParleyModel

/// What findings are held against.
struct ThresholdOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Hold a suite's findings against a figure: SUITE=0.9 asks for at least, 'SUITE<=0.1' for at most.",
            valueName: "suite=value"
        )
    )
    var threshold: [String] = []

    func validate() throws {
        for text in threshold where Threshold(text) == nil {
            throw ValidationError("--threshold takes SUITE=VALUE or SUITE<=VALUE, not '\(text)'")
        }
        let suites = threshold.compactMap { Threshold($0)?.suite }
        guard Set(suites).count == suites.count else { throw ValidationError("--threshold names a suite twice") }
    }

    var thresholds: [Threshold] { threshold.compactMap { Threshold($0) } }
}

struct BuyerOptions: ParsableArguments {
    @Option(
        name: .customLong("for"),
        help: ArgumentHelp("For buyers of this party's models: with a page, claims and examples.", valueName: "vendor")
    )
    var vendor: String?
    @OptionGroup var thresholds: ThresholdOptions
    @Option(help: "Show question and answer of the drawn examples of this suite.")
    var show: [String] = []
    @Option(help: ArgumentHelp("The vendor's signed response, as `parley attest` writes it.", valueName: "file"))
    var response: String?
    @Option(
        help: ArgumentHelp("The vendor's signed data of its deployment; kept apart from findings.", valueName: "file")
    )
    var attach: [String] = []
    @Option(help: ArgumentHelp("When the next round is due, if known.", valueName: "yyyy-mm-dd"))
    var nextDue: String?

    func validate() throws {
        let others =
            !thresholds.threshold.isEmpty || !show.isEmpty || response != nil || !attach.isEmpty || nextDue != nil
        if vendor == nil, others {
            throw ValidationError("--threshold, --show, --response, --attach and --next-due belong to --for VENDOR")
        }
        if let nextDue, !SignedText.isDate(nextDue) { throw ValidationError("--next-due takes a date, YYYY-MM-DD") }
    }

    /// Puts what was asked for into a builder. Throws for suites that the round does not have.
    func apply(to builder: inout PackageBuilder) throws {
        guard let vendor else { return }
        let suites = builder.definition.suites.map(\.name)
        for name in show + thresholds.thresholds.map(\.suite.text) where !suites.contains(SuiteName(name)) {
            throw ParleyFailure(
                .invalidInput,
                "Round '\(builder.definition.name)' has no suite '\(name)'.",
                remedy: "Its suites: \(suites.map(\.text).joined(separator: ", "))."
            )
        }
        builder.buyer = BuyerRequest(
            vendor: PartyName(vendor),
            thresholds: thresholds.thresholds,
            shownSuites: Set(show.map { SuiteName($0) }).sorted(),
            nextRoundDue: nextDue
        )
        builder.response = try response.map { try DSSEEnvelope(file: $0) }
        builder.attachments = try attach.map { try DSSEEnvelope(file: $0) }
        builder.buyerPage = PackageCheck.drawPage
    }
}
