// Judges know and favour their kin, so an answer is blinded before it is judged: names of models and labs become
// "[model]". Names that are nothing else are replaced wherever they stand; names that are also words or people
// (Claude, Gemini, Google, …) only in sentences in which the answer speaks of itself, since an answer about Claude
// Monet must stay right, and names that no list holds where an answer introduces itself by them. Style is not blinded
// and still gives a model away. People who audit read answers through this too.

private import Foundation
public import ParleyModel

/// Takes a model's identity out of its answer.
public struct Blinding {
    static let replacement = "[model]"

    /// Replaced everywhere: labs, then models.
    static let plainNames = [
        "OpenAI", "Anthropic", "Google DeepMind", "DeepMind", "Mistral AI", "Hugging ?Face", "Meta AI", "Moonshot AI",
        "Zhipu AI", "Alibaba Cloud", "Tongyi Qianwen", "Microsoft Research", "ChatGPT", "GPT[- ]?\\d(?:[.-]?\\w)*",
        "DeepSeek", "Qwen\\d*(?:\\.\\d)?", "Mixtral", "SmolLM\\d*", "TinyLlama", "CodeLlama",
        "Claude[- ](?:Opus|Sonnet|Haiku)",
        "Claude[- ]\\d(?:[.-]?\\w)*", "Gemini[- ]\\d(?:\\.\\d)*", "Gemma[- ]?\\d(?:[.-]?\\w)*",
        "Llama[- ]?\\d(?:[.-]?\\w)*", "Grok[- ]?\\d",
    ]
    /// Replaced in a sentence in which the answer speaks of itself.
    static let ambiguousNames = [
        "Claude", "Gemini", "Gemma", "Llama", "Grok", "xAI", "Bard", "Copilot", "Mistral", "Kimi", "Nova",
        "Phi[- ]?\\d*",
        "Command R\\+?", "Cohere", "Google", "Meta", "Microsoft", "Amazon", "Alibaba",
        "o[134](?:-(?:mini|pro|preview))?",
    ]
    /// What may follow a model's name and is part of it.
    private static let suffix =
        "(?:[- ](?:\\d{1,3}(?:\\.\\d)?[BM]?\\b|Opus|Sonnet|Haiku|Pro|Flash|Turbo|Mini|Nano|Ultra|Instruct|Chat))*"
    /// By these a sentence speaks of its speaker.
    private static let cue =
        "\\b(?:I am|I['’]m|Im|my name is|call me|as an AI|language model|AI assistant|AI model|my creators?"
        + "|(?:trained|made|developed|created|built|designed) by)\\b"

    private static let plain = expression(of: plainNames)
    private static let ambiguous = expression(of: ambiguousNames)
    private static let selfReference = try? NSRegularExpression(pattern: cue, options: .caseInsensitive)

    private let own: NSRegularExpression?
    private let ownAmbiguous: NSRegularExpression?

    /// Takes the round's own names of the model under test too. One with a digit, a hyphen or a space is replaced
    /// everywhere, one that may be a word where the answer speaks of itself, and one under four characters nowhere.
    init(names: [String] = []) {
        let long = names.filter { $0.count >= 4 }.sorted { $0.count > $1.count }
        let isWord = { (name: String) in name.allSatisfy(\.isLetter) }
        own = Self.expression(of: long.filter { !isWord($0) }.map(NSRegularExpression.escapedPattern(for:)))
        ownAmbiguous = Self.expression(of: long.filter(isWord))
    }

    /// For answers of a model of this round: the names of the model, of its id and of its party.
    public init(model: ModelName, of definition: RoundDefinition) { self.init(names: definition.names(of: model)) }

    /// The text with its speaker's identity taken out, and how many names that were. Pure: it depends on nothing but
    /// the text and the names.
    public func blind(_ text: String) -> (text: String, count: Int) {
        var count = 0
        func replaced(_ expression: NSRegularExpression?, _ text: String) -> String {
            guard let expression else { return text }
            let matches = expression.numberOfMatches(in: text, range: Self.range(of: text))
            if matches == 0 { return text }
            count += matches
            let template = NSRegularExpression.escapedTemplate(for: Self.replacement)
            return expression.stringByReplacingMatches(in: text, range: Self.range(of: text), withTemplate: template)
        }
        let named = replaced(Self.plain, replaced(own, text))
        let spoken = Self.sentences(of: named).map { sentence in
            guard Self.matches(Self.selfReference, sentence) else { return sentence }
            return replaced(Self.ambiguous, replaced(ownAmbiguous, sentence))
        }.joined()
        let introduced = SelfIntroduction.blind(spoken)
        return (introduced.text, count + introduced.count)
    }

    private static func expression(of names: [String]) -> NSRegularExpression? {
        if names.isEmpty { return nil }
        let names = names.joined(separator: "|")
        return try? NSRegularExpression(
            pattern: "(?<![\\p{L}\\p{N}])(?:\(names))\(suffix)(?![\\p{L}\\p{N}])",
            options: .caseInsensitive
        )
    }

    private static func matches(_ expression: NSRegularExpression?, _ text: String) -> Bool {
        expression?.firstMatch(in: text, range: range(of: text)) != nil
    }

    private static func range(of text: String) -> NSRange { NSRange(location: 0, length: text.utf16.count) }

    /// Cuts after a line feed, and after `.`, `!` or `?` where a space follows.
    private static func sentences(of text: String) -> [String] {
        var sentences: [String] = []
        var current = ""
        var mayEnd = false
        for character in text {
            if mayEnd, character.isWhitespace {
                sentences.append(current)
                current = ""
            }
            current.append(character)
            if character.isNewline, !current.isEmpty {
                sentences.append(current)
                current = ""
            }
            mayEnd = character == "." || character == "!" || character == "?"
        }
        return sentences + [current]
    }
}
