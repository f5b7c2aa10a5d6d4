// A limit and what was in flight under it, over time: a step line for the limit, a filled one for the use. Where nobody
// looked, for want of a leader or of a running round, nothing is drawn.

internal import ParleyModel

/// The course of a limit.
struct LimitPlot {
    static let width = 400.0
    static let height = 96.0
    /// Below the line: the times.
    static let foot = 16.0
    /// Above it: what the line's height is.
    static let head = 18.0

    let title: String
    /// With a look at least.
    let course: LimitCourse

    var markup: Markup {
        let looks = course.looks
        let most = looks.map { max($0.inFlight, $0.allowed) }.max() ?? 1
        let first = max(looks.first?.ago ?? 0, 1)
        // To now.
        let across = PlotScale(domain: -Double(first)...0, range: 0...Self.width)
        // Upside down: the scale's start is the bottom.
        let up = PlotScale(domain: 0...Double(max(most, 1)), range: 0...Self.height - Self.head)
        let y = { (value: Int) in NumberText.coordinate(Self.height - up.position(Double(value))) }
        let x = { (ago: Int64) in NumberText.coordinate(across.position(-Double(ago))) }
        let step = Int64(course.step)
        let drawn = runs.flatMap { run -> [Markup] in
            let line = { (value: (LimitCourse.Look) -> Int) in
                run.flatMap { ["\(x($0.ago)),\(y(value($0)))", "\(x($0.ago - step)),\(y(value($0)))"] }
                    .joined(separator: " ")
            }
            let ends = (x(run.first?.ago ?? 0), x((run.last?.ago ?? 0) - step))
            let area = "\(ends.0),\(y(0)) \(line(\.inFlight)) \(ends.1),\(y(0))"
            return [
                .element("polygon", ["class": "used", "points": area], []),
                .element("polyline", ["class": "allowed", "points": line(\.allowed)], []),
            ]
        }
        let base = NumberText.coordinate(Self.height)
        let said =
            "\(NumberText.grouped(looks.count)) looks; at most \(NumberText.grouped(most)); last "
            + "\(looks.last?.inFlight ?? 0) in flight of \(looks.last?.allowed ?? 0) allowed"
        return .element(
            "svg",
            [
                "xmlns": "http://www.w3.org/2000/svg", "class": "chart", "role": "img",
                "viewBox": "0 0 \(NumberText.coordinate(Self.width)) \(NumberText.coordinate(Self.height + Self.foot))",
            ],
            [
                .element("title", title), .element("desc", said),
                .element("line", ["class": "grid", "x1": "0", "x2": "400", "y1": base, "y2": base], []),
            ] + drawn + [
                tick(0, Self.head - 6, "start", "\(NumberText.grouped(most)) at most"),
                tick(0, Self.height + 13, "start", "\(NumberText.span(seconds: Double(first))) ago"),
                tick(Self.width, Self.height + 13, "end", "now"),
            ]
        )
    }

    /// The looks without a gap between them.
    private var runs: [[LimitCourse.Look]] {
        course.looks.reduce(into: []) { runs, look in
            if let before = runs.last?.last, before.ago - look.ago <= 2 * Int64(course.step) {
                runs[runs.count - 1].append(look)
            } else {
                runs.append([look])
            }
        }
    }

    private func tick(_ x: Double, _ y: Double, _ anchor: String, _ text: String) -> Markup {
        .element(
            "text",
            [
                "class": "tick", "x": NumberText.coordinate(x), "y": NumberText.coordinate(y), "text-anchor": anchor,
            ],
            text
        )
    }
}
