-- Who may see what of a round, for readers that are parties.
--
-- Invariant: a party's login reaches nothing but the functions of schema `parley_party`, and each row that they give is
-- one whose every model that login may see, by `sight`, in the round's state. What no rule allows is not there: a round,
-- state, stream or login that the tables do not know gives no row and no error. Three nets, each of which holds alone:
--
--     login ──▶ parley_party.FUNCTION ──▶ base tables, as parley_viewer ──▶ rows
--      no right in `parley`   gives columns     row-level security by session_user
--
-- The session's login decides, never the current role, so that SET ROLE changes nothing. Functions and not views: the
-- reader's conditions, plans and counts never meet a row that is not the reader's. Record: ParleyQueue, Visibility.

do $$
declare
    v_role text;
begin
    foreach v_role in array array['parley_party', 'parley_viewer'] loop
        begin
            execute format('create role %I nologin', v_role);
        exception
            when duplicate_object or unique_violation then null;
        end;
    end loop;
    if not pg_has_role('parley_owner', 'parley_viewer', 'member') then
        grant parley_viewer to parley_owner;
    end if;
end
$$;

grant usage on schema parley to parley_viewer;

set local role parley_owner;

create schema parley_party;
revoke all on schema parley_party from public;
grant usage on schema parley_party to parley_party;
grant usage, create on schema parley_party to parley_viewer;

-- Whose suite it is, and whether its samples are held out. Of suites from before nobody is the owner.
alter table parley.suites add column party text not null default '';
alter table parley.suites add column held_out boolean not null default true;
alter table parley.suites alter column party drop default, alter column held_out drop default;

-- The models whose behaviour the rows of a stream show: of a probe the model under test and those that play a part in
-- it, of a grade the judge's too. A stream without any is shown to nobody.
create table parley.subjects (
    stream_id bigint not null references parley.streams on delete cascade,
    model text not null,
    party text not null,
    primary key (stream_id, model)
);

-- Which session reads as which party of which round: a login, or a group that it is a member of.
create table parley.party_logins (
    round_id bigint not null references parley.rounds,
    role_name text not null,
    -- What it is in the round stands in round_parties; of one that is not there, nothing is seen.
    party text not null,
    granted_at timestamptz not null default parley.now(),
    granted_by text not null,
    primary key (round_id, role_name)
);

-- The table of `who may see what`: from which state on a reader sees an object. Where there is no row, never; `draft` is
-- always, a retired round included. `owner` is the suite's party, `tested` a model's, `other` another lab or evaluator.
create table parley.sight (
    object text not null check (object in ('taking_part', 'prompt', 'rubric', 'transcript', 'score')),
    held_out boolean not null,
    reader text not null check (reader in ('owner', 'tested', 'other', 'observer')),
    since text not null check (since in ('draft', 'frozen', 'exchange', 'published')),
    primary key (object, held_out, reader)
);
insert into parley.sight (object, reader, held_out, since)
select v.object, v.reader, x.held_out, x.since
from (
        values
            -- object, reader, of an open suite, of a held-out one
            ('taking_part', 'other', 'draft', 'draft'),
            -- Who has left silently by the end was never there: so nobody outside is told before.
            ('taking_part', 'observer', 'published', 'published'),
            ('prompt', 'owner', 'draft', 'draft'),
            ('prompt', 'tested', 'frozen', 'published'),
            ('prompt', 'other', 'frozen', 'published'),
            ('rubric', 'owner', 'draft', 'draft'),
            ('rubric', 'tested', 'frozen', 'frozen'),
            ('rubric', 'other', 'published', 'published'),
            ('rubric', 'observer', 'published', 'published'),
            -- A transcript holds its prompt.
            ('transcript', 'owner', 'draft', 'draft'),
            ('transcript', 'tested', 'exchange', 'published'),
            ('score', 'owner', 'draft', 'draft'),
            ('score', 'tested', 'exchange', 'exchange'),
            ('score', 'other', 'published', 'published'),
            ('score', 'observer', 'published', 'published')
    ) v (object, reader, open_since, held_since)
    cross join lateral (values (false, v.open_since), (true, v.held_since)) x (held_out, since);

-- The keys of held-out suites, wrapped: for each slot (the pack, or one tested party's transcripts of it) one row for
-- each recipient, whose private key alone opens it. A key in the clear never comes here. With the last row the slot's
-- blobs are lost for good.
create table parley.data_keys (
    round_id bigint not null,
    suite_no integer not null,
    -- The tested party; '' for the pack.
    party text not null,
    -- SHA-256 of the recipient's public key, and whose it is said to be.
    recipient bytea not null check (octet_length(recipient) = 32),
    holder text not null check (octet_length(holder) between 1 and 64),
    wrapped bytea not null check (octet_length(wrapped) between 48 and 1024),
    admitted_at timestamptz not null default parley.now(),
    admitted_by text not null,
    primary key (round_id, suite_no, party, recipient),
    foreign key (round_id, suite_no) references parley.suites on delete cascade
);

-- Keys of running rounds that are wrapped for a worker's own key.
create function parley.worker_keys(p_worker bigint, p_recipient bytea)
    returns table (round_id bigint, suite_no integer, party text, wrapped bytea)
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
    #variable_conflict use_column
    begin
        perform require_worker(p_worker);
        return query
            select k.round_id, k.suite_no, k.party, k.wrapped
            from data_keys k join rounds r on r.id = k.round_id
            where k.recipient = p_recipient and r.state in ('running', 'grading') and is_admitted(r.id)
            order by k.round_id, k.suite_no, k.party;
    end
    $$;

-- From here on this worker takes jobs of these held-out suites, and of no others: their streams ask for a tag of theirs.
create function parley.offer_suites(p_worker bigint, p_rounds bigint[], p_suites integer[]) returns void
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
    declare
        v_worker workers := require_worker(p_worker);
        v_tags text[];
    begin
        select array(select t from unnest(v_worker.tags) t where t not like 'sealed:%')
            || array(
                select 'sealed:' || r.name || '/' || u.name
                from unnest(p_rounds, p_suites) g (round_id, suite_no)
                    join rounds r on r.id = g.round_id
                    join suites u on u.round_id = g.round_id and u.suite_no = g.suite_no
                where is_admitted(r.id)
                order by 1)
        into v_tags;
        update workers w set tags = v_tags where w.id = p_worker and w.tags <> v_tags;
    end
    $$;

grant execute on function parley.worker_keys(bigint, bytea), parley.offer_suites(bigint, bigint[], integer[])
    to parley_worker;
grant select, insert, delete on parley.data_keys to parley_coordinator;

-- What leaves the house: each model that is called with samples of a held-out suite, and whose it is. Rows stand from
-- the submission on; `samples`, the first so many in their frozen order, and the times follow from how far streams were
-- claimed, so that no job pays for it. What was claimed may have been sent.
create table parley.exposures (
    round_id bigint not null,
    suite_no integer not null,
    model text not null,
    purpose text not null check (purpose in ('target', 'judge', 'helper')),
    party text not null,
    -- The account and the address that are called.
    provider text not null check (octet_length(provider) <= 2048),
    -- Where it is agreed that the provider does not train on it; '' where the model is the suite's owner's.
    term text not null check (octet_length(term) <= 2048),
    samples integer not null default 0 check (samples >= 0),
    first_at timestamptz,
    latest_at timestamptz,
    primary key (round_id, suite_no, model, purpose),
    foreign key (round_id, suite_no) references parley.suites on delete cascade,
    check ((samples = 0) = (first_at is null) and (samples = 0) = (latest_at is null))
);

-- Brings it up to date; answers how many rows have grown. A judge is taken to have seen all that was probed as soon as it
-- is asked anything.
create function parley.record_exposures() returns bigint
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    set enable_seqscan = off
    as $$
    declare
        v_count bigint;
    begin
        -- Mostly nothing is held out.
        if not exists (
            select from exposures e join rounds r on r.id = e.round_id
            where r.state in ('running', 'grading', 'exchange'))
        then
            return 0;
        end if;
        with unseen as materialized (
            select s.*, x.model as subject, p.purpose
            from rounds r
                join streams s on s.round_id = r.id
                join suites u on u.round_id = s.round_id and u.suite_no = s.suite_no and u.held_out
                join subjects x on x.stream_id = s.id and (s.stage = 0 or x.model = s.model)
                cross join lateral (
                    select case when s.stage = 1 then 'judge' when x.model = s.model then 'target'
                        else 'helper' end as purpose) p
                join exposures e on e.round_id = s.round_id and e.suite_no = s.suite_no and e.model = x.model
                    and e.purpose = p.purpose and e.samples < s.samples
            where r.state in ('running', 'grading', 'exchange')
        )
        update exposures e
        set samples = g.samples, first_at = coalesce(e.first_at, g.first_at, parley.now()), latest_at = parley.now()
        from (
                select s.round_id, s.suite_no, s.subject, s.purpose,
                    max(least(s.samples, c.stop - s.probe_base))::integer as samples,
                    min((select b.claimed_at from blocks b where b.first = s.probe_base)) as first_at
                from unseen s
                    cross join lateral (
                        select stream_cursor(s.probe_base, s.probe_base + s.samples::bigint * s.epochs) as stop) c
                where s.stage = 0
                    or exists (select from jobs j where j.stream_id = s.id and j.fence > 0)
                    or has_outcome(s.round_id, s.base, s.base + s.samples::bigint * s.epochs)
                group by 1, 2, 3, 4
            ) g
        where e.round_id = g.round_id and e.suite_no = g.suite_no and e.model = g.subject and e.purpose = g.purpose
            and g.samples > e.samples;
        get diagnostics v_count = row_count;
        return v_count;
    end
    $$;

grant select, insert on parley.exposures to parley_coordinator;
grant execute on function parley.record_exposures() to parley_coordinator;

create function parley.sees(p_object text, p_held_out boolean, p_reader text, p_state text) returns boolean
    language sql stable
    set search_path = pg_catalog, parley, pg_temp
    as $$
        select coalesce((
            select s.since = 'draft'
                or p_state <> 'retired' and array_position(o.states, p_state) >= array_position(o.states, s.since)
            from sight s
                cross join (values (array['draft', 'frozen', 'running', 'grading', 'exchange', 'correction',
                                          'disclosure', 'published', 'corrected', 'retired'])) o (states)
            where s.object = p_object and s.held_out = p_held_out and s.reader = p_reader), false)
    $$;

-- The rounds of this session, and as whom. One that would be two parties of a round is none.
create function parley.my_rounds() returns table (round_id bigint, party text, reader text, state text)
    language sql stable security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
        select r.id, m.party, m.reader, r.state
        from (
                select l.round_id, min(l.party) as party,
                    case when bool_and(p.role in ('lab', 'evaluator')) then 'other' else 'observer' end as reader
                from party_logins l
                    join pg_roles g on g.rolname = l.role_name
                    join round_parties p on p.round_id = l.round_id and p.party = l.party
                where pg_has_role(session_user, g.oid, 'member')
                group by l.round_id having count(distinct l.party) = 1
            ) m
            join rounds r on r.id = m.round_id
        where sees('taking_part', false, m.reader, r.state)
    $$;

-- What this session may see of the suites of its rounds.
create function parley.my_suites() returns table (round_id bigint, suite_no integer, prompts boolean, rubric boolean)
    language sql stable security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
        select u.round_id, u.suite_no, sees('prompt', u.held_out, k.reader, m.state),
            sees('rubric', u.held_out, k.reader, m.state)
        from my_rounds() m
            join suites u on u.round_id = m.round_id
            -- The suite of a party that has left is not there.
            join round_parties p on p.round_id = u.round_id and p.party = u.party
            cross join lateral (
                select case
                    when u.party = m.party then 'owner'
                    when exists (
                        select from cells c
                        where c.round_id = u.round_id and c.suite_no = u.suite_no and c.party = m.party) then 'tested'
                    else m.reader end as reader
            ) k
    $$;

-- What this session may see of the streams of its rounds; `grader` is -1 for probes. Of several models, each must be
-- allowed: as the suite's owner, as the model's party, or as anybody else.
create function parley.my_streams()
    returns table (round_id bigint, stream_id bigint, suite_no integer, cell_no integer, grader smallint, base bigint,
        stop bigint, scores boolean, transcripts boolean)
    language sql stable security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
        select s.round_id, s.id, s.suite_no, s.cell_no, coalesce(s.grader, -1)::smallint, s.base,
            s.base + s.samples::bigint * s.epochs, v.scores, v.transcripts
        from my_rounds() m
            join streams s on s.round_id = m.round_id
            join suites u on u.round_id = s.round_id and u.suite_no = s.suite_no
            cross join lateral (
                select coalesce(bool_and(sees('score', u.held_out, k.reader, m.state)), false) as scores,
                    coalesce(bool_and(sees('transcript', u.held_out, k.reader, m.state)), false) as transcripts
                from subjects x
                    cross join lateral (
                        select case when u.party = m.party then 'owner' when x.party = m.party then 'tested'
                            else m.reader end as reader
                    ) k
                where x.stream_id = s.id
            ) v
        -- Nor is what has to do with the model of one that has left.
        where exists (select from round_parties p where p.round_id = u.round_id and p.party = u.party)
            and not exists (
                select from subjects x
                where x.stream_id = s.id and not exists (
                    select from round_parties p where p.round_id = s.round_id and p.party = x.party))
    $$;

grant execute on function parley.my_rounds(), parley.my_suites(), parley.my_streams(),
    parley.combined_score(bigint[], bigint, text), parley.rounded_quotient(numeric, bigint)
    to parley_viewer;

-- Rows for parties, whoever asks how. The owner, as whom the queue's functions run, is not held by these, and the
-- coordinator by a condition that the planner drops: neither pays for them.
alter table parley.rounds enable row level security;
alter table parley.suites enable row level security;
alter table parley.samples enable row level security;
alter table parley.cells enable row level security;
alter table parley.outcomes enable row level security;
alter table parley.transcripts enable row level security;
create policy coordinator on parley.rounds to parley_coordinator using (true) with check (true);
create policy coordinator on parley.suites to parley_coordinator using (true) with check (true);
create policy coordinator on parley.samples to parley_coordinator using (true) with check (true);
create policy coordinator on parley.cells to parley_coordinator using (true) with check (true);
create policy coordinator on parley.outcomes for select to parley_coordinator using (true);
create policy coordinator on parley.transcripts for select to parley_coordinator using (true);
create policy party on parley.rounds for select to parley_viewer
    using (id in (select m.round_id from parley.my_rounds() m));
create policy party on parley.suites for select to parley_viewer
    using (round_id in (select m.round_id from parley.my_rounds() m));
create policy party on parley.cells for select to parley_viewer
    using (round_id in (select m.round_id from parley.my_rounds() m));
create policy party on parley.samples for select to parley_viewer
    using ((round_id, suite_no) in (select m.round_id, m.suite_no from parley.my_suites() m where m.prompts));
create policy party on parley.outcomes for select to parley_viewer
    using ((round_id, cell_no, coalesce(grader, -1::smallint)) in (
        select m.round_id, m.cell_no, m.grader from parley.my_streams() m where m.scores));
create policy party on parley.transcripts for select to parley_viewer
    using (exists (
        select from parley.my_streams() m
        where m.round_id = transcripts.round_id and job_id >= m.base and job_id < m.stop and m.transcripts));

grant select (id, name, title, tier, state, simulated, definition, definition_hash, created_at, finished_at)
    on parley.rounds to parley_viewer;
grant select (round_id, party, role) on parley.round_parties to parley_viewer;
grant select on parley.data_keys, parley.exposures to parley_viewer;
grant select on parley.suites, parley.samples, parley.cells, parley.outcomes, parley.transcripts, parley.observations
    to parley_viewer;

-- The reader's functions. A name that is no round of the session gives no row, whether there is such a round or not.
-- Rows are read by stream, and only those of streams that may be seen: what is hidden costs no time.

create function parley_party.rounds()
    returns table (round text, title text, tier text, state text, simulated boolean, definition_hash bytea, party text,
        created_at timestamptz, finished_at timestamptz)
    language sql stable security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
        select r.name, r.title, r.tier, r.state, r.simulated, r.definition_hash, m.party, r.created_at, r.finished_at
        from my_rounds() m join rounds r on r.id = m.round_id order by r.name
    $$;

create function parley_party.parties(p_round text) returns table (party text, title text, role text)
    language sql stable security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
        select p.party, coalesce(d.value ->> 'title', p.party), p.role
        from my_rounds() m
            join rounds r on r.id = m.round_id
            join round_parties p on p.round_id = m.round_id
            left join lateral jsonb_array_elements(r.definition::jsonb -> 'parties') d
                on d.value ->> 'name' = p.party
        where r.name = p_round order by p.party
    $$;

-- `rubric` holds solver and scorer; null where it is withheld.
create function parley_party.suites(p_round text)
    returns table (suite_no integer, suite text, title text, party text, areas text[], held_out boolean,
        samples integer, epochs integer, epoch_reducer text, kinds text, digest text, prompts text, rubric text)
    language sql stable security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
        select u.suite_no, u.name, d ->> 'title', u.party,
            array(select jsonb_array_elements_text(d -> 'areas')), u.held_out, u.sample_count, u.epochs,
            d ->> 'epoch_reducer', coalesce(d ->> 'kinds', '{}'), d -> 'dataset' ->> 'digest', case when m.prompts then 'shown' else 'withheld' end,
            case when m.rubric then jsonb_build_object('solver', d -> 'solver', 'scorer', d -> 'scorer')::text end
        from my_suites() m
            join rounds r on r.id = m.round_id
            join suites u on u.round_id = m.round_id and u.suite_no = m.suite_no
            cross join lateral (select r.definition::jsonb -> 'suites' -> u.suite_no as d) x
        where r.name = p_round order by u.suite_no
    $$;

create function parley_party.cells(p_round text)
    returns table (cell_no integer, suite text, configuration text, model text, party text, planned bigint,
        scores text, transcripts text)
    language sql stable security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
        select c.cell_no, u.name, c.configuration, c.model, c.party, c.planned,
            case when m.scores then 'shown' else 'withheld' end,
            case when m.transcripts then 'shown' else 'withheld' end
        from my_streams() m
            join rounds r on r.id = m.round_id
            join cells c on c.round_id = m.round_id and c.cell_no = m.cell_no
            join suites u on u.round_id = m.round_id and u.suite_no = m.suite_no
        where r.name = p_round and m.grader = -1 order by c.cell_no
    $$;

create function parley_party.samples(p_round text, p_suite text)
    returns table (sample_no integer, sample_id text, content_hash bytea, content bytea)
    language plpgsql stable security definer
    set search_path = pg_catalog, parley, pg_temp
    set enable_seqscan = off
    as $$
    #variable_conflict use_column
    declare
        v record;
    begin
        for v in
            select m.* from my_suites() m
                join rounds r on r.id = m.round_id
                join suites u on u.round_id = m.round_id and u.suite_no = m.suite_no
            where r.name = p_round and u.name = p_suite and m.prompts
        loop
            return query
                select t.sample_no, t.sample_id, t.content_hash, t.content from samples t
                where t.round_id = v.round_id and t.suite_no = v.suite_no order by t.sample_no;
        end loop;
    end
    $$;

create function parley_party.observations(p_round text)
    returns table (job_id bigint, cell_no integer, sample_no integer, epoch integer, kind smallint, score bigint,
        input_tokens bigint, output_tokens bigint, cache_read_tokens bigint, cache_write_tokens bigint,
        reasoning_tokens bigint, cost bigint, latency_micros bigint, attempt integer, completed_at timestamptz,
        model_returned text)
    language plpgsql stable security definer
    set search_path = pg_catalog, parley, pg_temp
    set enable_seqscan = off
    as $$
    #variable_conflict use_column
    declare
        v record;
    begin
        for v in
            select m.* from my_streams() m join rounds r on r.id = m.round_id
            where r.name = p_round and m.grader = -1 and m.scores order by m.base
        loop
            return query
                select o.job_id, o.cell_no, o.sample_no, o.epoch, o.kind, o.score, o.input_tokens, o.output_tokens,
                    o.cache_read_tokens, o.cache_write_tokens, o.reasoning_tokens, o.cost + o.judge_cost,
                    o.latency_micros, o.attempt, o.completed_at, o.model_returned
                from observations o
                where o.round_id = v.round_id and o.job_id >= v.base and o.job_id < v.stop;
        end loop;
    end
    $$;

-- Single judgements: rows about two models.
create function parley_party.grades(p_round text)
    returns table (job_id bigint, cell_no integer, grader smallint, sample_no integer, epoch integer, kind smallint,
        score bigint)
    language plpgsql stable security definer
    set search_path = pg_catalog, parley, pg_temp
    set enable_seqscan = off
    as $$
    #variable_conflict use_column
    declare
        v record;
    begin
        for v in
            select m.* from my_streams() m join rounds r on r.id = m.round_id
            where r.name = p_round and m.grader >= 0 and m.scores order by m.base
        loop
            return query
                select o.job_id, o.cell_no, o.grader, o.sample_no, o.epoch, o.kind, o.score
                from outcomes o where o.round_id = v.round_id and o.job_id >= v.base and o.job_id < v.stop;
        end loop;
    end
    $$;

create function parley_party.transcripts(p_round text)
    returns table (job_id bigint, cell_no integer, grader smallint, sealed bytea)
    language plpgsql stable security definer
    set search_path = pg_catalog, parley, pg_temp
    set enable_seqscan = off
    as $$
    #variable_conflict use_column
    declare
        v record;
    begin
        for v in
            select m.* from my_streams() m join rounds r on r.id = m.round_id
            where r.name = p_round and m.transcripts order by m.base
        loop
            return query
                select t.job_id, v.cell_no, v.grader, t.sealed from transcripts t
                where t.round_id = v.round_id and t.job_id >= v.base and t.job_id < v.stop;
        end loop;
    end
    $$;

-- Keys that are wrapped for one of the party's own: only of what it may see by now, so that a key that came early opens
-- nothing early.
create function parley_party.data_keys(p_round text, p_recipient bytea)
    returns table (suite_no integer, party text, wrapped bytea)
    language sql stable security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
        select k.suite_no, k.party, k.wrapped
        from data_keys k join rounds r on r.id = k.round_id
        where r.name = p_round and k.recipient = p_recipient
            and case k.party
                when '' then exists (
                    select from my_suites() m
                    where m.round_id = k.round_id and m.suite_no = k.suite_no and m.prompts)
                else exists (
                    select from my_streams() m join cells c on c.round_id = m.round_id and c.cell_no = m.cell_no
                    where m.round_id = k.round_id and m.suite_no = k.suite_no and c.party = k.party
                        and m.grader = -1 and m.transcripts)
                end
        order by k.suite_no, k.party
    $$;

-- What left the house: to the suite's owner, and to whom it went of its own.
create function parley_party.exposures(p_round text)
    returns table (suite text, model text, purpose text, party text, provider text, term text, samples integer,
        first_at timestamptz, latest_at timestamptz)
    language sql stable security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
        select u.name, e.model, e.purpose, e.party, e.provider, e.term, e.samples, e.first_at, e.latest_at
        from my_rounds() m
            join rounds r on r.id = m.round_id
            join suites u on u.round_id = m.round_id
            join exposures e on e.round_id = u.round_id and e.suite_no = u.suite_no
        where r.name = p_round and m.party in (u.party, e.party)
        order by u.suite_no, e.model, e.purpose
    $$;

do $$
declare
    v_function regprocedure;
begin
    for v_function in select oid from pg_proc where pronamespace = 'parley_party'::regnamespace loop
        execute format('alter function %s owner to parley_viewer', v_function);
        execute format('grant execute on function %s to parley_party', v_function);
    end loop;
end
$$;
revoke create on schema parley_party from parley_viewer;

-- Lets a login read as a party of a round. A login that can do more than that is refused: it would see more.
create function parley.grant_party(p_round bigint, p_party text, p_login text, p_by text) returns void
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
    declare
        v_login pg_roles;
        v_handle uuid;
    begin
        select p.handle into v_handle from round_parties p where p.round_id = p_round and p.party = p_party;
        if not found then
            raise exception 'the round has no party %', p_party using errcode = 'no_data_found';
        end if;
        select * into v_login from pg_roles g where g.rolname = p_login;
        if v_login.oid is null then
            raise exception 'there is no role %', p_login using errcode = 'undefined_object';
        end if;
        if not pg_has_role(v_login.oid, 'parley_party', 'member') then
            raise exception 'role % is no member of parley_party', p_login
                using errcode = 'invalid_grant_operation',
                      hint = format('As the database''s administrator: grant parley_party to %I', p_login);
        end if;
        if v_login.rolsuper or v_login.rolbypassrls or v_login.rolcreaterole or v_login.rolreplication
            or exists (
                select from pg_roles g
                where (g.rolname in ('parley_owner', 'parley_coordinator', 'parley_worker', 'parley_viewer')
                        or g.rolname like 'pg\_%')
                    and pg_has_role(v_login.oid, g.oid, 'member'))
        then
            raise exception 'role % has further rights', p_login
                using errcode = 'invalid_grant_operation',
                      hint = 'A party reads with a login of its own that is in no other group of Parley.';
        end if;
        if exists (
            select from party_logins l join pg_roles g on g.rolname = l.role_name
            where l.round_id = p_round and l.party <> p_party
                and (pg_has_role(v_login.oid, g.oid, 'member') or pg_has_role(g.oid, v_login.oid, 'member')))
        then
            raise exception 'role % is another party of this round', p_login
                using errcode = 'invalid_grant_operation', hint = 'Each party reads with a login of its own.';
        end if;
        insert into party_logins (round_id, role_name, party, granted_by) values (p_round, p_login, p_party, p_by)
        on conflict do nothing;
        if found then
            perform append_ledger(p_round, p_by, 'login granted', v_handle::text, '');
        end if;
    end
    $$;

-- Takes that back; answers whether there was anything to take.
create function parley.revoke_party(p_round bigint, p_party text, p_login text, p_by text) returns boolean
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
    begin
        delete from party_logins l where l.round_id = p_round and l.party = p_party and l.role_name = p_login;
        if not found then
            return false;
        end if;
        perform append_ledger(p_round, p_by, 'login revoked', coalesce(
            (select p.handle::text from round_parties p where p.round_id = p_round and p.party = p_party), ''), '');
        return true;
    end
    $$;

grant select on parley.subjects, parley.party_logins, parley.sight to parley_coordinator;
grant insert on parley.subjects to parley_coordinator;
grant execute on function parley.grant_party(bigint, text, text, text), parley.revoke_party(bigint, text, text, text)
    to parley_coordinator;

reset role;
