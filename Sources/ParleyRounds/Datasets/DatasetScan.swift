// The first reading of a dataset: every row is checked, the samples are counted and hashed, and for a shuffled one
// their places are kept. Memory for each row: 16 bytes to find duplicate ids, freed at the end, and 16 for its place.

import ParleyModel

/// The first reading of a dataset.
struct DatasetScan {
    private let specification: DatasetSpecification
    private var bad: BadRows
    private var ids = IDIndex()

    init(_ specification: DatasetSpecification) {
        self.specification = specification
        bad = BadRows(file: specification.file)
    }

    mutating func run() throws(InvalidInput) -> DatasetSource {
        do {
            return try read()
        } catch let diagnostic as Diagnostic {
            throw InvalidInput(bad.problems + [diagnostic])
        } catch let invalid as InvalidInput {
            throw invalid
        } catch {
            throw InvalidInput([Diagnostic(file: specification.file, "the dataset cannot be read: \(error)")])
        }
    }

    private mutating func read() throws -> DatasetSource {
        var stream = try SampleStream(specification)
        var total = Totals()
        var locations: [RowLocation] = []
        var rows = 0
        let isShuffled = specification.shuffleSeed != nil
        while isShuffled || total.count < specification.limit ?? .max, let item = try stream.next() {
            rows += 1
            switch item {
            case .filtered: continue
            case .bad(let problem): try bad.add(problem)
            case .sample(let sample, let location):
                ids.add(sample.id, line: location.line)
                if isShuffled { locations.append(location) } else { total.add(sample) }
                if isShuffled { total.count += 1 }
            }
        }
        try checkNotEmpty(rows: rows, samples: total.count, filter: stream.filter)
        let problems = try bad.problems + ids.duplicates(in: specification)
        guard problems.isEmpty else { throw InvalidInput(problems) }
        guard let seed = specification.shuffleSeed else { return source(total, locations: nil) }
        locations.shuffle(seed: seed)
        return try readInOrder(Array(locations.prefix(specification.limit ?? .max)))
    }

    /// The second pass of a shuffled dataset, over the samples that were taken, in their order.
    private func readInOrder(_ locations: [RowLocation]) throws -> DatasetSource {
        var stream = try SampleStream(specification, chunkSize: RowScanner.seekingChunk)
        var total = Totals()
        for location in locations {
            guard case .sample(let sample, _)? = try stream.row(at: location) else {
                throw Diagnostic(
                    file: specification.file,
                    line: Int(location.line),
                    "the dataset changes while it is read",
                    remedy: "wait until it is complete, and plan again"
                )
            }
            total.add(sample)
        }
        return source(total, locations: locations)
    }

    private func source(_ total: Totals, locations: [RowLocation]?) -> DatasetSource {
        DatasetSource(
            specification: specification,
            count: total.count,
            digest: total.digest.value,
            size: total.size,
            locations: locations
        )
    }

    private func checkNotEmpty(rows: Int, samples: Int, filter: RowFilter) throws {
        guard samples == 0, bad.problems.isEmpty else { return }
        let file = specification.file
        guard rows > 0 else {
            throw Diagnostic(file: file, "the dataset is empty", remedy: "it needs at least one row")
        }
        if let path = filter.unseenPaths.first {
            throw Diagnostic(file: file, "the filter names '\(path)', which no row has", remedy: "check its spelling")
        }
        throw Diagnostic(file: file, "the filter takes none of the \(rows) rows", remedy: "check the filter's values")
    }

    /// What is summed over the samples that are taken.
    private struct Totals {
        var count = 0
        var digest = DatasetDigest()
        var size = SampleSize()

        mutating func add(_ sample: Sample) {
            count += 1
            digest.add(sample)
            size.add(sample)
        }
    }
}
