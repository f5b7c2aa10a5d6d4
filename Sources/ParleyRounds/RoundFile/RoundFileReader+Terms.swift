// The sections `signatures`, `primary`, `audit`, `order` and `rules`: what the parties agree on beside what is run. A round that is
// signed says all of it, since what it leaves open cannot be agreed on afterwards.

import ParleyModel

extension RoundFileReader {
    mutating func readTerms(_ fields: Fields) {
        draft.primary = readPrimary(fields["primary"])
        draft.audit = readAudit(fields["audit"])
        draft.order = readOrder(fields["order"])
        draft.rules = readRules(fields["rules"])
        if let field = fields["signatures"] { readSignatures(field) }
        if let field = fields["silent_exit"] { readSilentExit(field) }
        guard let field = fields["signatures"] else { return }
        for (key, example) in [
            ("primary", "primary: [{ suite: …, compare: [a, b], effect: 0.1 }], or primary: [] for none"),
            ("rules", "rules: { stopping: …, errors: …, visibility: … }"),
        ] where fields[key] == nil {
            mistakes.error("a round that is signed needs '\(key)'", at: field.place, remedy: "add \(example)")
        }
        let judged = draft.suites.contains { $0.suite.scorer.grader != nil }
        if judged, fields["audit"] == nil {
            mistakes.warning(
                "no answer is labelled by people, and models judge",
                at: field.place,
                remedy: "add audit: { size: 20, seed: … }; `parley round seed` draws one"
            )
        }
    }

    private mutating func readSignatures(_ field: Field) {
        let signing = draft.parties.filter(\.signs)
        let least = Int64(min(2, signing.count))
        if field.scalarText == "all" {
            draft.signatures = signing.count
        } else {
            draft.signatures = field.count(in: least...max(least, Int64(signing.count)))
        }
        if signing.isEmpty {
            field.fail("no lab and no evaluator takes part, so nobody can sign", "remove 'signatures'")
        }
        // A key with a mistake was reported where it stands.
        let isClean = !mistakes.hasErrors
        for party in signing where party.key == nil && isClean {
            field.fail("'\(party.name)' cannot sign: it has no key", "add key: … to the party")
        }
        let keys = signing.compactMap(\.key)
        if Set(keys).count < keys.count { field.fail("two parties have the same key", "let each make its own") }
    }

    /// What would leave a trace in any case is no part of a round that a lab may leave.
    private mutating func readSilentExit(_ field: Field) {
        guard field.flag() == true else { return }
        draft.silentExit = true
        let labs = Set(draft.parties.filter { $0.role == .lab }.map(\.name))
        if draft.signatures ?? 0 != draft.parties.count(where: \.signs), draft.signatures != nil {
            field.fail("the number of signatures would show that a party has left", "write signatures: all")
        }
        for suite in draft.suites {
            if labs.contains(suite.suite.party) {
                field.fail(
                    "the suite '\(suite.suite.name)' is of the lab '\(suite.suite.party)', whose exit would take others' "
                        + "findings along",
                    "let an evaluator own it"
                )
            }
            if !suite.suite.isHeldOut {
                field.fail(
                    "what models answer to the suite '\(suite.suite.name)' would not be encrypted",
                    "write held_out: true"
                )
            }
        }
    }

    private func readPrimary(_ field: Field?) -> [PrimaryFinding]? {
        guard let field, let items = field.list(allowEmpty: true) else { return nil }
        var found: [PrimaryFinding] = []
        for item in items {
            guard let fields = Fields(item, what: "a primary finding", keys: ["suite", "compare", "effect"]) else {
                continue
            }
            let suite: SuiteName? = declared.reference(fields.required("suite", "suite: NAME"), .suite)
            let pair: [ConfigurationName]? = fields.required("compare", "compare: [a, b]")
                .flatMap { declared.references($0, .configuration) }
            let effect = fields.required("effect", "effect: 0.1, the least difference that it is to show")?
                .number(in: 0...9_000_000_000).flatMap { Score($0) }
            guard let suite, let pair, let effect else { continue }
            guard pair.count == 2, pair[0] != pair[1] else {
                item.fail("a primary finding compares two configurations", "write compare: [a, b]")
                continue
            }
            guard effect.billionths > 0 else {
                item.fail("an effect of 0 can never be shown", "write the least difference that matters")
                continue
            }
            for name in pair where !draft.cells.contains(Cell(suite: suite, configuration: name)) {
                item.fail("the suite '\(suite)' does not run on '\(name)'", "add it under 'runs'")
            }
            guard !found.contains(where: { $0.compares(suite, pair[0], pair[1]) }) else {
                item.fail("this comparison stands twice", "keep one of them")
                continue
            }
            found.append(PrimaryFinding(suite: suite, left: pair[0], right: pair[1], effect: effect))
        }
        return found
    }

    private func readAudit(_ field: Field?) -> AuditSample? {
        guard let field, let fields = Fields(field, what: "an audit", keys: ["size", "seed"]) else { return nil }
        let size = fields.required("size", "size: 20, the answers that people label in each cell")?
            .count(in: 1...100_000)
        let seed = readSeed(fields)
        return size.flatMap { size in seed.map { AuditSample(size: size, seed: $0) } }
    }

    private func readOrder(_ field: Field?) -> SampleOrder {
        guard let field, let fields = Fields(field, what: "an order", keys: ["seed"]), let seed = readSeed(fields)
        else {
            return SampleOrder()
        }
        if let audit = draft.audit, audit.seed != seed {
            field.fail("the round has two sealed seeds", "write the audit's seed here too: one serves both")
        }
        return SampleOrder(seed: seed)
    }

    private func readSeed(_ fields: Fields) -> ContentHash? {
        let remedy = "seed: sha256:…, which `parley round seed --output FILE` prints"
        guard let seed = fields.required("seed", remedy), let text = seed.text() else { return nil }
        guard let commitment = ContentHash(text) else {
            seed.fail("'seed' must be the commitment to a seed, not '\(text.prefix(80))'", "write " + remedy)
            return nil
        }
        return commitment
    }

    private func readRules(_ field: Field?) -> RoundRules? {
        let keys = ["stopping", "errors", "visibility"]
        guard let field, let fields = Fields(field, what: "the section 'rules'", keys: keys) else { return nil }
        for key in keys { _ = fields.required(key, "\(key): what holds, in words") }
        return RoundRules(
            stopping: fields["stopping"]?.text(),
            errors: fields["errors"]?.text(),
            visibility: fields["visibility"]?.text()
        )
    }
}
