-- Workers: registration, claims, heartbeats.
--
-- Every function here runs as the schema's owner with a fixed search path and first checks that the session's login is
-- the one that registered the worker. A worker reaches a round when one of the round's admitted roles is its login or
-- contains it.

set local role parley_owner;

create function parley.is_admitted(p_round bigint) returns boolean
    language sql stable
    set search_path = pg_catalog, parley, pg_temp
    as $$
        select exists (
            select from admissions a join pg_roles r on r.rolname = a.role_name
            where a.round_id = p_round and pg_has_role(session_user, r.oid, 'member')
        )
    $$;

create function parley.require_admission(p_round bigint) returns void
    language plpgsql stable
    set search_path = pg_catalog, parley, pg_temp
    as $$
    begin
        if not is_admitted(p_round) then
            raise exception 'role % is not admitted to round %', session_user, p_round
                using errcode = 'insufficient_privilege',
                      hint = 'The coordinator admits a role to a round when it submits the round.';
        end if;
    end
    $$;

-- The worker's row, if this session may speak for it.
create function parley.require_worker(p_worker bigint) returns parley.workers
    language plpgsql
    set search_path = pg_catalog, parley, pg_temp
    as $$
    declare
        v_worker workers;
    begin
        select * into v_worker from workers w where w.id = p_worker;
        if v_worker.role_name is distinct from session_user::text then
            raise exception 'role % is not worker %', session_user, p_worker
                using errcode = 'insufficient_privilege', hint = 'A worker registers with the login that it uses.';
        end if;
        return v_worker;
    end
    $$;

create function parley.register_worker(p_name text, p_host text, p_pid integer, p_version text, p_tags text[])
    returns bigint
    language sql security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
        insert into workers (name, role_name, host, pid, version, tags, registered_at, last_seen_at)
        values (p_name, session_user, p_host, p_pid, p_version, p_tags, now(), now())
        returning id
    $$;

-- active → draining → gone. The rescue also calls a silent worker gone; if it claims again, it is active again.
create function parley.retire_worker(p_worker bigint, p_state text) returns void
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
    begin
        perform require_worker(p_worker);
        if p_state not in ('draining', 'gone') then
            raise exception 'a worker retires as draining or gone, not as %', p_state
                using errcode = 'invalid_parameter_value';
        end if;
        update workers set state = p_state, last_seen_at = parley.now()
        where id = p_worker and state <> 'gone' and state <> p_state;
    end
    $$;

-- Up to p_take jobs of one stream: due returned ones first, then fresh ones from the watermark on. The settings keep
-- the plan on the partial indexes whatever the statistics say: right after a load there are none. A plan type that is
-- switched off is costed so high that the server would compile the statement each time: hence no JIT.
create function parley.claim_from_stream(
    p_worker bigint, p_stream bigint, p_watermark bigint, p_take integer, p_now timestamptz, p_until timestamptz)
    returns setof parley.jobs
    language plpgsql
    set search_path = pg_catalog, parley, pg_temp
    set jit = off
    set enable_seqscan = off
    set enable_bitmapscan = off
    set enable_hashjoin = off
    set enable_mergejoin = off
    set plan_cache_mode = force_generic_plan
    as $$
    declare
        v_got integer;
    begin
        return query
            with picked as (
                select w.id from jobs w
                where w.stream_id = p_stream and w.lease_expires_at is null
                    and w.run_after is not null and w.run_after <= p_now
                order by w.run_after limit p_take for update skip locked
            )
            update jobs j
            set fence = j.fence + 1, attempt = j.attempt + 1, worker_id = p_worker, lease_expires_at = p_until,
                run_after = null, claimed_at = p_now, first_claimed_at = coalesce(j.first_claimed_at, p_now)
            from picked where j.id = picked.id
            returning j.*;
        get diagnostics v_got = row_count;
        if v_got >= p_take then
            return;
        end if;
        return query
            with picked as (
                select w.id from jobs w
                where w.stream_id = p_stream and w.lease_expires_at is null and w.run_after is null
                    and w.id >= p_watermark
                order by w.id limit p_take - v_got for update skip locked
            )
            update jobs j
            set fence = j.fence + 1, attempt = j.attempt + 1, worker_id = p_worker, lease_expires_at = p_until,
                claimed_at = p_now, first_claimed_at = p_now
            from picked where j.id = picked.id
            returning j.*;
    end
    $$;

-- One stream that a claim may take from.
create type parley.claimable as (
    stream_id bigint, account text, model text, concurrency integer, priority smallint, watermark bigint,
    share integer);

-- How many more jobs an account and model may have leased. An expired lease does not count: its holder had to stop.
create function parley.room(p_account text, p_model text, p_concurrency integer, p_now timestamptz) returns integer
    language sql
    set search_path = pg_catalog, parley, pg_temp
    set jit = off
    set enable_seqscan = off
    set enable_bitmapscan = off
    set enable_hashjoin = off
    set enable_mergejoin = off
    as $$
        select p_concurrency - count(*)::integer
        from streams s join jobs j on j.stream_id = s.id
        where s.account = p_account and s.model = p_model and j.lease_expires_at > p_now
    $$;

-- The streams that this worker may take from now and that have work, best first: by priority, then by progress, so
-- that the cells of a round advance together and an interrupted round stays comparable; equals in random order.
-- The first 64 are enough for any claim. `share` divides the claim among streams of equal priority.
create function parley.claimable_streams(
    p_tags text[], p_want integer, p_streams bigint[], p_watermarks bigint[], p_now timestamptz)
    returns parley.claimable[]
    language sql
    set search_path = pg_catalog, parley, pg_temp
    set jit = off
    set enable_seqscan = off
    set enable_bitmapscan = off
    as $$
        with open_rounds as materialized (
            select r.id from rounds r where r.state = 'running' and is_admitted(r.id)
        ),
        given as materialized (
            select g.stream_id, max(g.watermark) as watermark
            from unnest(p_streams, p_watermarks) g (stream_id, watermark) group by g.stream_id
        ),
        candidates as materialized (
            select s.id, s.account, s.model, s.concurrency, s.priority, s.base,
                greatest(s.samples::bigint * s.epochs, 1) as planned, coalesce(g.watermark, s.base) as watermark
            from open_rounds r join streams s on s.round_id = r.id left join given g on g.stream_id = s.id
            where not s.paused and s.tags <@ p_tags
        ),
        busy as materialized (
            select m.account, m.model
            from (select distinct account, model, concurrency from candidates) m
            where room(m.account, m.model, m.concurrency, p_now) <= 0
        ),
        working as (
            select c.*, case when due.id is not null then 0 else (fresh.id - c.base)::float8 / c.planned end as progress
            from candidates c
            left join lateral (
                select j.id from jobs j
                where j.stream_id = c.id and j.lease_expires_at is null
                    and j.run_after is not null and j.run_after <= p_now
                order by j.run_after limit 1
            ) due on true
            left join lateral (
                select j.id from jobs j
                where j.stream_id = c.id and j.lease_expires_at is null and j.run_after is null
                    and j.id >= c.watermark
                order by j.id limit 1
            ) fresh on due.id is null
            where (due.id is not null or fresh.id is not null)
                and not exists (select from busy b where b.account = c.account and b.model = c.model)
        ),
        best as (
            select w.*, count(*) over (partition by w.priority) as equals
            from working w order by w.priority desc, w.progress, random() limit 64
        )
        select array_agg(
            row(id, account, model, concurrency, priority, watermark, (p_want + equals - 1) / equals)::claimable
            order by priority desc, progress, random())
        from best
    $$;

-- Claims up to p_want jobs under a lease. Answers fewer when there are fewer, when limits hold, or when a watermark
-- hides some: a claim without watermarks decides whether there is work.
create function parley.claim(
    p_worker bigint, p_want integer, p_lease_micros bigint, p_streams bigint[], p_watermarks bigint[])
    returns table (
        job_id bigint, round_id bigint, stream_id bigint, stage smallint, grader smallint, cell_no integer,
        suite_no integer, sample_no integer, epoch integer, attempt integer, fence bigint,
        lease_expires_at timestamptz, probe_job_id bigint)
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
    #variable_conflict use_column
    declare
        v_worker workers := require_worker(p_worker);
        v_now timestamptz := parley.now();
        v_left integer := p_want;
        v_choices claimable[];
        v_choice claimable;
        v_priority smallint;
        v_take integer;
        v_got integer;
    begin
        if p_want not between 1 and 10000 or p_lease_micros not between 1000000 and 86400000000 then
            raise exception 'a claim is for 1 to 10000 jobs and 1 second to 1 day, not % jobs and % us',
                p_want, p_lease_micros using errcode = 'invalid_parameter_value';
        end if;
        if v_worker.state = 'draining' then
            return;
        end if;
        -- A worker that was taken for gone and asks for work is not gone.
        if v_worker.last_seen_at < v_now - interval '10 seconds' or v_worker.state = 'gone' then
            update workers w set last_seen_at = v_now, state = 'active' where w.id = p_worker;
        end if;

        v_choices := claimable_streams(v_worker.tags, p_want, p_streams, p_watermarks, v_now);
        if v_choices is null then
            return;
        end if;

        -- One claimer at a time for an account and model, until it has committed; in a fixed order, so that two
        -- claimers never wait for one another. What others claimed meanwhile is counted below.
        perform pg_advisory_xact_lock(k.key)
        from (
            select distinct hashtextextended(c.account || chr(31) || c.model, 6238) as key
            from unnest(v_choices) c order by 1
        ) k;
        v_now := parley.now();

        for v_priority in select distinct c.priority from unnest(v_choices) c order by 1 desc loop
            -- First everybody's share, then whatever is left.
            for v_pass in 1..2 loop
                foreach v_choice in array v_choices loop
                    continue when v_choice.priority <> v_priority;
                    v_take := least(
                        v_left, case v_pass when 1 then v_choice.share else v_left end,
                        room(v_choice.account, v_choice.model, v_choice.concurrency, v_now));
                    continue when v_take <= 0;
                    return query
                        select j.id, s.round_id, s.id, s.stage, s.grader, j.cell_no, s.suite_no, j.sample_no,
                            j.epoch, j.attempt, j.fence, j.lease_expires_at,
                            case when s.stage = 1 then j.id - s.base + s.probe_base end
                        from claim_from_stream(
                                p_worker, v_choice.stream_id, v_choice.watermark, v_take, v_now,
                                v_now + p_lease_micros * interval '1 microsecond') j
                            join streams s on s.id = v_choice.stream_id;
                    get diagnostics v_got = row_count;
                    v_left := v_left - v_got;
                    if v_left <= 0 then
                        return;
                    end if;
                end loop;
            end loop;
        end loop;
    end
    $$;

-- Extends the leases of jobs that are still this worker's, expired or not, and answers those that are not. Rows are
-- locked in the order of their ids, as everywhere, so that a heartbeat and a commit never wait for one another.
create function parley.heartbeat(p_worker bigint, p_jobs bigint[], p_fences bigint[], p_lease_micros bigint)
    returns table (lost_job_id bigint)
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    set jit = off
    set enable_hashjoin = off
    set enable_mergejoin = off
    set enable_seqscan = off
    as $$
    declare
        v_now timestamptz := parley.now();
        v_held bigint[];
    begin
        perform require_worker(p_worker);
        if p_lease_micros not between 1000000 and 86400000000 then
            raise exception 'a lease is 1 second to 1 day, not % us', p_lease_micros
                using errcode = 'invalid_parameter_value';
        end if;
        update workers w set last_seen_at = v_now where w.id = p_worker;
        with given as (
            select * from unnest(p_jobs, p_fences) g (job_id, fence) order by g.job_id
        ),
        extended as (
            update jobs j set lease_expires_at = v_now + p_lease_micros * interval '1 microsecond'
            from given g where j.id = g.job_id and j.fence = g.fence and j.worker_id = p_worker
            returning j.id
        )
        select array_agg(e.id) into v_held from extended e;
        return query
            select g.job_id from unnest(p_jobs) g (job_id) where g.job_id <> all (coalesce(v_held, '{}'));
    end
    $$;

grant execute on function
    parley.register_worker(text, text, integer, text, text[]),
    parley.retire_worker(bigint, text),
    parley.claim(bigint, integer, bigint, bigint[], bigint[]),
    parley.heartbeat(bigint, bigint[], bigint[], bigint)
    to parley_worker;

reset role;
