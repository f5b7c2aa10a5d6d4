// The order in which grades are begun. A judge that sees all answers of one configuration in a row can tell that they
// are one's, so what was claimed together is begun in an order that follows from the answers' numbers and from nothing
// that tells configurations apart. A claim takes from several cells at once (`Allotment`), so there is what to mix.

import ParleyModel

extension [ClaimedJob] {
    /// The same jobs: the grades mixed over cells, then the probes as they were.
    func mixingGrades() -> [ClaimedJob] {
        guard contains(where: { $0.stage == .grade }) else { return self }
        let grades = filter { $0.stage == .grade }.map { (key: Self.scattered($0.id.rawValue), job: $0) }
        return grades.sorted { $0.key < $1.key }.map(\.job) + filter { $0.stage == .probe }
    }

    /// Numbers that follow one another land far apart: the finalizer of SplitMix64 (Steele, Lea and Flood, 2014).
    private static func scattered(_ number: Int64) -> UInt64 {
        var bits = UInt64(bitPattern: number) &+ 0x9E37_79B9_7F4A_7C15
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }
}
