// A file of rows with named columns, CSV with a header or JSONL, read from start to end and never held whole. What is
// wrong with a row is kept with its line, so that a reader learns of many mistakes at once.

import ParleyModel

/// A file of rows with named columns.
struct RowFile {
    let path: String
    /// The columns that must be there.
    let columns: [String]
    /// What to do about a column that is not there.
    let columnRemedy: String

    /// Hands every row to `body`, in the file's order.
    /// - Throws: `InvalidInput` with the places of up to ``BadRows/limit`` bad rows; what `body` throws makes one bad.
    func read(_ body: (FileRow) throws -> Void) throws(InvalidInput) {
        let format: DatasetFormat = path.lowercased().hasSuffix(".csv") ? .csv : .jsonl
        var bad = BadRows(file: path)
        do {
            var scanner = try RowScanner(DatasetSpecification(file: path, path: path, format: format))
            var decoder = RowDecoder(format: format)
            while let row = try scanner.next() {
                let line = Int(row.location.line)
                if decoder.needsHeader {
                    try readHeader(row, line: line, &decoder)
                    continue
                }
                do {
                    let members = try decoder.object(row)
                    try body(FileRow(line: line, members: members, columnRemedy: columnRemedy))
                } catch let problem as RowProblem {
                    try bad.add(problem.diagnostic(file: path, line: line))
                } catch {
                    try bad.add(Diagnostic(file: path, line: line, "\(error)"))
                }
            }
        } catch let invalid as InvalidInput {
            throw invalid
        } catch let diagnostic as Diagnostic {
            throw InvalidInput(bad.problems + [diagnostic])
        } catch {
            throw InvalidInput(bad.problems + [Diagnostic(file: path, "\(error)")])
        }
        guard bad.problems.isEmpty else { throw InvalidInput(bad.problems) }
    }

    /// A column that is missing in a CSV file is missing in every row: it is said once, of the header.
    private func readHeader(_ row: RawRow, line: Int, _ decoder: inout RowDecoder) throws(InvalidInput) {
        do {
            try decoder.readHeader(row)
        } catch {
            throw InvalidInput([error.diagnostic(file: path, line: line)])
        }
        let names = decoder.columns ?? []
        let missing = columns.filter { !names.contains($0) }
        guard missing.isEmpty else {
            throw InvalidInput(
                missing.map { column in
                    RowProblem.noColumn(column, among: names, columnRemedy).diagnostic(file: path, line: line)
                }
            )
        }
    }
}

extension RowProblem {
    static func noColumn(_ column: String, among names: [String], _ remedy: String) -> RowProblem {
        RowProblem("no column '\(column)'; there is: \(names.sorted().joined(separator: ", "))", remedy)
    }
}
