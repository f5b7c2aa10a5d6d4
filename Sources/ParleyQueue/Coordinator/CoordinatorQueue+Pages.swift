// Reading in pages: a few are read at once, each in a short transaction of its own, and handed over in their order.

extension CoordinatorQueue {
    /// As many as two processors keep busy, reading here and writing in the server.
    private static let pagesAtOnce = 3

    /// Reads pages and hands over those that are not empty, in their order.
    nonisolated(nonsending) func read<Page: Sendable, Row: Sendable>(
        _ pages: [Page],
        _ rows: @escaping @Sendable (Page) async throws -> [Row],
        _ body: nonisolated(nonsending) ([Row]) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: (Int, [Row]).self) { group in
            var begun = 0
            func begin() {
                guard begun < pages.count else { return }
                let (number, page) = (begun, pages[begun])
                group.addTask { (number, try await rows(page)) }
                begun += 1
            }
            for _ in 0..<Self.pagesAtOnce { begin() }
            var waiting: [Int: [Row]] = [:]
            var next = 0
            while let (number, read) = try await group.next() {
                waiting[number] = read
                while let page = waiting.removeValue(forKey: next) {
                    next += 1
                    begin()
                    if !page.isEmpty { try await body(page) }
                }
            }
        }
    }
}
