// Reads a round file: the sections in turn, each in an extension of its own. The form of the file is described by
// schemas/json/round.schema.json; this reader is stricter, since it also knows what refers to what.

import Foundation
import ParleyModel
import Yams

/// Reads a round file into a draft, reporting every mistake on the way.
struct RoundFileReader {
    static let keys = [
        "round", "title", "tier", "currency", "seed", "parties", "models", "configurations", "suites", "runs",
        "budgets", "stream", "signatures", "primary", "audit", "order", "rules", "grading", "comparability",
        "silent_exit",
    ]

    let mistakes: Mistakes
    /// The round file's folder, against which relative paths count.
    let folder: String
    /// Captures the samples of tasks; nil where their code may not be run.
    let capture: TaskCapture?
    var declared = Declarations()
    var draft = RoundDraft()

    init(mistakes: Mistakes, folder: String, capture: TaskCapture? = nil) {
        self.mistakes = mistakes
        self.folder = folder
        self.capture = capture
    }

    /// Reads the file at a path.
    static func read(file: String, mistakes: Mistakes, capture: TaskCapture? = nil) -> RoundDraft {
        var reader = RoundFileReader(
            mistakes: mistakes,
            folder: URL(fileURLWithPath: file).deletingLastPathComponent().path,
            capture: capture
        )
        do {
            let root = try YAMLFile.compose(path: file, name: file)
            reader.readRoot(Field(key: "the round file", node: root, mistakes: mistakes))
        } catch {
            mistakes.add([error])
        }
        return reader.draft
    }

    private mutating func readRoot(_ root: Field) {
        guard let fields = Fields(root, what: "a round file", keys: Self.keys) else { return }
        readHead(fields)
        let parties = declared.declare(
            fields.required("parties", "the organisations: parties: [{ name: lab-a, role: lab }]"),
            .party,
            keys: Self.partyKeys
        )
        let models = declared.declare(
            fields.required("models", "the endpoints under test: models: [{ name, party, provider, model }]"),
            .model,
            keys: Self.modelKeys
        )
        let configurations = declared.declare(fields["configurations"], .configuration, keys: Self.configurationKeys)
        if fields["configurations"] == nil {
            for model in models { declared.add(model.name, .configuration, at: model.fields.place) }
        }
        let suites = declared.declare(
            fields.required("suites", "the evals: suites: [{ name, party, areas, dataset, scorer }]"),
            .suite,
            keys: Self.suiteKeys
        )
        draft.parties = parties.compactMap { readParty($0) }
        draft.models = models.compactMap { readModel($0) }
        draft.configurations =
            fields["configurations"] == nil
            ? models.map { Configuration(name: Name($0.name), model: Name($0.name)) }
            : configurations.compactMap { readConfiguration($0) }
        draft.suites = suites.compactMap { readSuite($0) }
        readRuns(fields["runs"], at: fields.place)
        readBudgets(fields["budgets"])
        checkCostLimits()
        readStream(fields["stream"])
        readTerms(fields)
        readGrading(fields["grading"])
        readComparability(fields["comparability"])
        if !mistakes.hasErrors { warnAboutUse(configurations: configurations, suites: suites) }
    }

    private mutating func readHead(_ fields: Fields) {
        if let field = fields.required("round", "round: spring-2026, a short name"),
            let name = field.text()
        {
            Declarations.checkName(field, name)
            draft.name = Name(name)
        }
        draft.title = fields["title"]?.text() ?? draft.name?.text
        draft.tier = fields.required("tier", "tier: bilateral, or tier: mediated")?.word(Tier.self)
        draft.seed = fields["seed"]?.integer(in: 0...Int64.max) ?? 1
        if let field = fields["currency"], let currency = field.text() {
            draft.currency = currency
            if currency.utf8.count != 3 || !currency.utf8.allSatisfy({ (65...90).contains($0) }) {
                field.fail("'\(currency.prefix(20))' is no currency", "write its ISO code, such as USD or EUR")
            }
        }
    }

    /// Where a file lies that the round file names.
    func resolve(_ path: String) -> String { path.hasPrefix("/") ? path : folder + "/" + path }

    /// The text of a file that the round file names instead of writing it out.
    func readTextFile(_ field: Field, what: String) -> String? {
        guard let path = field.text() else { return nil }
        do {
            let text = try YAMLFile.readText(path: resolve(path), name: path, limit: 1 << 20, what: what)
            guard text.contains(where: { !$0.isWhitespace }) else {
                field.fail("the \(what) file \(path) is empty", "write the text into it")
                return nil
            }
            return text
        } catch {
            field.fail(error.message, error.remedy)
            return nil
        }
    }

    /// A text that stands in the file itself or in a file of its own.
    func text(in fields: Fields, _ key: String, what: String) -> String? {
        let fileKey = key + "_file"
        if let inline = fields[key], let file = fields[fileKey] {
            file.fail("'\(key)' and '\(fileKey)' both stand here", "keep one of them")
            return inline.text()
        }
        if let inline = fields[key] { return inline.text() }
        return fields[fileKey].flatMap { readTextFile($0, what: what) }
    }

    /// What is declared but leads to nothing.
    private func warnAboutUse(configurations: [Entry], suites: [Entry]) {
        let usedSuites = Set(draft.cells.map(\.suite.text))
        for suite in suites where !usedSuites.contains(suite.name) {
            mistakes.warning(
                "the suite '\(suite.name)' runs on nothing",
                at: suite.fields.place(of: "name"),
                remedy: "name it under 'runs', or remove it"
            )
        }
        let helpers = draft.suites.flatMap { $0.suite.helpers }
        let used = Set((draft.cells.map(\.configuration) + helpers).map(\.text))
        for configuration in configurations where !used.contains(configuration.name) {
            mistakes.warning(
                "the configuration '\(configuration.name)' is used by nothing",
                at: configuration.fields.place(of: "name"),
                remedy: "name it under 'runs', or remove it"
            )
        }
    }
}

extension Suite {
    /// The configurations that judge, play the user or have a role in this suite.
    var helpers: [ConfigurationName] {
        (scorer.grader?.judges ?? []) + solver.helpers
    }
}
