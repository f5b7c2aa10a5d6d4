// What is wrong with one row of a dataset. The row's line is added by whoever knows it.

import ParleyModel

/// What is wrong with one row.
struct RowProblem: Error, Hashable {
    let message: String
    let remedy: String?
    /// The column within the row's first line, where it is known.
    let column: Int?

    init(_ message: String, _ remedy: String? = nil, column: Int? = nil) {
        self.message = message
        self.remedy = remedy
        self.column = column
    }

    /// As a diagnostic of this file and line.
    func diagnostic(file: String, line: Int) -> Diagnostic {
        Diagnostic(file: file, line: line, column: column, message, remedy: remedy)
    }
}
