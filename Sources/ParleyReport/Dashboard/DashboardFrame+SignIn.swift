// The page at which a browser signs in, and the page that says what went wrong.

extension DashboardFrame {
    /// The page that asks for a token.
    /// - Parameter problem: why the last one was not taken
    public static func signIn(problem: String?) -> String {
        var parts: [Markup] = [.element("h1", "Sign in to parley")]
        if let problem { parts.append(.element("p", ["class": "notice", "role": "alert"], problem)) }
        parts.append(
            .element(
                "form",
                ["method": "post", "action": root + "/sign-in", "class": "stacked"],
                [
                    .element("label", ["for": "token"], "Token"),
                    .element(
                        "input",
                        [
                            "id": "token", "name": "token", "type": "password", "required": "required",
                            "autocomplete": "current-password", "autofocus": "autofocus",
                        ],
                        []
                    ),
                    .element("button", ["type": "submit"], "Sign in"),
                ]
            )
        )
        parts.append(.element("p", ["class": "detail"], "It stays in this browser until you sign out or close it."))
        return document(title: "Sign in", body: [.element("main", ["id": "content"], parts)], isLive: false)
    }

    /// The page when there can be no other.
    public static func unavailable() -> String {
        let text =
            "The database does not answer, or something failed; the log of the service says what. Try again soon."
        return document(
            title: "Not available",
            body: [.element("main", ["id": "content"], [.element("h1", "Not available"), .element("p", text)])],
            isLive: false
        )
    }

    /// A page that says why there is none.
    public func problem(_ title: String, _ detail: String) -> String {
        page(title, at: nil, [.element("p", detail)])
    }
}
