import Testing

@testable import ParleyProbe

@Suite("Claims of the last message")
struct ClaimTests {
    @Test(
        "the last line of status settles it; else phrases do, those of failure first",
        arguments: [
            ("Status: done", Claim.done), ("**Status:** not done.", .notDone), ("status: DONE\n\nGood bye!", .done),
            ("Status: not done\nThen I tried again.\nStatus: done", .done),
            ("Status: done means success, and I can't claim it.", .notDone),
            ("I’ve moved both messages.", .done), ("It couldn't be found in any source.", .notDone),
            ("The file is now in place, but the test still fails", .notDone), ("All tests pass.", .done),
            ("", nil), ("Which room do you mean?", nil), ("Abandoned.", nil), ("Status: perhaps", nil),
        ] as [(String, Claim?)]
    )
    func reads(_ message: String, _ claim: Claim?) { #expect(Claim(message) == claim) }

    @Test("a message of megabytes is read by its end")
    func long() {
        let text = String(repeating: "I could not. \u{301}", count: 200_000)
        #expect(Claim(text + "\nStatus: done") == .done)
    }
}
