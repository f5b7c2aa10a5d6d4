// The collector of everything that is wrong with a round file. Nothing that reads a part of the file throws: it
// reports here and goes on, so that one run shows all mistakes at once.

import ParleyModel
import Yams

/// A place in a file: line and column, from 1.
struct Place: Hashable, Sendable {
    let line: Int
    let column: Int

    init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    init?(_ mark: Mark?) {
        guard let mark else { return nil }
        self.init(line: mark.line, column: mark.column)
    }
}

/// The mistakes found so far. A class, since every part of the reader adds to the same list.
final class Mistakes {
    /// The round file, as it was named to us.
    let file: String
    private(set) var diagnostics: [Diagnostic] = []

    init(file: String) { self.file = file }

    var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
    var warnings: [Diagnostic] { sorted.filter { $0.severity == .warning } }

    /// In the order of the file; what lies in other files follows in the order in which it was found.
    var sorted: [Diagnostic] {
        let numbered = diagnostics.enumerated().map { (key: sortKey($0.element, $0.offset), value: $0.element) }
        return numbered.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.value)
    }

    func error(_ message: String, at place: Place?, remedy: String? = nil) {
        diagnostics.append(
            Diagnostic(file: file, line: place?.line, column: place?.column, message, remedy: remedy)
        )
    }

    func warning(_ message: String, at place: Place?, remedy: String? = nil) {
        diagnostics.append(
            Diagnostic(.warning, file: file, line: place?.line, column: place?.column, message, remedy: remedy)
        )
    }

    func add(_ others: [Diagnostic]) { diagnostics += others }

    private func sortKey(_ diagnostic: Diagnostic, _ order: Int) -> [Int] {
        guard diagnostic.file == file else { return [1, order, 0, 0] }
        return [0, diagnostic.line ?? 0, diagnostic.column ?? 0, order]
    }
}
