// A standby answers with what it has replayed: every command that reads from one says up to when that is.

import Foundation
import ParleyPostgres

extension Session {
    /// Says on standard error how far behind the server is, where it is a standby.
    func sayHowFarBehind() async throws {
        let row = try await pool.query(
            """
            select pg_is_in_recovery() as standby, pg_last_xact_replay_timestamp() as replayed,
                extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp())::float8 as age,
                pg_last_wal_receive_lsn() is not distinct from pg_last_wal_replay_lsn() as caught_up
            """
        ).only()
        guard try row.bool("standby") else { return }
        guard let replayed = try row.timestamptzOrNil("replayed"), let age = try row.float64OrNil("age") else {
            return Console.error("Read from a standby, which has replayed nothing since it started.")
        }
        let time = Date(timeIntervalSince1970: Double(replayed) / 1e6).formatted(.iso8601)
        let rest = try row.bool("caught_up") ? "all that it received is in" : "it has received more"
        Console.error("Read from a standby: changes up to \(time), \(Int(age)) s ago; \(rest).")
    }
}
