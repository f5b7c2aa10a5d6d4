-- Grading again, and people's labels.
--
-- A grading is one version of a suite's grader beside the one that the round froze: its judges are further grade
-- streams of the suite's cells, numbered on from the judges before them, so that what is claimed, charged, retried and
-- committed stays the same, and old grades stay where they are. Observations combine the frozen judges alone;
-- `regraded` combines those of each grading.
--
-- A label is what a person said of one answer. Labels are only ever added: a later one of the same author on the same
-- answer supersedes the one before it, and a withdrawn one supersedes it with nothing.

set local role parley_owner;

-- Judges are numbered through all gradings of a suite.
do $$
declare
    v_name text;
begin
    select c.conname into strict v_name
    from pg_constraint c
    where c.conrelid = 'parley.streams'::regclass and c.contype = 'c'
        and pg_get_constraintdef(c.oid) like '%grader >= 0%grader <= 30%';
    execute format('alter table parley.streams drop constraint %I', v_name);
end
$$;
alter table parley.streams add constraint streams_grader_check check (grader between 0 and 30000);

create table parley.gradings (
    round_id bigint not null,
    suite_no integer not null,
    -- From 1; the grader that was frozen with the round has no row.
    grading smallint not null check (grading >= 1),
    version text not null check (octet_length(version) between 1 and 64),
    first_judge smallint not null check (first_judge >= 1),
    judges smallint not null check (judges between 1 and 31),
    combination text not null check (combination in ('majority', 'median', 'mean')),
    -- The grader as canonical JSON, and the hash of all that its grades depend on (`GraderIdentity`).
    grader text not null,
    identity bytea not null check (octet_length(identity) = 32),
    asked_at timestamptz not null default parley.now(),
    asked_by text not null,
    role_name text not null default session_user,
    reason text not null default '',
    primary key (round_id, suite_no, grading),
    unique (round_id, suite_no, version),
    foreign key (round_id, suite_no) references parley.suites
);

-- Adds a grading and queues its grade jobs for all answers that there are; answers that come later get theirs with
-- their commit. The arrays have one element a judge, and p_budget_judges beside p_budgets names the budgets on which
-- the n-th judge, from 0, counts. Asked for again, it queues what is missing and adds nothing.
create function parley.grade_again(
    p_round bigint, p_suite integer, p_version text, p_grader text, p_identity bytea, p_combination text,
    p_accounts text[], p_models text[], p_parties text[], p_concurrency integer[], p_requests integer[],
    p_tokens bigint[], p_reserve_tokens bigint[], p_reserve_cost bigint[], p_budget_judges integer[],
    p_budgets integer[], p_by text, p_why text,
    out grading smallint, out jobs bigint, out existed boolean)
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
    #variable_conflict use_column
    declare
        v_round rounds;
        v_suite suites;
        v_known gradings;
        v_first integer;
        v_base bigint;
    begin
        select * into v_round from rounds r where r.id = p_round for no key update;
        select * into v_suite from suites u where u.round_id = p_round and u.suite_no = p_suite;
        if v_suite.judges is null or v_suite.judges = 0 then
            raise exception 'suite % of round % is not graded by models', p_suite, p_round
                using errcode = 'invalid_parameter_value';
        end if;
        if v_round.state not in ('running', 'grading', 'exchange') then
            raise exception 'round % is %: its answers can be graded again until its exchange ends', p_round, v_round.state
                using errcode = 'object_not_in_prerequisite_state';
        end if;
        select * into v_known from gradings g
        where g.round_id = p_round and g.suite_no = p_suite and g.version = p_version;
        existed := found;
        if existed then
            if v_known.identity <> p_identity then
                raise exception 'suite % of round % was graded by another grader of version %', p_suite, p_round,
                    p_version using errcode = 'unique_violation', hint = 'Give the changed grader another version.';
            end if;
            grading := v_known.grading;
        else
            select coalesce(max(g.grading), 0) + 1, coalesce(max(g.first_judge + g.judges), v_suite.judges)
            into grading, v_first
            from gradings g where g.round_id = p_round and g.suite_no = p_suite;
            insert into gradings (
                round_id, suite_no, grading, version, first_judge, judges, combination, grader, identity, asked_by,
                reason)
            values (
                p_round, p_suite, grading, p_version, v_first, cardinality(p_accounts), p_combination, p_grader,
                p_identity, p_by, p_why);
            select max(s.base + s.samples::bigint * s.epochs) into v_base from streams s where s.round_id = p_round;
            insert into streams (
                round_id, cell_no, suite_no, stage, grader, base, probe_base, samples, epochs, priority, account, model,
                party, suite, concurrency, requests_per_minute, tokens_per_minute, reserve_tokens, reserve_cost)
            select p_round, s.cell_no, p_suite, 1, v_first + j.n - 1,
                v_base + (row_number() over (order by s.cell_no, j.n) - 1) * s.samples::bigint * s.epochs, s.base,
                s.samples, s.epochs, 10, j.account, j.model, j.party, v_suite.name, j.concurrency, j.requests, j.tokens,
                j.reserve_tokens, j.reserve_cost
            from streams s cross join unnest(
                    p_accounts, p_models, p_parties, p_concurrency, p_requests, p_tokens, p_reserve_tokens,
                    p_reserve_cost) with ordinality
                j (account, model, party, concurrency, requests, tokens, reserve_tokens, reserve_cost, n)
            where s.round_id = p_round and s.suite_no = p_suite and s.stage = 0;
            insert into limits (account, model)
            select distinct account, model from unnest(p_accounts, p_models) j (account, model)
            on conflict do nothing;
            insert into budget_streams (stream_id, budget_id)
            select s.id, b.id
            from unnest(p_budget_judges, p_budgets) m (judge, budget)
                join streams s on s.round_id = p_round and s.suite_no = p_suite and s.stage = 1
                    and s.grader = v_first + m.judge
                join budgets b on b.round_id = p_round and b.budget_no = m.budget;
        end if;
        jobs := enqueue(p_round);
        perform append_ledger(
            p_round, p_by, 'grade', 'suite ' || v_suite.name || ', grader ' || p_version || ' sha256:'
                || encode(p_identity, 'hex'), p_why);
        -- Jobs are claimed of a running round only.
        if jobs > 0 then
            perform move_round(p_round, 'running', p_by, 'graded again: ' || p_why);
        end if;
    end
    $$;

-- The graders of a round beside the frozen ones, for a worker that is to grade by them.
create function parley.worker_gradings(p_worker bigint, p_round bigint)
    returns table (suite_no integer, first_judge smallint, grader text)
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
    #variable_conflict use_column
    begin
        perform require_worker(p_worker);
        perform require_admission(p_round);
        return query select g.suite_no, g.first_judge, g.grader from gradings g where g.round_id = p_round;
    end
    $$;

-- The answers of the suites that were graded again, once for each grading whose judges are done with them.
create view parley.regraded as
    select g.round_id, g.job_id, g.suite_no, g.grading, g.cell_no, g.sample_no, g.epoch,
        case when g.score is null then 6 else 0 end::smallint as kind, g.score,
        g.input_tokens, g.output_tokens, g.cache_read_tokens, g.cache_write_tokens, g.reasoning_tokens, g.cost,
        g.latency_micros, coalesce(g.judge_tokens, 0) as judge_tokens, coalesce(g.judge_cost, 0) as judge_cost,
        g.attempt, g.completed_at, g.model_returned
    from (
        -- Grouped by the keys, as in `observations` and for the same reason.
        select
            o.round_id, o.job_id, n.suite_no, n.grading, o.cell_no, o.sample_no, o.epoch, o.input_tokens,
            o.output_tokens, o.cache_read_tokens, o.cache_write_tokens, o.reasoning_tokens, o.cost, o.latency_micros,
            o.attempt, o.completed_at, o.model_returned,
            parley.combined_score(
                array_agg(r.score) filter (where r.kind = 0), count(s.id), min(n.combination)) as score,
            sum(r.input_tokens + r.output_tokens + r.cache_read_tokens + r.cache_write_tokens)::bigint as judge_tokens,
            sum(r.cost)::bigint as judge_cost,
            bool_and(r.job_id is not null or d.job_id is not null) filter (where s.id is not null) as settled
        from parley.outcomes o
            join parley.cells c on c.round_id = o.round_id and c.cell_no = o.cell_no
            join parley.gradings n on n.round_id = o.round_id and n.suite_no = c.suite_no
            left join lateral (
                select x.id, x.base, x.probe_base from parley.streams x
                where x.round_id = o.round_id and x.cell_no = o.cell_no and x.stage = 1
                    and x.grader >= n.first_judge and x.grader < n.first_judge + n.judges
                offset 0
            ) s on true
            left join parley.outcomes r on r.round_id = o.round_id and r.job_id = o.job_id - s.probe_base + s.base
            left join lateral (
                select x.job_id from parley.dead_jobs x
                where x.round_id = o.round_id and x.job_id = o.job_id - s.probe_base + s.base offset 0
            ) d on true
        where o.stage = 0 and o.kind = 1
        group by o.round_id, o.job_id, n.round_id, n.suite_no, n.grading
    ) g
    where coalesce(g.settled, true);

create table parley.labels (
    id bigint generated always as identity primary key,
    round_id bigint not null references parley.rounds,
    -- The probe whose answer was read.
    job_id bigint not null check (job_id >> 36 = round_id),
    cell_no integer not null,
    sample_no integer not null,
    epoch integer not null check (epoch >= 1),
    author text not null check (octet_length(author) between 1 and 256),
    role_name text not null default session_user,
    at timestamptz not null default parley.now(),
    -- labelled: the grade and its score in billionths; undecidable: a person could not tell; withdrawn: taken back.
    verdict text not null check (verdict in ('labelled', 'undecidable', 'withdrawn')),
    grade text,
    score bigint,
    note text not null default '' check (octet_length(note) <= 8192),
    -- The label of the same author that this one stands in for.
    supersedes bigint unique references parley.labels,
    check ((verdict = 'labelled') = (score is not null)),
    check (grade is null or verdict = 'labelled'),
    check (supersedes < id)
);
create index labels_by_answer on parley.labels (round_id, job_id, author, id);

create trigger labels_stay before update or delete or truncate on parley.labels
    for each statement execute function parley.refuse_change();

-- Adds labels, one element each; answers their ids in order. The same label said twice is one.
create function parley.add_labels(
    p_round bigint, p_jobs bigint[], p_verdicts text[], p_grades text[], p_scores bigint[], p_notes text[],
    p_author text)
    returns bigint
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
    #variable_conflict use_column
    declare
        v record;
        v_last labels;
        v_count bigint := 0;
    begin
        -- One writer of a round's labels at a time: each must see what it supersedes.
        perform pg_advisory_xact_lock(hashtextextended('parley.labels', p_round));
        for v in
            select l.job, l.verdict, l.grade, l.score, coalesce(l.note, '') as note, o.cell_no, o.sample_no, o.epoch
            from unnest(p_jobs, p_verdicts, p_grades, p_scores, p_notes) with ordinality
                    l (job, verdict, grade, score, note, n)
                left join outcomes o on o.round_id = p_round and o.job_id = l.job and o.stage = 0 and o.kind = 1
            order by l.n
        loop
            if v.cell_no is null then
                raise exception 'job % of round % has no answer that judges grade', v.job, p_round
                    using errcode = 'invalid_parameter_value';
            end if;
            select * into v_last from labels l
            where l.round_id = p_round and l.job_id = v.job and l.author = p_author order by l.id desc limit 1;
            continue when (v_last.id is null and v.verdict = 'withdrawn')
                or (v_last.verdict, v_last.grade, v_last.score, v_last.note)
                    is not distinct from (v.verdict, v.grade, v.score, v.note);
            insert into labels (
                round_id, job_id, cell_no, sample_no, epoch, author, verdict, grade, score, note, supersedes)
            values (
                p_round, v.job, v.cell_no, v.sample_no, v.epoch, p_author, v.verdict, v.grade, v.score, v.note,
                v_last.id);
            v_count := v_count + 1;
        end loop;
        return v_count;
    end
    $$;

-- The seed of a round's audit once it was opened: before, only its commitment is known, which the definition holds.
create table parley.audit_seeds (
    round_id bigint primary key references parley.rounds,
    -- Base64 of 32 bytes.
    seed text not null check (octet_length(seed) = 44),
    opened_at timestamptz not null default parley.now(),
    opened_by text not null
);
create trigger audit_seeds_stay before update or delete or truncate on parley.audit_seeds
    for each statement execute function parley.refuse_change();

-- Opens the seed of a round whose probes are all done; opening it again changes nothing.
create function parley.open_audit_seed(p_round bigint, p_seed text, p_by text) returns void
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
    declare
        v_round rounds;
    begin
        select * into v_round from rounds r where r.id = p_round for no key update;
        if 'sha256:' || encode(sha256(convert_to(E'parley.seed/1\n', 'UTF8') || decode(p_seed, 'base64')), 'hex')
            is distinct from coalesce(
                v_round.definition::json -> 'audit' ->> 'seed', v_round.definition::json -> 'order' ->> 'seed')
        then
            raise exception 'this is not the seed that round ''%'' was frozen with', v_round.name
                using errcode = 'invalid_parameter_value';
        end if;
        if v_round.state in ('draft', 'frozen') or exists (
                select from streams s
                where s.round_id = p_round and s.stage = 0 and not s.cancelled
                    and stream_cursor(s.base, s.base + s.samples::bigint * s.epochs)
                        < s.base + s.samples::bigint * s.epochs)
            or exists (
                select from jobs j join streams s on s.id = j.stream_id
                where j.id >= p_round << 36 and j.id < (p_round + 1) << 36 and s.stage = 0
                    and (not s.cancelled or j.worker_id is not null))
            or exists (
                select from blocks b
                where b.first >= p_round << 36 and b.first < (p_round + 1) << 36 and b.open <> 0)
        then
            raise exception 'round ''%'' has answers to come: its seed stays sealed until they are there', v_round.name
                using errcode = 'object_not_in_prerequisite_state';
        end if;
        insert into audit_seeds (round_id, seed, opened_by) values (p_round, p_seed, p_by) on conflict do nothing;
        if found then
            perform append_ledger(p_round, p_by, 'audit', 'seed ' || p_seed, 'opened');
        end if;
    end
    $$;

grant select on parley.gradings, parley.regraded, parley.labels, parley.audit_seeds, parley.observations
    to parley_coordinator;
grant execute on function
    parley.grade_again(bigint, integer, text, text, bytea, text, text[], text[], text[], integer[], integer[],
                       bigint[], bigint[], bigint[], integer[], integer[], text, text),
    parley.add_labels(bigint, bigint[], text[], text[], bigint[], text[], text),
    parley.open_audit_seed(bigint, text, text)
    to parley_coordinator;
grant execute on function parley.worker_gradings(bigint, bigint) to parley_worker;

reset role;
