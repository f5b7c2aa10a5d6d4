// A limit and what was in flight under it, over the last looks: a step line for the limit, a filled one for the use.

internal import ParleyModel

/// The course of a limit.
struct LimitPlot {
    static let width = 400.0
    static let height = 120.0

    let title: String
    /// At least one.
    let looks: [DashboardLimitHistory.Look]

    var markup: Markup {
        let most = Double(looks.map { max($0.inFlight, $0.allowed) }.max() ?? 1)
        let across = PlotScale(
            domain: (looks.first?.second ?? 0)...max(looks.last?.second ?? 1, looks.first?.second ?? 0),
            range: 0...Self.width
        )
        // Upside down: the scale's start is the bottom.
        let up = PlotScale(domain: 0...max(most, 1), range: 0...Self.height - 20)
        let point = { (look: DashboardLimitHistory.Look, value: Int) in
            let x = NumberText.coordinate(across.position(look.second))
            return "\(x),\(NumberText.coordinate(Self.height - up.position(Double(value))))"
        }
        let used = looks.map { point($0, $0.inFlight) }.joined(separator: " ")
        let allowed = zip(looks, [looks[0]] + looks).flatMap { look, before in
            [point(look, before.allowed), point(look, look.allowed)]
        }.joined(separator: " ")
        let bottom = NumberText.coordinate(Self.height)
        let last = looks.last
        return .element(
            "svg",
            [
                "xmlns": "http://www.w3.org/2000/svg", "class": "chart", "role": "img",
                "viewBox": "0 0 \(NumberText.coordinate(Self.width)) \(NumberText.coordinate(Self.height + 4))",
            ],
            [
                .element("title", title),
                .element(
                    "desc",
                    "\(looks.count) looks; at most \(NumberText.grouped(Int(most))); last \(last?.inFlight ?? 0) in flight of "
                        + "\(last?.allowed ?? 0) allowed"
                ),
                .element(
                    "polygon",
                    ["class": "used", "points": "0,\(bottom) \(used) \(NumberText.coordinate(Self.width)),\(bottom)"],
                    []
                ), .element("polyline", ["class": "allowed", "points": allowed], []),
                .element(
                    "text",
                    ["class": "tick", "x": "0", "y": "12"],
                    "limit and in flight, at most \(NumberText.grouped(Int(most)))"
                ),
            ]
        )
    }
}
