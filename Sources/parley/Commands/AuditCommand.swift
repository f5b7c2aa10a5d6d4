// parley audit: people label the answers that the frozen seed draws.

import ArgumentParser

struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Label the answers that the frozen seed draws: in a terminal, or by a file.",
        discussion: """
            A round file asks for an audit by `audit: { size: 30, seed: sha256:… }`, where `parley round seed` drew the \
            seed. Once all answers are there the seed is opened, and what it draws is shown without its configuration \
            and without any judge's grade. Labels are only ever added; findings correct judges by them.

            Examples:
              parley audit demo --seed spring.seed
              parley audit export demo --output audit.csv
              parley audit import demo audit.csv --by ada
            """,
        subcommands: [AuditLabelCommand.self, AuditExportCommand.self, AuditImportCommand.self],
        defaultSubcommand: AuditLabelCommand.self
    )
}
