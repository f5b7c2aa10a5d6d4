// Keys of held-out suites on the command line: one's own, that opens, and others', for whom is sealed.

import ArgumentParser
import ParleyEvidence

/// One's own key.
struct SealKeyOption: ParsableArguments {
    @Option(help: ArgumentHelp("The key that opens held-out suites, of `parley key seal`.", valueName: "file"))
    var sealKey: String?

    /// nil where none is given.
    var key: SealKey? { get throws { try sealKey.map { try SealKey(file: $0) } } }
}

/// Others' public keys.
struct SealForOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Who may open the held-out suites: the public keys of their owners and of workers. May be repeated.",
            valueName: "file"
        )
    )
    var sealFor: [String] = []

    var recipients: [Recipient] { get throws { try sealFor.map { try Recipient(file: $0) } } }
}
