// Placeholders of templates: `{{input}}`, `{{metadata.rule}}`. What a template may name depends on where it stands;
// a name that nothing fills would be sent to a model as it is, and is therefore a mistake.

import Foundation
import ParleyModel

/// A template of a round file and the placeholders it may hold.
enum Template {
    /// Placeholders of `solver.template` and of scripted turns.
    static let question: Set<String> = ["input", "choices", "letters"]
    /// Placeholders of the prompt of a simulated user.
    static let user: Set<String> = ["input", "target"]
    /// Placeholders of a rubric.
    static let rubric: Set<String> = ["question", "answer", "target"]
    /// Further ones of a rubric with axes.
    static let axes: Set<String> = ["axis", "axis_text"]

    /// Reports unknown placeholders; returns the metadata that the text names.
    static func check(_ text: String, at field: Field, allowed: Set<String>) -> Set<String> {
        var metadata: Set<String> = []
        for name in placeholders(in: text) {
            if name.hasPrefix("metadata."), name.utf8.count > "metadata.".utf8.count {
                metadata.insert(String(name.dropFirst("metadata.".count)))
            } else if !allowed.contains(name) {
                let known = allowed.sorted() + ["metadata.KEY"]
                field.fail(
                    "unknown placeholder {{\(name.prefix(40))}} in '\(field.key)'",
                    Suggestion.nearest(to: name, among: known).map { "did you mean {{\($0)}}?" }
                        ?? "there are: \(known.map { "{{\($0)}}" }.joined(separator: ", "))"
                )
            }
        }
        return metadata
    }

    /// The names between `{{` and `}}`, without spaces around them.
    static func placeholders(in text: String) -> [String] {
        text.components(separatedBy: "{{").dropFirst().compactMap { part in
            guard let end = part.range(of: "}}") else { return nil }
            return part[..<end.lowerBound].trimmingCharacters(in: .whitespaces)
        }
    }
}
