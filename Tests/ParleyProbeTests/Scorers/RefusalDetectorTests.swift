import ParleyModel
import Testing

@testable import ParleyProbe

@Suite("Refusals in words")
struct RefusalDetectorTests {
    @Test("refusals are read as refusals", arguments: LabelledSentences.refusals)
    func refuses(sentence: String) { #expect(RefusalDetector.reading(of: sentence) == .refusal) }

    @Test("abstentions are read as abstentions", arguments: LabelledSentences.abstentions)
    func abstains(sentence: String) { #expect(RefusalDetector.reading(of: sentence) == .abstention) }

    @Test("answers are read as answers", arguments: LabelledSentences.answers)
    func answers(sentence: String) { #expect(RefusalDetector.reading(of: sentence) == .answer) }

    @Test("only the beginning is read, however it is padded")
    func window() {
        let filler = String(repeating: "The sum is four. ", count: 20)
        #expect(RefusalDetector.reading(of: filler + "I can't help with that.") == .answer)
        #expect(RefusalDetector.reading(of: String(repeating: "\n\u{200B} ", count: 500) + "I can't help.") == .refusal)
        let stacked = "a" + String(repeating: "\u{301}", count: 1_000_000)
        #expect(RefusalDetector.reading(of: stacked) == .answer)
    }
}
