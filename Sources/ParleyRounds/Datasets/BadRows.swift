// The rows of a file that are wrong, as they are found: all of them up to a limit, at which reading stops and says that
// it did. Datasets, outcome files and label files are read this one way.

import ParleyModel

/// The bad rows of a file.
struct BadRows {
    /// The number of bad rows after which reading stops.
    static let limit = 20

    private let file: String
    private(set) var problems: [Diagnostic] = []

    init(file: String) { self.file = file }

    /// Takes a bad row; at the limit throws all of them, and that the rest was not read.
    mutating func add(_ problem: Diagnostic) throws(InvalidInput) {
        problems.append(problem)
        guard problems.count == Self.limit else { return }
        let stop = Diagnostic(
            file: file,
            line: problem.line,
            "\(Self.limit) bad rows; the rest of the file was not read",
            remedy: "mend these first"
        )
        throw InvalidInput(problems + [stop])
    }
}
