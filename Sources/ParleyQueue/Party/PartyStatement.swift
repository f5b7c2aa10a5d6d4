// Every statement that a party's login sends. It calls the functions of `parley_party` only: it can touch no table.

/// A statement of a party; the raw value is its SQL.
enum PartyStatement: String, CaseIterable, Sendable {
    case rounds = "select round, title, state, simulated, definition_hash, party from parley_party.rounds()"
    case parties = "select party, title, role from parley_party.parties($1)"
    case suites = """
        select suite, title, party, areas, held_out, samples, epochs, epoch_reducer, kinds, digest, prompts, rubric
        from parley_party.suites($1)
        """
    case cells = """
        select cell_no, suite, configuration, model, party, planned, scores, transcripts from parley_party.cells($1)
        """
    case observations = """
        select cell_no, sample_no, epoch, kind, score, input_tokens, output_tokens, cache_read_tokens,
            cache_write_tokens, reasoning_tokens, cost, latency_micros
        from parley_party.observations($1)
        """
    case samples = "select sample_no, sample_id, content_hash, content from parley_party.samples($1, $2)"
    case transcripts = "select job_id, cell_no, grader, sealed from parley_party.transcripts($1)"
    case grades = "select job_id, cell_no, grader, sample_no, epoch, kind, score from parley_party.grades($1)"
    case keys = "select suite_no, party, wrapped from parley_party.data_keys($1, $2)"
}
