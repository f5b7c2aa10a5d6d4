// parley verify: whether a package is what it says, with no database and no network.

import ArgumentParser
import ParleyEvidence
import ParleyModel
import ParleyReport

struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check an evidence package, offline: hashes, signatures, ledger, and every number computed again.",
        discussion: """
            Each check ends as passed, failed or not covered, with its reason. Get the parties' public keys from the \
            parties, not from whoever gave you the package: without --trust nothing shows whose signatures these are. \
            Nothing is unpacked or written.

            Exit codes: 0 no check failed; 7 a check failed; 8 the package cannot be read.

            Examples:
              parley verify spring.tar --trust north.pub --trust south.pub
              parley verify package/ --json
            """
    )

    @Argument(help: "The package: a folder or a .tar file.")
    var package: String
    @Option(help: ArgumentHelp("A party's public key, as you got it from that party.", valueName: "file"))
    var trust: [String] = []
    @Flag(help: "Print as JSON (schemas/json/verification.schema.json).")
    var json = false

    func run() throws {
        let trusted = try trust.map { try PublicKey(file: $0) }
        let report = try PackageCheck.report(on: PackageFiles(path: package), trusted: trusted)
        if json { try Console.json(report) } else { Console.print(table(report)) }
        guard report.passed else {
            let failed = report.checks.filter { $0.status == .failed }
            throw ParleyFailure(
                .verification,
                "\(failed.count) checks of \(package) failed.",
                remedy: "Rely on nothing in it, and ask whoever gave it to you."
            )
        }
    }

    private func table(_ report: VerificationReport) -> String {
        var table = TerminalTable(
            columns: [.init("result"), .init("check"), .init("of"), .init("reason")],
            isStyled: Console.isStyled
        )
        for check in report.checks {
            table.append([check.status.rawValue, check.check, check.subject ?? "", check.reason])
        }
        let counts = VerificationReport.Status.allCases.map { "\(report.count($0)) \($0.rawValue)" }
        return """
            Round \(Escape.terminal(report.round.text)), definition \(report.definitionHash)\
            \(report.simulated ? "\nSIMULATED MODELS: nothing here is about any real model." : "")

            \(table.render())
            \(counts.joined(separator: ", "))
            """
    }
}
