// The graders of a round as a terminal table.

import ParleyCoordinator
import ParleyModel
import ParleyReport

extension GradersDocument {
    /// Graders as a table, for people.
    func table(styled: Bool) -> TerminalTable {
        var table = TerminalTable(
            columns: [
                .init("suite"), .init("version"), .init("judges"), .init("frozen"), .init("grades", .right),
                .init("left", .right), .init("identity"),
            ],
            isStyled: styled
        )
        for row in graders {
            table.append([
                row.suite.text, Escape.terminal(row.version), row.judges.map(\.text).joined(separator: ", "),
                row.frozen ? "yes" : "no", row.done.map { "\($0)" } ?? "-", row.left.map { "\($0)" } ?? "-",
                String(row.identity.description.prefix(19)),
            ])
        }
        return table
    }
}
