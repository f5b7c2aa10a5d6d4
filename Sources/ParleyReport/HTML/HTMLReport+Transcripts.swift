// The transcripts behind the figures, folded away until a reader opens one.

internal import ParleyModel

extension HTMLReport {
    var transcripts: Markup {
        let heading = Markup.element("h2", "Transcripts")
        guard !groups.isEmpty else {
            return .element("section", [heading, .element("p", "This report was written without transcripts.")])
        }
        return .element("section", [heading] + groups.map(group))
    }

    private func group(_ group: TranscriptGroup) -> Markup {
        let cell = findings.cells.first {
            $0.suite == group.cell.suite && $0.configuration == group.cell.configuration
        }
        let shown = NumberText.grouped(group.transcripts.count)
        let total = cell.map { NumberText.grouped($0.kinds.values.reduce(0, +)) }
        return .element(
            "section",
            ["id": group.anchor],
            [
                .element("h3", "\(group.cell.suite.text) × \(group.cell.configuration.text)"),
                .element("p", total.map { "\(shown) of \($0) outcomes are shown." } ?? "\(shown) outcomes are shown."),
            ] + group.transcripts.map(transcript)
        )
    }

    private func transcript(_ transcript: ReportTranscript) -> Markup {
        let score = transcript.score.map { ", score \($0)" } ?? ""
        let summary: [Markup] = [
            .element("span", ["class": "swatch k-\(transcript.kind.name)"], ""),
            .text("\(transcript.sampleID), epoch \(transcript.epoch): \(transcript.kind.name)\(score)"),
            .element("span", ["class": "detail"], "job \(transcript.job)"),
        ]
        return .element(
            "details",
            ["id": "j-\(transcript.job)"],
            [.element("summary", summary)] + TranscriptText.conversation(transcript)
        )
    }
}
