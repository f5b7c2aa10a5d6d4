// BitImage.swift: every field of a value as text, doubles by their bits, so that −0 and 0 differ and nothing is missed
// when a field is added.

/// The path and the bits of every leaf of a value.
func bitImage(_ value: Any, path: String = "") -> [String] {
    if let double = value as? Double { return ["\(path) = \(String(double.bitPattern, radix: 16))"] }
    let mirror = Mirror(reflecting: value)
    if mirror.children.isEmpty { return ["\(path) = \(value)"] }
    return mirror.children.enumerated().flatMap { position, child in
        bitImage(child.value, path: "\(path).\(child.label ?? String(position))")
    }
}
