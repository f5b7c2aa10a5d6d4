// The names that a round file declares, known before anything refers to them, so that an entry with a mistake inside
// is still known by its name and causes no second mistake where it is used.

import ParleyModel

/// What can be declared and referred to.
enum DeclaredKind: String, Hashable {
    case party, model, configuration, suite

    var plural: String {
        switch self {
        case .party: "parties"
        case .model: "models"
        case .configuration: "configurations"
        case .suite: "suites"
        }
    }
}

/// One entry of a section: its name and what else it says.
struct Entry {
    let name: String
    let fields: Fields
}

/// The names that a round file declares.
struct Declarations {
    private var places: [DeclaredKind: [String: Place?]] = [:]
    /// In the order of the file.
    private(set) var names: [DeclaredKind: [String]] = [:]

    /// Reads the names of a section's entries; reports names that are no names and names that stand twice.
    mutating func declare(_ section: Field?, _ kind: DeclaredKind, keys: [String]) -> [Entry] {
        guard let items = section?.list() else { return [] }
        var entries: [Entry] = []
        for item in items {
            if let text = item.scalarText { add(text, kind, at: item.place) }
            guard let fields = Fields(item, what: "a \(kind.rawValue)", keys: keys),
                let field = fields.required("name", "name: NAME, for instance name: \(kind.rawValue)-1"),
                let name = field.text()
            else { continue }
            if let first = places[kind]?[name] {
                let line = first.map { " (the first on line \($0.line))" } ?? ""
                field.fail("two \(kind.plural) are called '\(name)'\(line)", "give each a name of its own")
                continue
            }
            Self.checkName(field, name)
            add(name, kind, at: field.place)
            entries.append(Entry(name: name, fields: fields))
        }
        return entries
    }

    mutating func add(_ name: String, _ kind: DeclaredKind, at place: Place?) {
        places[kind, default: [:]][name] = .some(place)
        names[kind, default: []].append(name)
    }

    /// The name that a field refers to; reports one that nothing is called.
    func reference<Kind>(_ field: Field?, _ kind: DeclaredKind) -> Name<Kind>? {
        guard let field, let text = field.text() else { return nil }
        guard places[kind]?[text] != nil else {
            field.fail(
                "no \(kind.rawValue) is called '\(text.prefix(64))'",
                Suggestion.remedy(for: text, among: names[kind] ?? [], none: "declare it under '\(kind.plural)'")
            )
            return nil
        }
        return Name(text)
    }

    /// The names that a list refers to; the word `all` names every one.
    func references<Kind>(_ field: Field, _ kind: DeclaredKind) -> [Name<Kind>]? {
        if field.scalarText == "all" {
            return (names[kind] ?? []).map { Name($0) }
        }
        guard let elements = field.isScalar ? [field] : field.list() else { return nil }
        let found = elements.compactMap { reference($0, kind) as Name<Kind>? }
        return found.count == elements.count ? found : nil
    }

    /// Reports text that is no valid name, with a name that is near to it.
    static func checkName(_ field: Field, _ text: String) {
        guard !Name<Party>.isValid(text) else { return }
        let near = text.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == ".") ? $0 : "-" }
        let name = String(String(near.drop { $0 == "-" || $0 == "." }).prefix(64))
        field.fail(
            "'\(text.prefix(80))' is no valid name",
            "write 1 to 64 of a-z 0-9 . _ -, first a letter or a digit" + (name.isEmpty ? "" : ", such as '\(name)'")
        )
    }
}
