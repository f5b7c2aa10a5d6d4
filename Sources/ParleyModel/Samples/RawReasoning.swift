// Raw reasoning is an internal model's most private part: it stands in a transcript only where its party grants it. What
// is withheld is never stored, so that nobody's rights have to keep it.

extension RoundDefinition {
    /// Whether the transcript of a cell, or of one of its judges, is to be kept without raw reasoning: because of the
    /// model that is called, or of one that plays a part beside it.
    public func withholdsReasoning(cell: Int, judge: Int?) -> Bool {
        guard cells.indices.contains(cell), let suite = suite(cells[cell].suite) else { return true }
        var called = [cells[cell].configuration] + suite.solver.helpers
        if let judge {
            guard let judges = suite.scorer.grader?.judges, judges.indices.contains(judge) else { return true }
            called = [judges[judge]]
        }
        return called.contains { name in
            guard let model = configuration(name).flatMap({ model($0.model) }) else { return true }
            return !(model.rawReasoning ?? (model.access == .published))
        }
    }
}

extension Transcript {
    /// The same without raw reasoning: what messages hold of it, and the bodies that went over the wire, whose forms
    /// carry it in places that no list of ours is sure to know.
    public var withoutReasoning: Transcript {
        var kept = self
        for index in kept.messages.indices {
            kept.messages[index].reasoning = nil
            kept.messages[index].blocks = nil
        }
        for index in kept.exchanges.indices {
            kept.exchanges[index].request = .object([:])
            kept.exchanges[index].response = ""
        }
        return kept
    }
}
