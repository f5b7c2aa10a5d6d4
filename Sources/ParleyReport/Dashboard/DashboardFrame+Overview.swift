// The overview: of each round how far it is, at what pace, until when, at what cost, and what holds it.

public import ParleyModel

extension DashboardFrame {
    /// The overview.
    public func overview(_ house: OperationsDocument) -> String {
        let silent = house.workers.count { $0.state == "silent" }
        let inFlight = house.workers.reduce(0) { $0 + $1.inFlight }
        let pace = house.rounds.reduce(0) { $0 + $1.lastMinute }
        let facts: [(String, Markup)] = [
            ("As of, UTC", Self.time(house.at)),
            ("Ended in the last minute", .text("\(NumberText.grouped(pace)) jobs")),
            ("In flight", .text("\(NumberText.grouped(inFlight)) jobs")),
            ("Workers", .text("\(house.workers.count)\(silent > 0 ? ", \(silent) of them silent" : "")")),
        ]
        let cards = house.rounds.map(card)
        return page(
            "Overview",
            at: .overview,
            [
                live("house", "Now", [.element("dl", ["class": "tiles"], facts.map(Self.tile))]),
                live(
                    "rounds",
                    "Rounds",
                    cards.isEmpty ? [.element("p", "No round is open.")] : [.element("div", ["class": "cards"], cards)]
                ),
                live("accounts", "Accounts", [accounts(house.accounts)]),
            ]
        )
    }

    private func card(_ round: OperationsDocument.Round) -> Markup {
        .element(
            "article",
            ["class": "card", "aria-label": "Round \(round.round)"],
            [
                .element("h3", [Self.link(round.title, Self.path(round.round))]),
                .element(
                    "p",
                    ["class": "detail"],
                    "\(round.round), \(round.state)\(round.simulated ? ", SIMULATED models" : "")"
                ),
                progress(round), .element("dl", (facts(round) + bound(round)).map(Self.tile)), held(round),
            ]
        )
    }

    /// A bar with what it says beside it, for those who do not see it.
    func progress(_ round: OperationsDocument.Round) -> Markup {
        .element(
            "p",
            ["class": "progress"],
            [
                .element(
                    "progress",
                    [
                        "max": String(max(round.planned, 1)), "value": String(round.planned > 0 ? round.done : 1),
                        "aria-label": "Progress of \(round.round)",
                    ],
                    ""
                ),
                .element("strong", NumberText.progress(round.done, of: round.planned)),
                .text(" \(NumberText.grouped(round.done)) of \(NumberText.grouped(round.planned)) probes"),
            ]
        )
    }

    /// Pace, time left, queue and cost.
    func facts(_ round: OperationsDocument.Round) -> [(String, Markup)] {
        var queue = "\(NumberText.grouped(round.ready)) ready, \(NumberText.grouped(round.waiting)) waiting"
        if let age = round.oldestDueSeconds { queue += ", the oldest due for \(NumberText.span(seconds: age))" }
        var facts: [(String, Markup)] = [
            ("Pace", .text("\(NumberText.grouped(round.lastMinute)) a minute")),
            ("Time left", .text(timeLeft(round))),
            ("Queue", .text(queue)), ("In flight", .text(NumberText.grouped(round.held))),
        ]
        if round.dead > 0 {
            let path = Self.path(round.round) + "/dead"
            facts.append(("Dead, without a ruling", Self.link(NumberText.grouped(round.dead), path)))
        }
        facts.append(("Cost", cost(round)))
        return facts
    }

    private func cost(_ round: OperationsDocument.Round) -> Markup {
        let spent = NumberText.money(round.cost, currency: round.currency)
        guard let budget = round.budget, let used = round.budgetUsed else { return .text(spent) }
        return Self.used(
            used.value,
            of: budget.value,
            NumberText.money(used, currency: round.currency),
            NumberText.money(budget, currency: round.currency)
        )
    }

    /// What was used of a cap, with a gauge; only what was used where there is none.
    static func used(_ used: Double, of cap: Double?, _ usedText: String, _ capText: String?) -> Markup {
        guard let cap, let capText else { return .text("\(usedText), no cap") }
        let text = "\(usedText) of \(capText)"
        return .group([
            .element(
                "meter",
                [
                    "min": "0", "max": NumberText.coordinate(cap), "high": NumberText.coordinate(cap * 0.9),
                    "value": NumberText.coordinate(used), "aria-label": "Used: \(text)",
                ],
                ""
            ),
            .text(text),
        ])
    }

    private func timeLeft(_ round: OperationsDocument.Round) -> String {
        if let seconds = round.etaSeconds { return "about \(NumberText.span(seconds: seconds)) at this pace" }
        return round.left > 0 ? "nothing moves" : round.dead > 0 ? "until the dead are ruled on" : "done"
    }

    /// What the time left hangs on, where nothing is amiss.
    private func bound(_ round: OperationsDocument.Round) -> [(String, Markup)] {
        round.binding.flatMap { $0.isCalm ? [("Bound by", .text($0.says))] : nil } ?? []
    }

    /// What should not hold it.
    private func held(_ round: OperationsDocument.Round) -> Markup {
        guard let reason = round.binding, !reason.isCalm else { return .group([]) }
        return .element("p", ["class": "notice"], "Held back: \(reason.says)")
    }

    static func tile(_ fact: (String, Markup)) -> Markup {
        .element("div", [.element("dt", fact.0), .element("dd", [fact.1])])
    }
}
