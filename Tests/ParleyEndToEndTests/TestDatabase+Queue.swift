// How the program under test is told of a test's database, and what stands in its queue.

import ParleyPostgres
import ParleyTestSupport
import Testing

extension TestDatabase {
    /// This database as a URL, for a role or for its superuser.
    func url(role: String? = nil) throws -> String {
        let keywords = role.map { configuration(role: $0).keywords } ?? superuser.keywords
        let host = try #require(keywords["host"])
        let name = try #require(keywords["dbname"])
        let user = try #require(role ?? keywords["user"])
        return "postgresql:///\(name)?host=\(host)&port=\(keywords["port"] ?? "5432")&user=\(user)"
    }

    /// URLs of a coordinator's and a worker's login, which belong to their groups and own nothing.
    func daemonLogins(_ owner: PostgresConnection) async throws -> (coordinator: String, worker: String) {
        for group in ["coordinator", "worker"] {
            try await Self.makeLogin("parley_daemon_\(group)", in: "parley_\(group)", owner)
        }
        return (try url(role: "parley_daemon_coordinator"), try url(role: "parley_daemon_worker"))
    }

    /// Makes a login unless another test on this server has.
    static func makeLogin(_ login: String, in group: String, _ owner: PostgresConnection) async throws {
        try await owner.execute(
            script: """
                do $$ begin create role \(login) login; exception when duplicate_object or unique_violation then null; end $$;
                grant \(group) to \(login);
                """
        )
    }
}

extension PostgresConnection {
    /// Jobs that workers hold.
    func heldJobs() async throws -> Int64 {
        try await query(
            """
            select (select coalesce(sum(bit_count(open::bit(64))), 0) from parley.blocks)::bigint
                + (select count(*) from parley.jobs where worker_id is not null) as n
            """
        ).only().int64("n")
    }
}
