// The order of a round: that its samples were numbered in the order which the frozen definition and the opened seed give,
// and in which order they really ran. The first can fail; the second is stated, since limits and lost workers change it.

import ParleyModel

extension PackageVerifier {
    mutating func checkPlannedOrder() {
        guard let definition, definition.order != nil else { return }
        guard let draw = OrderDraw(definition, hash: manifest.definitionHash, opened: openedSeed(definition)) else {
            let reason = "Its sealed seed is not opened in the ledger: the planned order can be checked once it is."
            return note("order", "seed", .notCovered, reason)
        }
        for suite in definition.suites {
            guard let order = orders[suite.name] else {
                let reason = "Its samples are hidden: that they were run in the planned order cannot be seen."
                note("order", suite.name.text, .notCovered, reason)
                continue
            }
            if order == draw.order(of: suite.name, count: order.count) {
                let source = definition.order?.seed == nil ? "definition's hash" : "opened seed"
                let reason = "Its \(order.count) samples are numbered in the order that the \(source) gives."
                note("order", suite.name.text, .passed, reason)
            } else {
                let reason = "Its samples are not numbered in the order that was agreed."
                note("order", suite.name.text, .failed, reason)
            }
        }
    }

    /// The seed that was committed to, where the ledger opens it.
    private func openedSeed(_ definition: RoundDefinition) -> String? {
        ledger?.entries.lazy.filter { $0.what == "audit" && $0.subject.hasPrefix("seed ") }
            .map { String($0.subject.dropFirst(5)) }
            .first { opened in
                guard let secret = Base64.decode(opened), secret.count == 32 else { return false }
                return SealedSeed(secret: secret).commitment == definition.order?.seed
            }
    }

    mutating func checkExecutedOrder(_ findings: PackageFindings) {
        guard let document = findings.order, let bytes = try? document.bytes else {
            if package[.order] != nil {
                note("order", PackageManifest.File.order.rawValue, .failed, "No outcome says when it began.")
            }
            return
        }
        guard package[.order] != nil else {
            let reason = "It is missing, and the outcomes say when they began."
            return note("order", PackageManifest.File.order.rawValue, .failed, reason)
        }
        checkMade(.order, "order", bytes)
        let late = document.cells.reduce(0) { $0 + $1.outOfTurn }
        if late > 0 {
            let reason =
                "\(late) outcomes began after one that was planned later: limits, retries and workers decide that."
            note("order", "executed", .notCovered, reason)
        }
        for suite in document.suites where suite.withinBlock == false {
            let percent = Int(((suite.largestImbalance ?? 0) * 100).rounded())
            let reason =
                "Its cells ran up to \(percent) % apart, more than a block: the models' speed and limits decide that."
            note("order", suite.suite.text, .notCovered, reason)
        }
    }
}
