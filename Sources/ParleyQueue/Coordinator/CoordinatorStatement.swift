// Every statement that the coordinator sends.

/// A statement of the coordinator; the raw value is its SQL.
enum CoordinatorStatement: String, CaseIterable, Sendable {
    // Submitting
    case insertRound = """
        insert into parley.rounds (name, title, tier, definition, definition_hash, state, simulated, signatures)
        values ($1, $2, $3, $4, $5, 'draft', $6, $7) on conflict (name) do nothing returning id
        """
    case findRound = "select id, definition_hash, state, presence from parley.rounds where name = $1"
    case redraft = "select parley.redraft($1, $2, $3, $4, $5, $6, $7)"
    case insertParties = """
        insert into parley.round_parties (round_id, party, role, required, key)
        select $1, * from unnest($2::text[], $3::text[], $4::boolean[], $5::bytea[])
        """
    case leave = "select parley.leave_round($1, $2, $3, $4, $5, $6)"
    case dropTree = "delete from parley.trees where round_id = $1"
    case insertTree = "insert into parley.trees (round_id, content) values ($1, $2)"
    case admit = """
        insert into parley.admissions (round_id, role_name) select $1, unnest($2::text[]) on conflict do nothing
        """
    case insertSuites = """
        insert into parley.suites (round_id, suite_no, name, sample_count, epochs, judges, combination, party, held_out)
        select $1, *
        from unnest($2::integer[], $3::text[], $4::integer[], $5::integer[], $6::smallint[], $7::text[], $8::text[],
            $9::boolean[])
        """
    case insertSamples = """
        insert into parley.samples (round_id, suite_no, sample_no, sample_id, content_hash, content, dataset_no)
        select $1, $2, * from unnest($3::integer[], $4::text[], $5::bytea[], $6::bytea[], $7::integer[])
        """
    case insertCells = """
        insert into parley.cells (round_id, cell_no, suite_no, configuration, model, party, planned)
        select $1, * from unnest($2::integer[], $3::integer[], $4::text[], $5::text[], $6::text[], $7::bigint[])
        """
    case insertStreams = """
        insert into parley.streams (round_id, cell_no, suite_no, stage, grader, base, probe_base, samples, epochs,
            priority, tags, account, model, party, suite, concurrency, requests_per_minute, tokens_per_minute,
            reserve_tokens, reserve_cost)
        select $1, g.cell_no, g.suite_no, g.stage, g.grader, ($1::bigint << 36) + g.base,
            ($1::bigint << 36) + g.probe_base,
            g.samples, g.epochs, g.priority, string_to_array(g.tags, ','), g.account, g.model, g.party, g.suite,
            g.concurrency, g.requests_per_minute, g.tokens_per_minute, g.reserve_tokens, g.reserve_cost
        from unnest($2::integer[], $3::integer[], $4::smallint[], $5::smallint[], $6::bigint[], $7::bigint[],
                $8::integer[], $9::integer[], $10::smallint[], $11::text[], $12::text[], $13::text[], $14::text[],
                $15::text[], $16::integer[], $17::integer[], $18::bigint[], $19::bigint[], $20::bigint[])
            g (cell_no, suite_no, stage, grader, base, probe_base, samples, epochs, priority, tags, account, model,
                party, suite, concurrency, requests_per_minute, tokens_per_minute, reserve_tokens, reserve_cost)
        """
    case insertExposures = """
        insert into parley.exposures (round_id, suite_no, model, purpose, party, provider, term)
        select $1, g.* from unnest($2::integer[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[]) g
        """
    case insertKeys = """
        insert into parley.data_keys (round_id, suite_no, party, recipient, holder, wrapped, admitted_by)
        select $1, g.*, $7
        from unnest($2::integer[], $3::text[], $4::bytea[], $5::text[], $6::bytea[]) g
        on conflict do nothing returning suite_no
        """
    case insertSubjects = """
        insert into parley.subjects (stream_id, model, party)
        select s.id, g.model, g.party
        from unnest($2::bigint[], $3::text[], $4::text[]) g (base, model, party)
            join parley.streams s on s.round_id = $1 and s.base = ($1::bigint << 36) + g.base
        """
    case insertLimits = """
        insert into parley.limits (account, model)
        select distinct account, model from parley.streams where round_id = $1 on conflict do nothing
        """
    case insertBudgets = """
        insert into parley.budgets (round_id, budget_no, scope, tokens, cost, cancels)
        select $1, * from unnest($2::integer[], $3::text[], $4::bigint[], $5::bigint[], $6::boolean[])
        """
    case insertBudgetStreams = """
        insert into parley.budget_streams (stream_id, budget_id)
        select s.id, b.id
        from unnest($2::bigint[], $3::integer[]) g (base, budget_no)
            join parley.streams s on s.round_id = $1 and s.base = ($1::bigint << 36) + g.base
            join parley.budgets b on b.round_id = $1 and b.budget_no = g.budget_no
        """
    case enqueue = "select parley.enqueue($1) as count"
    case notify = "select pg_notify($1, $2)"
    // Watching over a round
    case rescue = "select rescued, dead from parley.rescue($1)"
    case finish = "select from parley.finish($1) f where f"
    case unfinished = """
        select r.state,
            (select count(*) from parley.jobs j join parley.streams s on s.id = j.stream_id
             where j.id >= r.id << 36 and j.id < (r.id + 1) << 36 and (not s.cancelled or j.worker_id is not null))
            + (select coalesce(sum(bit_count(b.open::bit(64))), 0) from parley.blocks b
               where b.first >= r.id << 36 and b.first < (r.id + 1) << 36)::bigint
            + (select coalesce(sum(s.base + s.samples::bigint * s.epochs
                   - parley.stream_cursor(s.base, s.base + s.samples::bigint * s.epochs)), 0)
               from parley.streams s where s.round_id = r.id and s.stage = 0 and not s.cancelled)::bigint as jobs,
            (select count(*) from parley.dead_jobs d where d.round_id = r.id and d.ruling is null) as unruled
        from parley.rounds r where r.id = $1
        """
    case foldCharges = "select parley.fold_charges() as count"
    case recordExposures = "select parley.record_exposures() as count"
    case settleCheckpoints = "select parley.settle_checkpoints() as count"
    case enforceBudgets = "select parley.enforce_budgets() as count"
    // Controlling
    case control = "select streams, jobs, waits from parley.control($1, $2, $3, $4, $5, $6, $7, $8)"
    case arrange = "select parley.arrange($1, $2, $3, $4, $5, $6, $7, $8) as count"
    case steer = "select workers, jobs from parley.steer($1, $2, $3, $4, $5, $6, $7)"
    case setBudget = "select parley.set_budget($1, $2, $3, $4, $5, $6) as count"
    case grantParty = "select parley.grant_party($1, $2, $3, $4)"
    case revokeParty = "select parley.revoke_party($1, $2, $3, $4) as done"
    case rule = "select parley.rule($1, $2, $3, $4, $5) as count"
    case events = """
        select e.at, e.source, e.number, e.who, e.what, e.round_id, e.subject, e.why
        from (
            select l.at, 0 as source, l.who, l.what, l.round_id, l.subject, l.why, l.sequence as number
            from parley.ledger l where $1::bigint is null or l.round_id = $1
            union all
            select v.at, 1, coalesce(nullif(v.actor, ''), v.role_name), v.action, null, v.subject, v.reason, v.id
            from parley.events v
            union all
            select q.at, 2, q.actor, 'asked', q.round_id, q.method || ' ' || q.path, q.reason, q.id
            from parley.requests q where $1::bigint is null or q.round_id is null or q.round_id = $1
        ) e
        where $3::timestamptz is null or (e.at, e.source, e.number) < ($3, $4::integer, $5::bigint)
        order by e.at desc, e.source desc, e.number desc limit $2
        """
    // The ledger, states and signatures
    case probePlace = """
        select cell_no, sample_no, epoch from parley.outcomes where round_id = $1 and job_id = $2 and stage = 0
        """
    case ledger = """
        select sequence, at, who, what, subject, why, hash from parley.ledger
        where round_id = $1 and sequence > $2 order by sequence limit $3
        """
    case moveRound = "select parley.move_round($1, $2, $3, $4) as moved"
    case appendLedger = "select parley.append_ledger($1, $2, $3, $4, $5) as sequence"
    case roundParties = """
        select party, role, handle::text as handle, required, key from parley.round_parties
        where round_id = $1 order by party
        """
    case transitions = "select to_state from parley.transitions where from_state = $1 order by to_state"
    case addSignature = "select parley.add_signature($1, $2, $3, $4, $5, $6, $7) as added"
    case signatures = """
        select kind, subject, party, sequence, envelope, at from parley.signatures
        where round_id = $1 and kind = $2 order by at, subject, key_id
        """
    case amend = "select parley.amend($1, $2, $3, $4, $5) as number"
    case amendments = """
        select number, content, hash, lacking from parley.amendment_standings where round_id = $1 order by number
        """
    case witnessStandings = """
        select r.id, l.sequence,
            (select max(m.sequence) from parley.ledger m where m.round_id = r.id and m.what = 'moved') as moved,
            w.sequence as witnessed, extract(epoch from parley.now() - w.at)::double precision as age
        from parley.rounds r
            join lateral (
                select x.sequence from parley.ledger x where x.round_id = r.id order by x.sequence desc limit 1
            ) l on true
            left join lateral (
                select s.sequence, s.at from parley.signatures s
                where s.round_id = r.id and s.kind = 'witness' and s.key_id = $1 order by s.at desc limit 1
            ) w on true
        where r.state <> 'draft'
        """
    // Grading again, and people's labels
    case gradeAgain = """
        select grading, jobs, existed
        from parley.grade_again($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
        """
    case gradings = """
        select g.suite_no, g.grading, g.version, g.first_judge, g.grader, g.identity, g.asked_at, g.asked_by, g.reason,
            (select count(*) from parley.outcomes o join parley.streams s
                 on o.round_id = s.round_id and o.job_id >= s.base and o.job_id < s.base + s.samples::bigint * s.epochs
             where s.round_id = $1 and s.suite_no = g.suite_no and s.stage = 1
                 and s.grader >= g.first_judge and s.grader < g.first_judge + g.judges) as done,
            (select count(*) from parley.jobs j join parley.streams s on s.id = j.stream_id
             where s.round_id = g.round_id and s.suite_no = g.suite_no and s.stage = 1
                 and s.grader >= g.first_judge and s.grader < g.first_judge + g.judges) as left
        from parley.gradings g where g.round_id = $1 order by g.suite_no, g.grading
        """
    case gradeReservations = """
        select grader, max(reserve_tokens) as tokens, max(reserve_cost) as cost
        from parley.streams where round_id = $1 and suite_no = $2 and stage = 1 group by grader order by grader
        """
    case addLabels = "select parley.add_labels($1, $2, $3, $4, $5, $6, $7) as count"
    case openAuditSeed = "select parley.open_audit_seed($1, $2, $3)"
    case auditSeed = "select seed from parley.audit_seeds where round_id = $1"
    case labels = """
        select id, job_id, cell_no, sample_no, epoch, author, at, verdict, grade, score, note, supersedes
        from parley.labels where round_id = $1 order by id
        """
    case answered = """
        select o.job_id, o.cell_no, o.sample_no, o.epoch
        from parley.outcomes o where o.round_id = $1 and o.job_id >= $2 and o.job_id < $3 and o.stage = 0 and o.kind = 1
        order by o.job_id
        """
    // Other servers
    case servers = "select name, place, added_at, added_by, rounds, seen_at from parley.servers order by name"
    case addServer = "select parley.add_server($1, $2, $3, $4, $5, $6)"
    case removeServer = "select parley.remove_server($1) as done"
    case schemaVersion = "select max(version) as version from parley.schema_migrations"
    case sawRounds = """
        update parley.servers set rounds = $2, seen_at = parley.now() where name = $1
        """
    // Rehearsals
    case attemptCounts = """
        select count(*) filter (where rescued) as rescued, count(*) filter (where not rescued) as failed
        from parley.attempts where round_id = $1
        """
    case usedTokens = """
        select coalesce(sum(input_tokens + output_tokens + cache_read_tokens + cache_write_tokens), 0)::bigint as tokens
        from parley.outcomes where round_id = $1
        """
    // The calendar
    case now = "select parley.now() as now"
    case planSeries = "select parley.plan_series($1, $2, $3, $4, $5, $6, $7) as count"
    case series = "select name, definition from parley.series order by name"
    case assignRound = "select parley.assign_round($1, $2, $3, $4)"
    case turnWindows = "select series, occurrence, kind, edge, due_at, effect from parley.turn_windows()"
    case calendar = """
        select s.name as series, w.occurrence, w.kind, w.opens_at, w.closes_at, o.turned_at as opened_at,
            c.turned_at as closed_at, o.effect as opening, c.effect as closing, r.name as round, r.state
        from parley.windows w
            join parley.series s on s.id = w.series_id
            left join parley.window_turns o
                on o.series_id = w.series_id and o.occurrence = w.occurrence and o.kind = w.kind and o.edge = 'open'
            left join parley.window_turns c
                on c.series_id = w.series_id and c.occurrence = w.occurrence and c.kind = w.kind and c.edge = 'close'
            left join parley.series_rounds x on x.series_id = w.series_id and x.occurrence = w.occurrence
            left join parley.rounds r on r.id = x.round_id
        order by s.name, w.occurrence, w.opens_at, w.closes_at, w.kind
        """
    // What holds jobs back
    case jobPlace = """
        select s.round_id, s.id as stream_id, s.cell_no, (($1 - s.base) % s.samples)::integer as sample_no,
            (($1 - s.base) / s.samples)::integer + 1 as epoch,
            (select o.kind from parley.outcomes o where o.round_id = $1 >> 36 and o.job_id = $1) as kind,
            coalesce(j.worker_id, b.worker_id) as worker_id, j.attempt, j.fingerprint,
            extract(epoch from j.run_after - parley.now())::float8 as wait,
            extract(epoch from parley.now() - coalesce(j.claimed_at, b.claimed_at))::float8 as held_for,
            w.name, w.host, extract(epoch from w.lease_expires_at - parley.now())::float8 as lease_left,
            d.class, d.message, d.ruling, d.ruled_by
        from parley.streams s
            left join parley.jobs j on j.id = $1
            left join parley.blocks b
                on b.first <= $1 and b.first > $1 - 62 and $1 < b.first + b.count
                and b.open >> ($1 - b.first)::integer & 1 = 1
            left join parley.workers w on w.id = coalesce(j.worker_id, b.worker_id)
            left join parley.dead_jobs d on d.round_id = s.round_id and d.job_id = $1
        where s.round_id = $1 >> 36 and $1 >= s.base and $1 < s.base + s.samples::bigint * s.epochs
        """
    // Workers are told apart only by what decides: their tags, and whether the round admits them. What is lacking is what
    // the nearest of the admitted ones lacks.
    case routes = """
        with present as materialized (
            select x.tags, x.admitted, count(*) as workers
            from (
                select w.tags, exists (
                    select from parley.admissions a join pg_roles p on p.rolname = a.role_name
                        join pg_roles m on m.rolname = w.role_name
                    where a.round_id = $1 and pg_has_role(m.oid, p.oid, 'member')) as admitted
                from parley.workers w
                where w.state = 'active' and w.lease_expires_at > parley.now() and w.retired_at is null
                    and not w.paused and not w.pool_paused
            ) x
            group by x.tags, x.admitted
        )
        select s.id, s.tags, w.alive, w.fitting, w.admitted, n.lacks,
            extract(epoch from parley.now() - s.paused_at)::float8 as paused_for,
            case when s.paused then (
                select l.who from parley.ledger l
                where l.round_id = s.round_id and l.what = 'pause' and l.at >= s.paused_at
                order by l.sequence limit 1) end as paused_by
        from parley.streams s
            cross join lateral (
                select coalesce(sum(p.workers), 0)::bigint as alive,
                    coalesce(sum(p.workers) filter (where s.tags <@ p.tags), 0)::bigint as fitting,
                    coalesce(sum(p.workers) filter (where s.tags <@ p.tags and p.admitted), 0)::bigint as admitted
                from present p
            ) w
            left join lateral (
                select l.lacks
                from present p cross join lateral (
                    select array(select t from unnest(s.tags) t where t <> all (p.tags)) as lacks
                ) l
                where p.admitted order by cardinality(l.lacks), l.lacks limit 1
            ) n on true
        where s.round_id = $1 order by s.id
        """
    case definitionLacks = """
        select parley.signatures_lacking(id, 'definition', definition_hash) as lacking
        from parley.rounds where id = $1
        """
    case oldestDue = """
        select extract(epoch from parley.now() - min(j.run_after))::float8 as age
        from parley.streams s join parley.jobs j on j.stream_id = s.id
        where s.round_id = $1 and not s.cancelled and j.worker_id is null and j.run_after <= parley.now()
        """
    // An account's limits are the least of what the streams of running rounds say.
    case limitFacts = """
        with live as materialized (
            select s.*, r.name as round
            from parley.streams s join parley.rounds r on r.id = s.round_id
            where not s.cancelled and (r.state = 'running' or r.id = $1::bigint)
        ),
        ended as materialized (
            select s.account, s.model, sum(m.ended)::bigint as jobs, sum(m.tokens)::bigint as tokens,
                sum(m.failed)::bigint as failed, sum(m.turned_away)::bigint as turned_away
            from (select distinct round_id from live) r
                cross join lateral parley.last_minute(r.round_id) m
                join live s on s.id = m.stream_id
            group by 1, 2
        )
        select l.account, l.model, l.allowed, l.growing, l.openings,
            extract(epoch from greatest(l.resume_at, parley.now()) - parley.now())::float8 as paused_for,
            c.concurrency::bigint as concurrency, c.round as concurrency_round,
            q.requests_per_minute::bigint as requests, q.round as requests_round,
            t.tokens_per_minute as token_cap, t.round as tokens_round, h.paused_streams, h.pause_reason,
            coalesce(p.used, 0)::bigint as used, coalesce(p.workers, 0) as workers, coalesce(e.jobs, 0) as ended,
            coalesce(e.tokens, 0) as tokens, coalesce(e.failed, 0) as failed, coalesce(e.turned_away, 0) as turned_away
        from parley.limits l
            join lateral (
                select s.concurrency, s.round from live s where s.account = l.account and s.model = l.model
                order by 1, 2 limit 1
            ) c on true
            left join lateral (
                select s.requests_per_minute, s.round from live s
                where s.account = l.account and s.model = l.model and s.requests_per_minute is not null
                order by 1, 2 limit 1
            ) q on true
            left join lateral (
                select s.tokens_per_minute, s.round from live s
                where s.account = l.account and s.model = l.model and s.tokens_per_minute is not null
                order by 1, 2 limit 1
            ) t on true
            cross join lateral (
                select count(*) filter (where s.paused) as paused_streams, min(s.pause_reason) as pause_reason
                from live s where s.account = l.account and s.model = l.model
            ) h
            left join lateral (
                select sum(g.used) as used, count(*) as workers
                from parley.permits g join parley.workers w on w.id = g.worker_id
                where g.account = l.account and g.model = l.model and w.state <> 'gone'
                    and w.lease_expires_at > parley.now()
            ) p on true
            left join ended e on e.account = l.account and e.model = l.model
        order by l.account, l.model
        """
    // What the workers may have in flight over all limits, by who was told it: a worker, else its pool, else nobody.
    case workerLimits = """
        with present as materialized (
            select w.id, coalesce(w.concurrency, p.concurrency, v.most_in_flight) as most,
                case when w.concurrency is not null then w.id end as worker,
                case when w.concurrency is null and p.concurrency is not null then p.name end as pool,
                -- The most that it had since it last asked: it asks when something has ended.
                (select coalesce(sum(g.used), 0) from parley.permits g where g.worker_id = w.id)::bigint as held
            from parley.workers w join parley.pools p on p.name = w.pool
                left join parley.vitals v on v.worker_id = w.id
            where w.state = 'active' and w.lease_expires_at > parley.now() and not w.paused and not w.pool_paused
        )
        select g.account, g.model, w.worker, w.pool, w.most, count(*) as workers, sum(w.held)::bigint as held,
            (select coalesce(nullif(e.actor, ''), e.role_name) from parley.events e
             where e.action = 'set' and e.subject = coalesce('worker ' || w.worker, 'pool ' || w.pool)
             order by e.id desc limit 1) as told_by
        from parley.permits g join present w on w.id = g.worker_id
        group by g.account, g.model, w.worker, w.pool, w.most order by g.account, g.model, w.pool, w.worker, w.most
        """
    case lookAtLimits = "select parley.look_at_limits()"
    case limitLooks = """
        select k.account, k.model, k.step, extract(epoch from parley.now() - k.at)::bigint as ago, k.in_flight, k.allowed
        from unnest($1::text[], $2::text[]) g (account, model) join parley.limit_looks k using (account, model)
        where k.at > parley.now() - case k.step when 10 then interval '2 hours' else interval '14 days' end
        order by k.account, k.model, k.step, k.at
        """
    case cellOutcomes = """
        select o.job_id, o.sample_no, o.epoch, o.kind, o.score
        from parley.streams s join parley.outcomes o
            on o.round_id = s.round_id and o.job_id >= s.base and o.job_id < s.base + s.samples::bigint * s.epochs
        where s.round_id = $1 and s.cell_no = $2 and s.stage = 0 and o.job_id > $3
            and ($4::smallint is null or o.kind = $4)
        order by o.job_id limit $5
        """
    case latestFailures = """
        select a.job_id, a.fence, s.cell_no, ((a.job_id - s.base) % s.samples)::integer as sample_no,
            ((a.job_id - s.base) / s.samples)::integer + 1 as epoch, a.class, a.message, a.disposition, a.worker_id,
            a.ended_at
        from parley.attempts a join parley.streams s
            on s.round_id = a.round_id and a.job_id >= s.base and a.job_id < s.base + s.samples::bigint * s.epochs
        where a.round_id = $1 and a.ended_at >= $2 order by a.ended_at, a.job_id, a.fence limit $3
        """
    // The service: tokens, what was asked, and who leads
    case newToken = "select parley.new_token($1, $2, $3, $4, $5, $6, $7) as id"
    case revokeToken = "select parley.revoke_token($1, $2, $3) as done"
    case useToken = "select id, name, scopes, login from parley.use_token($1)"
    case tokens = """
        select id, name, scopes, login, created_at, created_by, expires_at, last_used_at, revoked_at, revoked_by
        from parley.tokens order by id
        """
    case beginRequest = """
        select id, is_new, is_same, status, answer from parley.begin_request($1, $2, $3, $4, $5, $6, $7, $8)
        """
    case endRequest = "select parley.end_request($1, $2, $3)"
    case replaceCaps = "select parley.replace_caps($1, $2, $3, $4, $5, $6, $7, $8) as count"
    case lead = "select parley.lead($1, $2, $3) as term"
    case resign = "select parley.resign($1, $2)"
    case requireTerm = "select parley.require_term($1)"
    case leadership = """
        select term, holder, since, expires_at > parley.now() as holds from parley.leadership
        """
    // Reading
    case partyLogins = """
        select l.role_name, l.party, l.granted_at, l.granted_by
        from parley.party_logins l where l.round_id = $1 order by l.party, l.role_name
        """
    case exposures = """
        select r.name as round, u.name as suite, e.round_id, e.suite_no, e.model, e.purpose, e.party, e.provider, e.term,
            e.samples, e.first_at, e.latest_at
        from parley.exposures e
            join parley.rounds r on r.id = e.round_id
            join parley.suites u on u.round_id = e.round_id and u.suite_no = e.suite_no
        where r.name = $1 or u.name = $1 order by r.id, u.suite_no, e.model, e.purpose
        """
    case commitments = """
        select content_hash from parley.samples where round_id = $1 and suite_no = $2 and sample_no < $3
        order by sample_no
        """
    case destroyKeys = """
        delete from parley.data_keys where round_id = $1 and party = $2 returning suite_no
        """
    case keys = """
        select suite_no, party, recipient, holder, wrapped from parley.data_keys where round_id = $1
        order by suite_no, party, holder, recipient
        """
    case rounds = """
        select r.id, r.name, r.title, r.tier, r.state, r.simulated, r.definition_hash, r.created_at, r.finished_at,
            (select count(*) from parley.round_parties p where p.round_id = r.id) as parties
        from parley.rounds r where r.presence in ('here', 'leaving') order by r.id
        """
    case roundPlaces = """
        select id, name, state, definition_hash, presence, elsewhere, archive_hash, simulated
        from parley.rounds order by id
        """
    case currency = "select definition::json ->> 'currency' as currency from parley.rounds where id = $1"
    case definition = """
        select r.definition, r.definition_hash, t.content
        from parley.rounds r left join parley.trees t on t.round_id = r.id where r.id = $1
        """
    case doneByKind = """
        select stage, kind, count(*) as jobs,
            count(*) filter (where completed_at > parley.now() - interval '1 minute') as last_minute,
            sum(cost)::bigint as cost
        from parley.outcomes where round_id = $1 group by stage, kind order by stage, kind
        """
    case streams = """
        select s.id, s.cell_no, s.stage, s.grader, s.suite, s.account, s.model, s.party, s.pause_reason, s.cancelled,
            s.samples::bigint * s.epochs as planned,
            case when s.stage = 0 then s.base + s.samples::bigint * s.epochs
                - parley.stream_cursor(s.base, s.base + s.samples::bigint * s.epochs) else 0 end as ready,
            coalesce(j.waiting, 0) as waiting, coalesce(j.held, 0) + coalesce(b.held, 0) as leased,
            d.dead, d.unruled
        from parley.streams s
            cross join lateral (
                select count(*) as dead, count(*) filter (where d.ruling is null) as unruled
                from parley.dead_jobs d where d.round_id = s.round_id and d.stream_id = s.id
            ) d
            left join (
                select stream_id, count(*) filter (where worker_id is null) as waiting,
                    count(*) filter (where worker_id is not null) as held
                from parley.jobs where id >= $1 << 36 and id < ($1 + 1) << 36 group by stream_id
            ) j on j.stream_id = s.id
            left join (
                select stream_id, sum(bit_count(open::bit(64)))::bigint as held
                from parley.blocks
                where first >= $1 << 36 and first < ($1 + 1) << 36 and open <> 0 group by stream_id
            ) b on b.stream_id = s.id
        where s.round_id = $1 order by s.id
        """
    // What came back is ready from its time on; what was never claimed counts from its stream's last claim, or from the
    // round's submission. Paused and cancelled streams are not waited for.
    case queueAges = """
        select s.stage, extract(epoch from max(parley.now() - t.since))::float8 as age
        from parley.streams s
            cross join lateral (
                select min(j.run_after) as since from parley.jobs j where j.stream_id = s.id and j.worker_id is null
                union all
                select coalesce(
                    (select b.claimed_at from parley.blocks b
                     where b.first >= s.base and b.first < s.base + s.samples::bigint * s.epochs
                     order by b.first desc limit 1),
                    (select r.created_at from parley.rounds r where r.id = s.round_id))
                where s.stage = 0 and parley.stream_cursor(s.base, s.base + s.samples::bigint * s.epochs)
                    < s.base + s.samples::bigint * s.epochs
            ) t
        where s.round_id = $1 and not s.paused and not s.cancelled and t.since <= parley.now()
        group by s.stage order by s.stage
        """
    case budgetReserves = """
        select b.budget_no, coalesce(sum(r.tokens), 0)::bigint as tokens, coalesce(sum(r.cost), 0)::bigint as cost
        from parley.budgets b
            left join (parley.reserves r join parley.workers w
                on w.id = r.worker_id and w.state <> 'gone' and w.lease_expires_at > parley.now())
                on r.budget_id = b.id
        where b.round_id = $1 group by b.budget_no order by b.budget_no
        """
    case probeRange = """
        select min(base) as low, max(base + samples::bigint * epochs) as high
        from parley.streams where round_id = $1 and stage = 0
        """
    // Of the frozen judges, or of those of a grading where one is named for the suite.
    case gradeRanges = """
        select s.base as low, s.base + s.samples::bigint * s.epochs as high, s.cell_no,
            coalesce(n.first_judge, 0)::smallint as first_judge
        from parley.streams s
            join parley.suites u on u.round_id = s.round_id and u.suite_no = s.suite_no
            left join unnest($2::integer[], $3::smallint[]) g (suite_no, grading) on g.suite_no = s.suite_no
            left join parley.gradings n
                on n.round_id = s.round_id and n.suite_no = s.suite_no and n.grading = g.grading
        where s.round_id = $1 and s.stage = 1 and s.grader >= coalesce(n.first_judge, 0)
            and s.grader < coalesce(n.first_judge + n.judges, u.judges)
        order by s.base
        """
    case claimedRanges = """
        select s.base as first, parley.stream_cursor(s.base, s.base + s.samples::bigint * s.epochs) as stop
        from parley.streams s where s.round_id = $1 and s.stage = 0 order by s.base
        """
    // A block may begin before the range in which it ends.
    case sealable = """
        select s.cell_no, c.first, c.stop
        from parley.streams s
            join parley.suites u on u.round_id = s.round_id and u.suite_no = s.suite_no and u.judges = 0
            cross join lateral (
                select f as first, least(f + $2, s.base + s.samples::bigint * s.epochs) as stop
                from generate_series(s.base, s.base + s.samples::bigint * s.epochs - $3, $2::bigint) f
            ) c
        where s.round_id = $1 and s.stage = 0
            and parley.stream_cursor(s.base, s.base + s.samples::bigint * s.epochs) >= c.stop
            and not exists (select from parley.segments g where g.round_id = $1 and g.first = c.first)
            and not exists (
                select from parley.blocks b where b.first > c.first - 62 and b.first < c.stop and b.open <> 0)
            and not exists (select from parley.jobs j where j.id >= c.first and j.id < c.stop)
            and not exists (
                select from parley.dead_jobs d where d.round_id = $1 and d.job_id >= c.first and d.job_id < c.stop)
        order by c.first limit $4
        """
    case seal = """
        insert into parley.segments (round_id, first, stop, content, content_hash) values ($1, $2, $3, $4, $5)
        on conflict (round_id, first) do nothing returning first
        """
    case segments = "select first, stop from parley.segments where round_id = $1 order by first"
    case segmentContents = """
        select content, content_hash from parley.segments where round_id = $1 and first = any ($2::bigint[])
        order by first
        """
    case outcome = """
        select job_id, cell_no, stage, grader, sample_no, epoch, kind, score, input_tokens, output_tokens,
            cache_read_tokens, cache_write_tokens, reasoning_tokens, cost, latency_micros, model_returned, attempt,
            fence, worker_id, first_claimed_at, completed_at, probe_job_id
        from parley.outcomes where round_id = $1 >> 36 and job_id = $1
        """
    // A page of outcomes after a job, of some cells and a kind where they are named.
    case outcomePage = """
        select job_id, cell_no, stage, grader, sample_no, epoch, kind, score, input_tokens, output_tokens,
            cache_read_tokens, cache_write_tokens, reasoning_tokens, cost, latency_micros, model_returned, attempt,
            fence, worker_id, first_claimed_at, completed_at, probe_job_id
        from parley.outcomes
        where round_id = $1 and job_id > $2 and ($3::integer[] is null or cell_no = any ($3))
            and ($4::smallint is null or kind = $4)
        order by job_id limit $5
        """
    case transcript = "select sealed from parley.transcripts where round_id = $1 >> 36 and job_id = $1"
    case attempts = """
        select fence, attempt, worker_id, class, message, fingerprint, input_tokens, output_tokens, cache_read_tokens,
            cache_write_tokens, reasoning_tokens, cost, started_at, ended_at, disposition, rescued
        from parley.attempts where round_id = $1 >> 36 and job_id = $1 order by fence
        """
    // Exporting: pages of what is kept, by job and by sample
    case exportStreams = """
        select cell_no, suite_no, stage, grader, base, samples, epochs
        from parley.streams where round_id = $1 order by base
        """
    case starts = """
        select job_id, first_claimed_at from parley.outcomes
        where round_id = $1 and job_id >= $2 and job_id < $3
        """
    case transcripts = """
        select job_id, sealed from parley.transcripts where round_id = $1 and job_id >= $2 and job_id < $3
        """
    case deathReasons = """
        select job_id, class, message from parley.dead_jobs
        where round_id = $1 and job_id >= $2 and job_id < $3
        """
    case gradeOutcomes = """
        select job_id, kind, score, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens,
            reasoning_tokens, cost, latency_micros, model_returned
        from parley.outcomes where round_id = $1 and job_id >= $2 and job_id < $3
        """
    case samplePage = """
        select sample_no, sample_id, content_hash, content from parley.samples
        where round_id = $1 and suite_no = $2 and sample_no >= $3 and sample_no < $4
        """
    case sample = """
        select sample_id, content_hash, content from parley.samples
        where round_id = $1 and suite_no = $2 and sample_no = $3
        """
    case sampleHashes = """
        select suite_no, sample_no, content_hash from parley.samples where round_id = $1 order by suite_no, sample_no
        """
    case datasetNumbers = """
        select coalesce(dataset_no, sample_no) from parley.samples where round_id = $1 and suite_no = $2
        order by sample_no
        """
    case sampleNumbers = """
        select sample_id, sample_no from parley.samples where round_id = $1 and suite_no = $2 order by sample_no
        """
    case deadJobs = """
        select d.job_id, d.cell_no, s.stage, s.grader, d.sample_no, d.epoch, d.attempt, d.class, d.message,
            d.died_at, d.ruling
        from parley.dead_jobs d join parley.streams s on s.id = d.stream_id
        where d.round_id = $1 and d.job_id > $2 and ($3::text is null or d.class = $3) order by d.job_id limit $4
        """
    case failures = """
        select d.cell_no, d.class, d.ruling is not distinct from 'exclude' as excluded, count(*) as jobs
        from parley.dead_jobs d join parley.streams s on s.id = d.stream_id
        where d.round_id = $1 and s.stage = 0 group by 1, 2, 3 order by 1, 2, 3
        """
    case workers = """
        select w.id, w.name, w.host, w.pid, w.version, w.pool, w.tags,
            case when w.state = 'active' and (w.paused or w.pool_paused) then 'paused' else w.state end as state,
            coalesce(w.concurrency, p.concurrency) as concurrency, w.lease_expires_at > parley.now() as alive,
            w.registered_at, coalesce((select sum(j) from unnest(l.jobs) j), 0)::bigint as held,
            v.most_in_flight, v.processors, v.processors_used, v.loop_lag, v.over, v.provider, v.queue, v.backoff,
            v.local
        from parley.workers w join parley.pools p on p.name = w.pool left join parley.loads l on l.worker_id = w.id
            left join parley.vitals v on v.worker_id = w.id
        where w.state <> 'gone' and w.retired_at is null order by w.id
        """
    case pools = """
        select p.name, p.state, p.concurrency, count(w.id) as workers,
            coalesce(sum((select sum(j) from unnest(l.jobs) j)), 0)::bigint as held
        from parley.pools p
            left join parley.workers w on w.pool = p.name and w.state <> 'gone' and w.retired_at is null
                and w.lease_expires_at > parley.now()
            left join parley.loads l on l.worker_id = w.id
        group by p.name having p.state <> 'retired' or count(w.id) > 0 order by p.name
        """
    case budgets = """
        select b.budget_no, b.scope, b.tokens, b.cost, coalesce(sum(s.tokens), 0)::bigint as used_tokens,
            coalesce(sum(s.cost), 0)::bigint as used_cost, coalesce(sum(s.unknown), 0)::bigint as unknown,
            coalesce(max(t.reserve_tokens), 0)::bigint as job_tokens,
            coalesce(max(t.reserve_cost), 0)::bigint as job_cost, array_agg(m.stream_id) as streams
        from parley.budgets b
            left join parley.budget_streams m on m.budget_id = b.id
            left join parley.streams t on t.id = m.stream_id
            left join parley.spent(
                (select array_agg(x.id) from parley.streams x where x.round_id = $1)) s on s.stream_id = m.stream_id
        where b.round_id = $1 group by b.id order by b.budget_no
        """
    case limits = """
        select l.account, l.model, least(l.allowed, min(s.concurrency)) as allowed, min(s.concurrency) as ceiling,
            l.openings, extract(epoch from greatest(l.resume_at, parley.now()) - parley.now())::float8 as paused_for,
            (select coalesce(sum(p.used), 0) from parley.permits p
             where p.account = l.account and p.model = l.model)::bigint as used
        from parley.limits l join parley.streams s on s.account = l.account and s.model = l.model and s.round_id = $1
        group by l.account, l.model order by l.account, l.model
        """
    case longestHeld = """
        select h.job_id, h.worker_id, w.name, w.host, s.suite, s.model, s.stage,
            extract(epoch from parley.now() - h.claimed_at)::float8 as held_for
        from (
                select j.id as job_id, j.stream_id, j.worker_id, j.claimed_at from parley.jobs j
                where j.id >= $1 << 36 and j.id < ($1 + 1) << 36 and j.worker_id is not null
                union all
                select b.first + n, b.stream_id, b.worker_id, b.claimed_at
                from parley.blocks b cross join lateral generate_series(0, b.count - 1) n
                where b.first >= $1 << 36 and b.first < ($1 + 1) << 36 and b.open <> 0 and b.open >> n & 1 = 1
            ) h
            join parley.workers w on w.id = h.worker_id join parley.streams s on s.id = h.stream_id
        order by h.claimed_at, h.job_id limit $2
        """
}
