// How to read the report, for people who know models and not statistics.

extension HTMLReport {
    var guide: Markup {
        .element(
            "section",
            [.element("h2", "How to read this"), Self.facts(Self.guidance.map { ($0.0, .text($0.1)) })]
        )
    }

    private static let guidance: [(String, String)] = [
        (
            "Estimate",
            "The share (rate) or the average score (mean) of the counted outcomes. 1 is what the suite's title "
                + "promises, which may be something good or something bad. Which kinds of outcome count was frozen "
                + "with the round; the others stand in the outcomes table and are in no denominator."
        ),
        (
            "Interval",
            "How far chance alone could have moved the estimate. Of many 95 % intervals from repeated rounds on other "
                + "samples of the same sort, about 95 in 100 would hold the true value. Repetitions of one sample "
                + "are not counted as independent: the sample is the unit. The interval knows nothing of a judge's "
                + "errors or of how well the samples stand for the world."
        ),
        (
            "Corrected",
            "The estimate without the errors that a judge was found to make where people labelled some of the same "
                + "transcripts, drawn at random: read it, not the raw one. It is the judge's mean, moved by the error "
                + "on the labelled part (PPI++), and its interval holds the chance of that part too. "
                + "Charts, comparisons and roll-ups are of the raw estimates."
        ),
        (
            "Kappa and alpha",
            "How far judges agree beyond what chance would bring: 1 is always, 0 is as chance would. Judges can agree "
                + "and be wrong together; only labels show that."
        ),
        (
            "p and p (Holm)",
            "How often a difference at least this large would come by chance if there were none. With many comparisons "
                + "some small p values come by chance; Holm's adjustment allows for that, and the verdict uses it."
        ),
        (
            "no difference shown",
            "The round could have found a difference of the size under Detectable and found none that chance does not "
                + "explain. It does not say that the two are equal; smaller differences stay possible."
        ),
        (
            "insufficient evidence",
            "Too few shared samples, or too much scatter, to say either. It says nothing for or against a difference."
        ),
        (
            "Outcome kinds",
            "scored: answered and scored. answered: waits for its grade. refused: the model declined. filtered: the "
                + "provider blocked it. truncated: cut off by the token limit. limited: ended by the round's own limit. "
                + "unscorable: the scorer or the judge failed, never the model. failed: infrastructure, retries spent. "
                + "never run: planned and without an outcome."
        ),
        (
            "Characters in brackets",
            "Invisible characters and those that turn the direction of text are written out, such as [U+202E], so "
                + "that nothing in a transcript can hide."
        ),
    ]
}
