// Fields by their names as text, for those that are not among the well-known ones.

import Hummingbird

extension HTTPFields {
    /// The value of a field; a text that can be no field's name has none.
    subscript(named text: String) -> String? {
        get { Element.Name(text).flatMap { self[$0] } }
        set { if let name = Element.Name(text) { self[name] = newValue } }
    }
}
