// Where the time of a worker's attempts went: a bar cut into its parts, and the same as text beside it.

internal import ParleyModel

/// The parts of a worker's time.
struct TimeBar {
    private static let width = 160.0

    let vitals: WorkerVitals

    var markup: Markup {
        let shares = vitals.shares
        if shares.isEmpty { return .text("No attempt ended.") }
        let text = shares.map { "\($0.part.rawValue) \(NumberText.fixed($0.share * 100, decimals: 0)) %" }
            .joined(separator: ", ")
        var left = 0.0
        var pieces: [Markup] = []
        for (part, share) in shares where share > 0 {
            pieces.append(
                .element(
                    "rect",
                    [
                        "class": "t-\(part.rawValue)", "x": NumberText.coordinate(left), "y": "0",
                        "width": NumberText.coordinate(share * Self.width), "height": "12",
                    ],
                    []
                )
            )
            left += share * Self.width
        }
        return .group([
            .element(
                "svg",
                [
                    "xmlns": "http://www.w3.org/2000/svg", "class": "time-bar", "role": "img",
                    "viewBox": "0 0 \(NumberText.coordinate(Self.width)) 12",
                ],
                [.element("title", text)] + pieces
            ),
            .element("span", ["class": "detail"], text),
        ])
    }

    /// What the colours mean.
    static let legend = Markup.element(
        "ul",
        ["class": "legend", "aria-label": "Parts of the time of attempts"],
        [
            (WorkerVitals.Bound.provider, "provider: waiting for models"),
            (.queue, "queue: from the result until the database has it"),
            (.backoff, "backoff: until a failed job may be tried again"),
            (.local, "local: the worker's own work"),
        ].map { part, text in
            .element("li", [.element("span", ["class": "swatch t-\(part.rawValue)"], ""), .text(text)])
        }
    )
}
