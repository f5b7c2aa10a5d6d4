// Notifications reach their channel's listeners.

import ParleyPostgres
import ParleyTestSupport
import Testing

@Suite("Notifications")
struct ListenTests {
    @Test("a notification reaches an idle listener, which can run statements meanwhile")
    func delivered() async throws {
        let database = try await TestDatabase.fresh()
        let listener = try await database.connect()
        let sender = try await database.connect()
        var notices = try await listener.listen("jobs \"x\"").makeAsyncIterator()
        for index in 0..<20 {
            _ = try await sender.query("select pg_notify($1, $2)", [.text("jobs \"x\""), .text("\(index)")])
            if index % 3 == 0 { #expect(try await listener.query("select 1").count == 1) }
            let notice = await notices.next()
            #expect(notice?.payload == "\(index)")
            #expect(notice?.channel == "jobs \"x\"")
        }
        await listener.close()
        #expect(await notices.next() == nil)
        await sender.close()
    }
}
