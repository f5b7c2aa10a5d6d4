-- Rounds, streams, jobs and what becomes of jobs.
--
-- A job's id is `round << 36 | ordinal`, its ordinal `base of its stream + (epoch - 1) * samples + sample`, so it
-- follows from the plan: planning twice gives the same ids. An id is in exactly one of: the unclaimed rest of its
-- stream, an open bit of a block, jobs, outcomes, dead_jobs.

set local role parley_owner;

create table parley.rounds (
    id bigint generated always as identity primary key check (id between 1 and 134217727),
    name text not null unique check (octet_length(name) between 1 and 64),
    title text not null,
    tier text not null check (tier in ('bilateral', 'mediated')),
    -- Canonical JSON; its SHA-256 beside it.
    definition text not null,
    definition_hash bytea not null check (octet_length(definition_hash) = 32),
    state text not null check (state in ('draft', 'frozen', 'running', 'grading', 'exchange', 'correction',
                                         'disclosure', 'published', 'corrected', 'retired')),
    simulated boolean not null,
    created_at timestamptz not null default parley.now(),
    finished_at timestamptz,
    -- Where its rows are. `leaving` and `arriving`: it is being moved, and nothing of it is claimed. `moved` and
    -- `dropped`: what was run is no longer here; what was agreed, and the ledger, stay.
    presence text not null default 'here' check (presence in ('here', 'leaving', 'arriving', 'moved', 'dropped')),
    -- Of one that is not `here`: to or from which database, and the hash of the archive that holds it.
    elsewhere text not null default '',
    archive_hash bytea check (octet_length(archive_hash) = 32)
);

-- What the parties signed, of a round that a lab may leave: `DefinitionTree` as canonical JSON, whose digest is the
-- round's definition_hash.
create table parley.trees (
    round_id bigint primary key references parley.rounds,
    content text not null
);

-- Who may work for a round: any session whose login is this role or a member of it.
create table parley.admissions (
    round_id bigint not null references parley.rounds,
    role_name text not null,
    primary key (round_id, role_name)
);

create table parley.suites (
    round_id bigint not null references parley.rounds,
    suite_no integer not null check (suite_no >= 0),
    name text not null,
    sample_count integer not null check (sample_count >= 0),
    epochs integer not null check (epochs >= 1),
    -- How many judges grade an answer, and how their grades become one score; 0 and null where the probe scores.
    judges smallint not null default 0 check (judges between 0 and 31),
    combination text check (combination in ('majority', 'median', 'mean')),
    primary key (round_id, suite_no),
    check ((judges = 0) = (combination is null))
);

create table parley.samples (
    round_id bigint not null,
    suite_no integer not null,
    sample_no integer not null check (sample_no >= 0),
    sample_id text not null,
    content_hash bytea not null check (octet_length(content_hash) = 32),
    -- Sealed: opaque to the database.
    content bytea not null,
    primary key (round_id, suite_no, sample_no)
);

create table parley.cells (
    round_id bigint not null references parley.rounds,
    cell_no integer not null check (cell_no >= 0),
    suite_no integer not null,
    configuration text not null,
    model text not null,
    party text not null,
    -- Observations that the plan asks for.
    planned bigint not null check (planned >= 0),
    primary key (round_id, cell_no),
    foreign key (round_id, suite_no) references parley.suites
);

-- Whatever can be paused, limited, prioritised or routed is decided here, never by a predicate on `jobs`.
create table parley.streams (
    id bigint generated always as identity primary key,
    round_id bigint not null references parley.rounds,
    cell_no integer not null,
    suite_no integer not null,
    -- 0 probe, 1 grade.
    stage smallint not null check (stage in (0, 1)),
    -- Which judge of the suite's grader, from 0; null in the probe stage.
    grader smallint check (grader between 0 and 30),
    -- Id of the stream's first job, and of the first job of the probe stream of its cell.
    base bigint not null,
    probe_base bigint not null,
    samples integer not null check (samples >= 0),
    epochs integer not null check (epochs >= 1),
    priority smallint not null default 0,
    -- A worker must have all of these.
    tags text[] not null default '{}',
    account text not null,
    model text not null,
    party text not null,
    suite text not null,
    -- Most jobs leased at once, requests and tokens begun in a minute, over all streams of this account and model.
    concurrency integer not null check (concurrency >= 1),
    requests_per_minute integer check (requests_per_minute >= 1),
    tokens_per_minute bigint check (tokens_per_minute >= 1),
    -- What one of its jobs may use, in tokens and billionths: reserved when it is claimed, settled when it ends.
    reserve_tokens bigint not null default 0 check (reserve_tokens >= 0),
    reserve_cost bigint not null default 0 check (reserve_cost >= 0),
    -- Its side's share, where rounds and parties compete for one limit.
    weight integer not null default 1 check (weight between 1 and 1000),
    -- Nothing of it is claimed any more; final, unless it is taken back.
    cancelled boolean not null default false,
    paused boolean not null default false,
    pause_reason text,
    paused_at timestamptz,
    unique nulls not distinct (round_id, cell_no, stage, grader),
    -- The cells behind those of a lab that left move up.
    foreign key (round_id, cell_no) references parley.cells on update cascade,
    check ((stage = 1) = (grader is not null)),
    check (stage = 1 or base = probe_base),
    check (paused = (pause_reason is not null) and paused = (paused_at is not null)),
    check (base >> 36 = round_id and (base + samples::bigint * epochs) >> 36 = round_id)
);
create index streams_by_limit on parley.streams (account, model);

create table parley.workers (
    id bigint generated always as identity primary key,
    name text not null check (octet_length(name) <= 256),
    -- The login that registered it; every call must come from the same.
    role_name text not null,
    host text not null check (octet_length(host) <= 256),
    pid integer not null,
    version text not null check (octet_length(version) <= 256),
    tags text[] not null,
    state text not null default 'active' check (state in ('active', 'draining', 'gone')),
    registered_at timestamptz not null,
    -- One lease for all that the worker holds: each sign of life extends it.
    lease interval not null check (lease between interval '1 second' and interval '1 day'),
    lease_expires_at timestamptz not null
);

-- How many jobs of which streams a worker said to hold; what the fair share of others goes by. Apart from workers,
-- since every statement of a worker reads its row there, and this one changes all the time.
create table parley.loads (
    worker_id bigint primary key references parley.workers,
    streams bigint[] not null,
    jobs integer[] not null,
    check (cardinality(streams) = cardinality(jobs))
) with (fillfactor = 50);

-- Who may have how many jobs of an account and model in flight. Counts while the worker's lease runs.
create table parley.permits (
    account text not null,
    model text not null,
    worker_id bigint not null references parley.workers,
    granted integer not null check (granted >= 0),
    -- What it could use, and the most that it had in flight since it last asked.
    wanted integer not null check (wanted >= 0),
    used integer not null check (used >= 0),
    primary key (account, model, worker_id)
) with (fillfactor = 50);

-- What an account takes of a model just now, found by trying; one row for each, locked while it is shared out.
--
--     growing ──── 429 ───▶ calm until calm_at ──── used to 80 %, all well ───▶ grows by a sixteenth
--        │                      ▲     │ 429 after calm_at: cut again
--        │ doubles              └─────┘
--        ▼
--     the streams' own limit
--
-- An episode of 429s cuts once: calm_at is fixed by its beginning and the longest wait that was asked for since, so
-- that waits longer than the time between two 429s cannot put it off for ever. Failures in a row without a success in
-- between (strikes) open the breaker: nothing is claimed until resume_at, then one job tries.
create table parley.limits (
    account text not null,
    model text not null,
    allowed integer not null default 32 check (allowed >= 1),
    growing boolean not null default true,
    -- Successes at the first try since it last changed.
    clean bigint not null default 0 check (clean >= 0),
    episode_at timestamptz not null default '-infinity',
    calm_at timestamptz not null default '-infinity',
    resume_at timestamptz not null default '-infinity',
    strikes integer not null default 0 check (strikes >= 0),
    -- How often the breaker has opened since the last success.
    openings integer not null default 0 check (openings >= 0),
    -- What is left in the buckets of requests and tokens, and when that was; null before they are first used.
    requests_left double precision,
    tokens_left double precision,
    filled_at timestamptz,
    primary key (account, model)
) with (fillfactor = 50);

-- Caps of tokens and money (billionths of the round's currency) for a part of a round.
create table parley.budgets (
    id bigint generated always as identity primary key,
    round_id bigint not null references parley.rounds,
    budget_no integer not null,
    -- What it holds for, in words for people.
    scope text not null,
    tokens bigint check (tokens >= 0),
    cost bigint check (cost >= 0),
    -- Whether jobs in flight are cancelled when what was really used reaches the cap, or finish.
    cancels boolean not null default false,
    unique (round_id, budget_no)
);

-- Which streams count on which budgets.
create table parley.budget_streams (
    stream_id bigint not null references parley.streams,
    budget_id bigint not null references parley.budgets,
    primary key (stream_id, budget_id)
);
create index budget_streams_by_budget on parley.budget_streams (budget_id);

-- How much of a budget a worker may use until it asks again, what it has in flight included. Goes with the worker.
create table parley.reserves (
    budget_id bigint not null references parley.budgets,
    worker_id bigint not null references parley.workers,
    tokens bigint not null check (tokens >= 0),
    cost bigint not null check (cost >= 0),
    primary key (budget_id, worker_id)
) with (fillfactor = 50);

-- What was used, by stream: the sum in spending, and what came since in charges, one row for each commit and stream.
-- Only ever inserted, then folded into spending by the number of the transaction, so no commit waits for another.
create table parley.charges (
    xid xid8 not null default pg_current_xact_id(),
    stream_id bigint not null,
    tokens bigint not null,
    cost bigint not null,
    -- Jobs whose use is not known and was taken to be all that was reserved; -1 takes one back.
    unknown integer not null default 0
);
create index charges_by_xid on parley.charges (xid);

create table parley.spending (
    stream_id bigint primary key references parley.streams,
    tokens bigint not null,
    cost bigint not null,
    unknown bigint not null
) with (fillfactor = 50);

-- Every charge of a transaction below this number is in spending.
create table parley.spending_mark (
    only_row boolean primary key default true check (only_row),
    folded_below xid8 not null
);
insert into parley.spending_mark (folded_below) values ('0');

-- What was done to rounds and workers by people and by the queue itself; only ever added to.
create table parley.events (
    id bigint generated always as identity primary key,
    at timestamptz not null default parley.now(),
    -- Who: a login, and the person where one was named.
    role_name text not null default session_user,
    actor text not null default '',
    action text not null check (action in ('pause', 'resume', 'cancel', 'uncancel', 'drain', 'prioritise', 'weigh',
                                           'rule', 'budget', 'trip')),
    round_id bigint references parley.rounds,
    -- What it was done to, and why.
    subject text not null,
    reason text not null default '',
    -- Streams, workers or jobs that it changed.
    changed bigint not null
);

-- A job that was never claimed is no row: a probe stream is a range of ids, and all from its cursor on is ready. The
-- cursor is the end of the stream's newest block. A claim takes the next ids as a block; nothing is ever scanned,
-- updated or left dead at the head of an index, so a claim costs the same at any depth and under any old snapshot.
--
-- Where a job is:
--
--       range ──── claim ───▶ block ───────── commit ─────────▶ outcomes
--      (no row)                 │ fail, release, rescue            ▲
--                               ▼                                  │
--     dead_jobs ◀── spent ── jobs: leased ◀── claim ── waiting     │
--         │                     │  └───── fail, release, ────▲     │
--         │                     │         rescue             │     │
--         │                     └─────────── commit ─────────┼─────┘
--         └───────────────────── rule rerun ─────────────────┘
--
-- A bit of `open` stands for each job that is still held through its block; bit 0 is `first`.
create table parley.blocks (
    first bigint primary key,
    stream_id bigint not null,
    count smallint not null check (count between 1 and 62),
    worker_id bigint not null,
    open bigint not null,
    claimed_at timestamptz not null,
    check (open >= 0 and open >> count = 0)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);
-- Not partial: a condition on `open` would make each commit change the index.
create index blocks_by_worker on parley.blocks (worker_id);

-- Single jobs: those that came back, and grades. Leased or waiting, held apart by the first constraint. Grades begin
-- as waiting until now. No foreign keys here and below: ids are made by this schema's own statements only.
create table parley.jobs (
    id bigint primary key,
    stream_id bigint not null,
    cell_no integer not null,
    sample_no integer not null,
    epoch integer not null,
    -- Attempts begun and counted.
    attempt integer not null default 0 check (attempt >= 0),
    -- Grows with every claim.
    fence bigint not null default 0 check (fence >= 0),
    worker_id bigint,
    run_after timestamptz,
    claimed_at timestamptz,
    first_claimed_at timestamptz,
    -- The last failure and how often it followed itself.
    fingerprint text,
    repeats smallint not null default 0,
    -- How often in a row its worker was lost.
    losses smallint not null generated always as (case when fingerprint like 'worker\_lost %' then repeats else 0 end)
        stored,
    check ((worker_id is null) <> (run_after is null)),
    check (worker_id is null
        or (fence > 0 and attempt > 0 and claimed_at is not null and first_claimed_at is not null))
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.01, autovacuum_analyze_scale_factor = 0.2);

create index jobs_waiting on parley.jobs (stream_id, run_after) where worker_id is null;
create index jobs_held on parley.jobs (worker_id) where worker_id is not null;

-- What grows with jobs lies in partitions by round, so that a round's rows go with its tables: `detach concurrently`
-- and `drop table`, however many they are. Record: ParleyQueue, RoundsComeAndGo.
create schema parley_rounds;

create table parley.outcomes (
    round_id bigint not null,
    job_id bigint not null,
    cell_no integer not null,
    stage smallint not null,
    grader smallint,
    sample_no integer not null,
    epoch integer not null,
    -- OutcomeKind; 7, failed, is never written: what is spent is in dead_jobs.
    kind smallint not null check (kind between 0 and 6),
    -- Billionths.
    score bigint,
    input_tokens bigint not null check (input_tokens >= 0),
    output_tokens bigint not null check (output_tokens >= 0),
    cache_read_tokens bigint not null check (cache_read_tokens >= 0),
    cache_write_tokens bigint not null check (cache_write_tokens >= 0),
    reasoning_tokens bigint not null check (reasoning_tokens >= 0),
    -- Billionths of the round's currency.
    cost bigint not null check (cost >= 0),
    latency_micros bigint not null check (latency_micros >= 0),
    model_returned text check (octet_length(model_returned) <= 1024),
    attempt integer not null,
    fence bigint not null,
    worker_id bigint not null,
    first_claimed_at timestamptz not null,
    completed_at timestamptz not null,
    -- The job that was graded; null for a probe.
    probe_job_id bigint,
    primary key (round_id, job_id),
    check (job_id >> 36 = round_id),
    check ((stage = 1) = (probe_job_id is not null)),
    check (stage = 0 or kind <> 1),
    check (kind <> 0 or score is not null),
    check (kind not in (1, 6) or score is null)
) partition by list (round_id);

-- Attempts that did not become an outcome; only ever added to.
create table parley.attempts (
    round_id bigint not null,
    job_id bigint not null,
    fence bigint not null,
    attempt integer not null,
    worker_id bigint not null,
    class text not null check (octet_length(class) between 1 and 64),
    message text not null check (octet_length(message) <= 8192),
    fingerprint text not null check (octet_length(fingerprint) <= 512),
    -- Null: a request may have reached the provider and its usage is not known.
    input_tokens bigint check (input_tokens >= 0),
    output_tokens bigint check (output_tokens >= 0),
    cache_read_tokens bigint check (cache_read_tokens >= 0),
    cache_write_tokens bigint check (cache_write_tokens >= 0),
    reasoning_tokens bigint check (reasoning_tokens >= 0),
    cost bigint check (cost >= 0),
    started_at timestamptz not null,
    ended_at timestamptz not null,
    -- requeued counts against the caps; deferred and released do not, as paused does not.
    disposition text not null check (disposition in ('requeued', 'deferred', 'released', 'paused', 'dead')),
    next_try_at timestamptz,
    -- Written by the rescue after the worker's lease expired, not reported by the worker.
    rescued boolean not null,
    primary key (round_id, job_id, fence)
) partition by list (round_id);

create table parley.dead_jobs (
    round_id bigint not null,
    job_id bigint not null,
    stream_id bigint not null,
    cell_no integer not null,
    sample_no integer not null,
    epoch integer not null,
    attempt integer not null,
    fence bigint not null,
    class text not null,
    message text not null,
    fingerprint text not null,
    first_claimed_at timestamptz not null,
    died_at timestamptz not null,
    -- A rerun is no ruling here: it takes the row back into jobs.
    ruling text check (ruling in ('exclude', 'accept')),
    ruled_by text,
    ruled_at timestamptz,
    primary key (round_id, job_id),
    check ((ruling is null) = (ruled_by is null) and (ruling is null) = (ruled_at is null))
);

create table parley.transcripts (
    round_id bigint not null,
    job_id bigint not null,
    fence bigint not null,
    -- Sealed, and compressed before it was: no second compression.
    sealed bytea not null,
    primary key (round_id, job_id)
) partition by list (round_id);
alter table parley.transcripts alter column sealed set storage external;
alter table parley.samples alter column content set storage external;

-- The table of a round's rows of a partitioned one, made where it is not there yet.
create function parley.round_table(p_table text, p_round bigint) returns regclass
    language plpgsql
    set search_path = pg_catalog, parley, pg_temp
    as $$
    declare
        v_name text := format('parley_rounds.%I', p_table || '_' || p_round);
    begin
        if to_regclass(v_name) is null then
            execute format(
                'create table %s (like parley.%I including defaults including constraints including storage)', v_name,
                p_table);
        end if;
        return v_name::regclass;
    end
    $$;

-- Attaches a round's tables, those that are missing made empty. A table that is made apart and attached waits for no
-- claim and no commit; `create table ... partition of` would lock out all of them.
create function parley.attach_tables(p_round bigint) returns void
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
    declare
        v_table text;
        v_part regclass;
    begin
        foreach v_table in array array['attempts', 'outcomes', 'transcripts'] loop
            v_part := round_table(v_table, p_round);
            if not exists (select from pg_inherits i where i.inhrelid = v_part) then
                execute format('alter table parley.%I attach partition %s for values in (%s)', v_table, v_part, p_round);
            end if;
        end loop;
    end
    $$;

-- At the end of the transaction, so that two submissions do not wait for one another's samples.
create function parley.attach_round() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
    begin
        perform attach_tables(new.id);
        return null;
    end
    $$;
create constraint trigger attach_round after insert on parley.rounds deferrable initially deferred
    for each row execute function parley.attach_round();

-- The coordinator's rights: what it does by plain statements. It changes no job and no record by hand; for that it has
-- functions of its own.
grant select on all tables in schema parley to parley_coordinator;
grant insert (name, title, tier, definition, definition_hash, state, simulated) on parley.rounds to parley_coordinator;
grant insert on parley.trees, parley.suites, parley.samples, parley.cells, parley.streams, parley.admissions,
    parley.limits, parley.budgets, parley.budget_streams
    to parley_coordinator;
grant delete on parley.trees, parley.admissions to parley_coordinator;
grant update (state, finished_at) on parley.rounds to parley_coordinator;

reset role;
