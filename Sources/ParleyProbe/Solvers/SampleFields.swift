// What the placeholders of a template stand for, taken from one sample (and, in a rubric, from one answer).

import ParleyModel

/// The values of placeholders.
struct SampleFields {
    let sample: Sample
    /// The question as a judge is to see it, the answer and an agent's actions; nil outside rubrics.
    var question: String?
    var answer: String?
    var actions: String?

    /// Fills a template. Throws where it names a metadatum that the sample does not have.
    func fill(_ template: String) throws(TemplateProblem) -> String {
        try Template.fill(template) { name throws(TemplateProblem) in try value(of: name) }
    }

    private func value(of name: String) throws(TemplateProblem) -> String? {
        switch name {
        case "input": sample.lastUserText
        case "choices": ChoiceLayout.text(of: sample.choices)
        case "letters": ChoiceLayout.letters(sample.choices.count).joined(separator: ", ")
        case "target": sample.target.joined(separator: " or ")
        case "question": question
        case "answer": answer
        case "actions": actions
        default: name.hasPrefix(Template.metadataPrefix) ? try metadatum(name) : nil
        }
    }

    private func metadatum(_ name: String) throws(TemplateProblem) -> String {
        guard let value = sample.metadata[String(name.dropFirst(Template.metadataPrefix.count))] else {
            throw TemplateProblem("sample '\(sample.id)' has no \(name), which a template names")
        }
        return value.string ?? value.canonical
    }
}

extension Sample {
    /// The text of the last user message; empty where there is none.
    var lastUserText: String { input.last { $0.role == .user }?.content ?? "" }

    /// The conversation as one text: the bare text of a single user message, else a paragraph for each message.
    var conversationText: String {
        if input.count == 1, input[0].role == .user { return input[0].content }
        return input.map { "\($0.role.rawValue): \($0.content)" }.joined(separator: "\n\n")
    }
}
