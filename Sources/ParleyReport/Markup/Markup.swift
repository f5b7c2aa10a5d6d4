// Markup that can only be built safely: names of elements and attributes are literals of this program, and every
// other string goes through `Escape`. It is written as XML, which HTML parsers read alike: attributes are quoted and
// every element is closed.

/// A piece of markup.
struct Markup: Sendable {
    /// As written into the document.
    let source: String

    private init(source: String) { self.source = source }

    /// Markup that stands in this program word for word, such as the style sheet.
    init(literal: StaticString) { source = literal.description }

    /// Text.
    static func text(_ text: String) -> Markup { Markup(source: Escape.html(text)) }

    /// An element with its attributes and children.
    static func element(
        _ name: StaticString,
        _ attributes: KeyValuePairs<StaticString, String>,
        _ children: [Markup]
    ) -> Markup {
        var source = "<\(name)"
        for (key, value) in attributes { source += " \(key)=\"\(Escape.html(value))\"" }
        if isVoid(name) { return Markup(source: source + "/>") }
        source += ">"
        for child in children { source += child.source }
        return Markup(source: source + "</\(name)>")
    }

    /// An element around some text.
    static func element(
        _ name: StaticString,
        _ attributes: KeyValuePairs<StaticString, String>,
        _ text: String
    ) -> Markup {
        element(name, attributes, [.text(text)])
    }

    /// An element without attributes.
    static func element(_ name: StaticString, _ children: [Markup]) -> Markup { element(name, [:], children) }

    /// An element without attributes around some text.
    static func element(_ name: StaticString, _ text: String) -> Markup { element(name, [:], [.text(text)]) }

    /// Several pieces after one another.
    static func group(_ pieces: [Markup]) -> Markup { Markup(source: pieces.map(\.source).joined()) }

    /// Elements that HTML closes by themselves.
    private static func isVoid(_ name: StaticString) -> Bool {
        ["meta", "br", "hr", "link", "input"].contains(name.description)
    }
}
