// OrderStatistics.swift: several quantiles of one array without sorting all of it.
// Invariant: the answer depends on the multiset of values alone.

/// Moves values so that each of the ranks holds what it would hold if all were sorted.
///
/// Quicksort that goes only where ranks are, with three-way partitions: equal values, of which resampled rates have
/// many, cost nothing.
///
/// - Parameter ranks: ascending places in the array.
func selectOrderStatistics(_ values: inout [Double], ranks: [Int]) {
    var pending = [(range: values.indices, ranks: ranks[...])]
    while let (range, ranks) = pending.popLast() {
        if ranks.isEmpty || range.count < 2 { continue }
        if range.count < 24 {
            values[range].sort()
            continue
        }
        let candidates = [
            values[range.lowerBound], values[range.lowerBound + range.count / 2], values[range.upperBound - 1],
        ]
        let pivot = candidates.sorted()[1]
        var lower = range.lowerBound
        var place = range.lowerBound
        var upper = range.upperBound
        while place < upper {
            if values[place] < pivot {
                values.swapAt(place, lower)
                lower += 1
                place += 1
            } else if values[place] > pivot {
                upper -= 1
                values.swapAt(place, upper)
            } else {
                place += 1
            }
        }
        pending.append((range.lowerBound..<lower, ranks.prefix { $0 < lower }))
        pending.append((upper..<range.upperBound, ranks.drop { $0 < upper }))
    }
}
