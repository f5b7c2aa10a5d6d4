// Closeness.swift: relative comparison with an expected value.

/// Whether `actual` is within a relative tolerance of `expected`; zero must be met within the tolerance itself.
func isClose(_ actual: Double?, _ expected: Double, relative: Double) -> Bool {
    guard let actual else { return false }
    if actual == expected { return true }
    return (actual - expected).magnitude <= relative * max(expected.magnitude, expected == 0 ? 1 : 0)
}
