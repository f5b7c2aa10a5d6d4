// The frame of every page of the dashboard: head, landmarks, navigation. Like the report it is built of `Markup` alone, so
// that no text of others is ever markup; unlike it, style and script are files of the service, so that the content
// security policy can forbid everything inline. Every page says all that it has to say without the script; sections
// that are marked live are renewed by it.

internal import ParleyModel

/// Who looks, and at what.
public struct DashboardFrame: Sendable {
    /// The content security policy under which the pages are served.
    public static let contentSecurityPolicy =
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    /// Where the pages live.
    public static let root = "/dashboard"

    /// Whose token this is, as it is written into the ledger.
    public var viewer: String
    /// Whether the token may change what runs.
    public var canControl: Bool
    /// What each form sends back, so that no other site can send it.
    public var formToken: String
    /// What came of the form that led here.
    public var notice: String?

    public init(viewer: String, canControl: Bool, formToken: String, notice: String? = nil) {
        self.viewer = viewer
        self.canControl = canControl
        self.formToken = formToken
        self.notice = notice
    }

    /// The pages in the navigation.
    enum Place: String, CaseIterable {
        case overview = "", workers = "/workers", limits = "/limits", calendar = "/calendar"

        var title: String {
            switch self {
            case .overview: "Overview"
            case .workers: "Workers"
            case .limits: "Limits"
            case .calendar: "Calendar"
            }
        }
    }

    /// A page of sections under one heading.
    func page(_ title: String, at place: Place?, trail: [(title: String, path: String)] = [], _ parts: [Markup])
        -> String
    {
        let crumbs = trail.map { Markup.group([Self.link($0.title, $0.path), .text(" / ")]) }
        var top: [Markup] = crumbs.isEmpty ? [] : [.element("p", ["class": "crumbs"], crumbs + [.text(title)])]
        top.append(.element("h1", title))
        if let notice { top.append(.element("p", ["class": "notice", "role": "status"], notice)) }
        return Self.document(
            title: title,
            body: [
                .element("a", ["class": "skip", "href": "#content"], "Skip to the content"),
                .element("header", ["class": "bar"], [navigation(place), leave]),
                .element("main", ["id": "content", "tabindex": "-1"], top + parts),
                .element(
                    "footer",
                    [
                        .element(
                            "p",
                            ["id": "live-state", "role": "status"],
                            "This page stands still: reload it for news."
                        )
                    ]
                ),
            ],
            isLive: true
        )
    }

    private func navigation(_ place: Place?) -> Markup {
        let items = Place.allCases.map { item in
            let path = Self.root + item.rawValue
            let link =
                item == place
                ? Markup.element("a", ["href": path, "aria-current": "page"], item.title) : Self.link(item.title, path)
            return Markup.element("li", [link])
        }
        return .element("nav", ["aria-label": "Pages"], [.element("ul", items)])
    }

    private var leave: Markup {
        form("/leave", [.element("span", ["class": "detail"], viewer), button("Sign out")])
    }

    /// A whole document.
    static func document(title: String, body: [Markup], isLive: Bool) -> String {
        let script = Markup.element("script", ["src": root + "/live.js", "defer": "defer"], "")
        let head = Markup.element(
            "head",
            [
                .element("meta", ["charset": "utf-8"], []),
                .element("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"], []),
                .element("meta", ["name": "referrer", "content": "no-referrer"], []),
                .element("title", "\(title) · parley"),
                .element("link", ["rel": "stylesheet", "href": root + "/style.css"], []),
            ] + (isLive ? [script] : [])
        )
        let root = Markup.element(
            "html",
            ["xmlns": "http://www.w3.org/1999/xhtml", "lang": "en"],
            [head, .element("body", ["class": "dashboard"], body)]
        )
        return "<!DOCTYPE html>\n" + root.source + "\n"
    }

    static func link(_ text: String, _ path: String) -> Markup { .element("a", ["href": path], text) }

    /// An instant, ISO 8601 in UTC, as people read it.
    static func time(_ instant: String, toTheMinute: Bool = false) -> Markup {
        let whole = instant.replacing("T", with: " ").replacing("Z", with: "")
        let text = toTheMinute && whole.hasSuffix(":00") ? String(whole.dropLast(3)) : whole
        return .element("time", ["datetime": instant], text)
    }

    static func path(_ round: RoundName) -> String { "\(root)/rounds/\(round.text)" }

    /// A section that is renewed while the page is open.
    func live(_ id: String, _ title: String, _ parts: [Markup]) -> Markup {
        .element(
            "section",
            ["id": id, "data-live": "yes", "aria-labelledby": id + "-title"],
            [.element("h2", ["id": id + "-title"], title)] + parts
        )
    }

    // MARK: Forms

    /// A form that changes something.
    func form(_ path: String, _ parts: [Markup]) -> Markup {
        .element(
            "form",
            ["method": "post", "action": Self.root + path],
            [hidden("proof", formToken)] + parts
        )
    }

    func hidden(_ name: String, _ value: String) -> Markup {
        .element("input", ["type": "hidden", "name": name, "value": value], [])
    }

    func button(_ title: String, name: String = "do", value: String = "yes") -> Markup {
        .element("button", ["type": "submit", "name": name, "value": value], title)
    }

    /// A field for the reason, without which nothing is done.
    func reason(_ id: String) -> Markup {
        .element(
            "label",
            ["for": id],
            [
                .text("Why "),
                .element(
                    "input",
                    ["id": id, "name": "because", "required": "required", "maxlength": "500", "autocomplete": "off"],
                    []
                ),
            ]
        )
    }
}
