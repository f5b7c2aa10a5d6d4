// The samples: their commitments, and of opened suites the digest that the parties signed. Labels, which are a file of
// their own.

import ParleyModel

extension PackageVerifier {
    mutating func checkSamples() {
        guard let definition, let bytes = package[.samples] else { return }
        let subject = PackageManifest.File.samples.rawValue
        do throws(Ledger.Fault) {
            let records = try [SealedRecord](parsing: bytes)
            checkRecords(records, manifest.samples, "samples", subject)
            var next = 0
            for suite in definition.suites {
                let end = min(records.count, next + suite.dataset.count)
                try checkSamples(records[next..<end], of: suite, from: next)
                next = end
            }
            guard next == records.count else {
                throw Ledger.Fault(line: next + 1, reason: "the definition has no more samples")
            }
        } catch {
            let reason = "This is no sample of the round: \(error.reason)."
            note("samples", "\(subject), line \(error.line)", .failed, reason)
        }
    }

    private mutating func checkSamples(
        _ records: ArraySlice<SealedRecord>,
        of suite: Suite,
        from first: Int
    ) throws(Ledger.Fault) {
        guard records.count == suite.dataset.count else {
            throw Ledger.Fault(line: first + records.count + 1, reason: "suite '\(suite.name)' has more samples")
        }
        let isOpen = manifest.openSuites.contains(suite.name)
        var samples: [(number: Int, id: String, hash: ContentHash)] = []
        for (number, record) in records.enumerated() {
            let line = first + number + 1
            guard record.position == PackagedSample.position(suite: suite.name, sample: number) else {
                throw Ledger.Fault(line: line, reason: "it is not sample \(number) of suite '\(suite.name)'")
            }
            guard (record.content != nil) == isOpen else {
                let reason = isOpen ? "it is hidden, its suite open" : "it is open, its suite hidden"
                throw Ledger.Fault(line: line, reason: reason)
            }
            guard let content = record.content else { continue }
            guard content.object?.count == (definition?.order == nil ? 2 : 3), let id = content["id"]?.string,
                let hash = content["content_hash"]?.string.flatMap({ ContentHash($0) }),
                let place = definition?.order == nil ? number : content["number"]?.integer.flatMap({ Int(exactly: $0) })
            else { throw Ledger.Fault(line: line, reason: "its content is not an id, a hash and a number") }
            samples.append((place, id, hash))
        }
        if isOpen { orders[suite.name] = samples.map(\.number) }
        var digest = SampleDigest()
        for sample in samples.sorted(by: { $0.number < $1.number }) {
            digest.add(id: sample.id, contentHash: sample.hash)
        }
        if !isOpen {
            note(
                "samples",
                suite.name.text,
                .notCovered,
                "Its \(records.count) samples are committed to and not opened: that they are the dataset that was signed "
                    + "can be checked once they are."
            )
        } else if digest.value == suite.dataset.digest {
            note("samples", suite.name.text, .passed, "Its \(records.count) samples give the digest in the definition.")
        } else {
            let reason = "Its samples give the digest \(digest.value), not the definition's."
            note("samples", suite.name.text, .failed, reason)
        }
    }

    mutating func checkLabels() {
        labels = []
        guard let definition, let bytes = package[.labels] else { return }
        let subject = PackageManifest.File.labels.rawValue
        do throws(Ledger.Fault) {
            var found: [LabelRecord] = []
            for (index, line) in try JSONLines.split(bytes, limit: Ledger.lineLimit).enumerated() {
                let line = Array(line)
                guard let json = try? JSONValue(parsing: line), json.canonicalBytes == line,
                    let label = LabelRecord(packaged: json),
                    definition.cells.contains(Cell(suite: label.suite, configuration: label.configuration))
                else { throw Ledger.Fault(line: index + 1, reason: "it is no label of a cell in canonical form") }
                found.append(label)
            }
            labels = found
            note(
                "labels",
                nil,
                .notCovered,
                "\(found.count) labels are taken as they stand: that people gave them is the word of who made the package."
            )
        } catch {
            labels = nil
            note("labels", "\(subject), line \(error.line)", .failed, "This is no label: \(error.reason).")
        }
    }
}
