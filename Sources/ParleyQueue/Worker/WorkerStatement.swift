// Every statement that a worker sends. It calls functions only: its role can touch no table.

/// A statement of the worker; the raw value is its SQL.
enum WorkerStatement: String, CaseIterable, Sendable {
    case register = "select parley.register_worker($1, $2, $3, $4, $5, $6, $7, $8, $9) as id"
    case retire = "select parley.retire_worker($1, $2)"
    case orders = "select concurrency, paused, draining from parley.worker_orders($1)"
    case allot = """
        select draining, stream_id, round_id, stage, grader, cell_no, suite_no, base, probe_base, samples, priority,
            weight, account, model, party, claimed, others, reserve_tokens, reserve_cost, granted, requests, tokens,
            budgets, budget_tokens, budget_cost
        from parley.allot($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        """
    case claim = "select stream_id, job_id, jobs, fence, attempt from parley.claim($1, $2, $3)"
    case heartbeat = "select lost_job_id from parley.heartbeat($1, $2, $3, $4)"
    case heartbeatTelling = """
        select lost_job_id from parley.heartbeat($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        """
    case commit = """
        select job_id, answer
        from parley.commit($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
        """
    case fail = """
        select job_id, disposition, next_try_at
        from parley.fail($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
        """
    case release = "select parley.release($1, $2, $3, $4) as count"
    case saveCheckpoint = "select parley.save_checkpoint($1, $2, $3, $4, $5, $6, $7) as held"
    case loadCheckpoint = "select sealed from parley.load_checkpoint($1, $2, $3)"
    case round = "select definition, definition_hash, tree from parley.worker_round($1, $2)"
    case gradings = "select suite_no, first_judge, grader from parley.worker_gradings($1, $2)"
    case samples = "select sample_no, sample_id, content_hash, content from parley.worker_samples($1, $2, $3, $4)"
    case keys = "select round_id, suite_no, party, wrapped from parley.worker_keys($1, $2)"
    case offer = "select parley.offer_suites($1, $2, $3)"
    case probeTranscript = """
        select sealed, sample_id, content_hash, content from parley.worker_probe_transcript($1, $2, $3)
        """
}
