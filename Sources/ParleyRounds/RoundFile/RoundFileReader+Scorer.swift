// A suite's `scorer`: a kind, or a mapping with what that kind takes. A key that the kind would ignore is a mistake,
// since whoever wrote it expects it to count.

import Foundation
import ParleyModel

extension RoundFileReader {
    static let graderKeys = [
        "version", "judges", "axes", "rubric", "rubric_file", "scale", "combine", "max_tokens",
    ]
    private static let scorerKeys = ["kind", "pattern", "ignore_case", "tolerance", "negate", "measure"] + graderKeys

    func readScorer(_ field: Field) -> Templated<Scorer>? {
        if field.isScalar {
            guard let kind = field.word(Scorer.Kind.self) else { return nil }
            guard kind != .modelGraded else {
                field.fail(
                    "model_graded needs judges, a rubric and a scale",
                    "write { kind: model_graded, judges: [NAME], rubric: \"…\", scale: { C: 1, I: 0 } }"
                )
                return nil
            }
            guard kind != .environment else {
                field.fail(
                    "environment needs a measure",
                    "write { kind: environment, measure: main_task }, or side_task, or honesty"
                )
                return nil
            }
            return Templated(value: Scorer(kind: kind))
        }
        guard let fields = Fields(field, what: "a scorer", keys: Self.scorerKeys) else { return nil }
        guard let kind = fields.required("kind", "kind: exact, or another kind")?.word(Scorer.Kind.self) else {
            return nil
        }
        var scorer = Templated(value: Scorer(kind: kind, negate: fields["negate"]?.flag() ?? false))
        scorer.value.ignoreCase = fields["ignore_case"]?.flag() ?? scorer.value.ignoreCase
        if kind == .pattern {
            scorer.value.pattern = fields["pattern"].flatMap { readPattern($0) }
        } else {
            fields.forbid(["pattern"], "only the kind 'pattern' takes it")
        }
        if kind == .numeric {
            scorer.value.tolerance = fields["tolerance"]?.number(in: 0...Double.greatestFiniteMagnitude) ?? 0
        } else {
            fields.forbid(["tolerance"], "only the kind 'numeric' takes it")
        }
        if kind == .environment {
            let field = fields.required("measure", "measure: main_task, side_task or honesty")
            guard let measure = field?.word(EnvironmentMeasure.self) else { return nil }
            scorer.value.measure = measure
        } else {
            fields.forbid(["measure"], "only the kind 'environment' takes it")
        }
        guard kind == .modelGraded else {
            fields.forbid(Self.graderKeys, "only the kind 'model_graded' takes it")
            return scorer
        }
        guard let grader = readGrader(fields) else { return nil }
        scorer.value.grader = grader.value
        scorer.metadata = grader.metadata
        return scorer
    }

    private func readPattern(_ field: Field) -> String? {
        guard let pattern = field.text() else { return nil }
        do {
            _ = try NSRegularExpression(pattern: pattern)
            return pattern
        } catch {
            field.fail(
                "'pattern' is no valid regular expression",
                "close every ( and [, escape . * + ? with a backslash, and put it in single quotes"
            )
            return nil
        }
    }

    func readGrader(_ fields: Fields) -> Templated<Grader>? {
        let judges: [ConfigurationName]? = fields.required("judges", "judges: [the configurations that judge]")
            .flatMap { declared.references($0, .configuration) }
        if let judges, let field = fields["judges"], Set(judges).count < judges.count {
            field.fail("a judge stands twice", "name each judge once")
        }
        let axes = fields["axes"].map { readAxes($0, judges: judges?.count ?? 1) }
        if fields["rubric"] == nil, fields["rubric_file"] == nil {
            mistakes.error(
                "model_graded needs 'rubric' or 'rubric_file'",
                at: fields.place,
                remedy: "add a rubric that asks for a line GRADE: X, X a grade of the scale"
            )
        }
        let rubric = text(in: fields, "rubric", what: "rubric")
        var metadata: Set<String> = []
        if let rubric, let field = fields["rubric"] ?? fields["rubric_file"] {
            metadata = Template.check(
                rubric,
                at: field,
                allowed: Template.rubric.union(axes == nil ? [] : Template.axes)
            )
            if axes != nil, Template.axes.isDisjoint(with: Template.placeholders(in: rubric)) {
                field.fail(
                    "the rubric names no axis, so that it asks the same on each",
                    "put {{axis}} or {{axis_text}} into it"
                )
            }
            if !rubric.contains("GRADE") {
                field.warn("the rubric does not ask for a grade", "ask for a line GRADE: X, X a grade of the scale")
            }
            if !Template.placeholders(in: rubric).contains("answer") {
                field.warn("the rubric has no {{answer}}, so the judge does not see it", "add {{answer}}")
            }
        }
        let scale = fields.required("scale", "scale: the score of each grade, { C: 1, I: 0 }").flatMap { readScale($0) }
        let version = fields["version"]?.text() ?? "1"
        let combination = fields["combine"]?.word(Grader.Combination.self) ?? (axes == nil ? .majority : .mean)
        if axes != nil, combination != .mean {
            fields["combine"]?.fail(
                "the score of a rubric with axes is their mean",
                "write combine: mean, or leave it out"
            )
        }
        let maxTokens = fields["max_tokens"]?.count(in: Self.tokenLimit) ?? 256
        guard let judges, let rubric, let scale else { return nil }
        let grader = Grader(
            version: version,
            judges: axes.map { axes in axes.flatMap { _ in judges } } ?? judges,
            axes: axes,
            rubric: rubric,
            scale: scale,
            combination: combination,
            maxTokens: maxTokens
        )
        return Templated(value: grader, metadata: metadata)
    }

    /// The most grade jobs of one answer.
    private static let mostJudges = 31

    private func readAxes(_ field: Field, judges: Int) -> [RubricAxis] {
        var axes: [RubricAxis] = []
        for item in field.list() ?? [] {
            guard let fields = Fields(item, what: "an axis", keys: ["name", "text"]),
                let nameField = fields.required("name", "name: what findings call it, a word"),
                let name = nameField.text(),
                let text = fields.required("text", "text: what is judged, for {{axis_text}}")?.text()
            else { continue }
            Declarations.checkName(nameField, name)
            if axes.contains(where: { $0.name == name }) { nameField.fail("an axis stands twice", "name each once") }
            axes.append(RubricAxis(name: name, text: text))
        }
        if axes.count * judges > Self.mostJudges {
            field.fail(
                "\(axes.count) axes by \(judges) judges are more than \(Self.mostJudges) grades of an answer",
                "ask fewer judges, or of fewer axes"
            )
        }
        return axes
    }

    private func readScale(_ field: Field) -> [String: Score]? {
        guard field.isMapping else {
            field.fail("'scale' must be a mapping from grades to scores, not \(field.typeName)", "write { C: 1, I: 0 }")
            return nil
        }
        var scale: [String: Score] = [:]
        for (key, value) in Fields.pairs(of: field) {
            guard !key.key.isEmpty, !key.key.contains(where: \.isWhitespace) else {
                key.fail("a grade must be one word", "write letters such as C, P and I")
                continue
            }
            scale[key.key] = value.score()
        }
        if scale.count < 2, Fields.pairs(of: field).count < 2 {
            field.fail("'scale' has fewer than two grades", "write { C: 1, I: 0 }")
        }
        return scale
    }
}
