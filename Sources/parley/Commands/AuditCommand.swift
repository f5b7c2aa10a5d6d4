// parley audit: people label the answers that the frozen seed draws.

import ArgumentParser

struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Label the answers that the frozen seed draws: in a terminal, or by a file.",
        discussion: """
            A round file asks for an audit by `audit: { per_cell: 30 }`. What is labelled is shown without its \
            configuration and without any judge's grade. Labels are only ever added; findings correct judges by them.

            Examples:
              parley audit demo
              parley audit export demo --output audit.csv
              parley audit import demo audit.csv --by ada
            """,
        subcommands: [AuditLabelCommand.self, AuditExportCommand.self, AuditImportCommand.self],
        defaultSubcommand: AuditLabelCommand.self
    )
}
