-- What operators watch: what each worker tells of itself, and the course of the limits. A resumption says whose waits
-- it ended. And what looks into a round's tables opens that round's alone.

set local role parley_owner;

-- What a worker told of itself with its last sign of life, of about the time of a lease. Goes with the worker. Apart
-- from workers, since every statement of a worker reads its row there.
create table parley.vitals (
    worker_id bigint primary key references parley.workers,
    -- The most jobs that it holds at a time.
    most_in_flight integer not null,
    -- Processors that it may use, and used on average.
    processors double precision not null,
    processors_used double precision not null,
    -- How long a task that was ready waited to be run, on average.
    loop_lag double precision not null,
    -- The seconds of which all this is told, and where the time of the attempts went that ended within them.
    over double precision not null,
    provider double precision not null,
    queue double precision not null,
    backoff double precision not null,
    local double precision not null
) with (fillfactor = 50);

create or replace function parley.forget_worker(p_worker bigint) returns void
    language sql
    set search_path = pg_catalog, parley, pg_temp
    as $$
        delete from permits p where p.worker_id = p_worker;
        delete from reserves r where r.worker_id = p_worker;
        delete from loads l where l.worker_id = p_worker;
        delete from vitals v where v.worker_id = p_worker;
    $$;

-- A heartbeat that tells of the worker; workers from before send the one without.
create function parley.heartbeat(
    p_worker bigint, p_jobs bigint[], p_fences bigint[], p_blocks bigint[], p_most_in_flight integer,
    p_processors double precision, p_processors_used double precision, p_loop_lag double precision,
    p_over double precision, p_provider double precision, p_queue double precision, p_backoff double precision,
    p_local double precision)
    returns table (lost_job_id bigint)
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
    begin
        return query select h.lost_job_id from heartbeat(p_worker, p_jobs, p_fences, p_blocks) h;
        insert into vitals values (
            p_worker, p_most_in_flight, p_processors, p_processors_used, p_loop_lag, p_over, p_provider, p_queue,
            p_backoff, p_local)
        on conflict (worker_id) do update
        set most_in_flight = excluded.most_in_flight, processors = excluded.processors,
            processors_used = excluded.processors_used, loop_lag = excluded.loop_lag, over = excluded.over,
            provider = excluded.provider, queue = excluded.queue, backoff = excluded.backoff, local = excluded.local;
    end
    $$;

-- How limits were: 720 looks of ten seconds and 672 of half an hour for each, so two hours and two weeks. A look is
-- written over the one that stood in its slot the last time round, so the table never grows beyond that.
create table parley.limit_looks (
    account text not null,
    model text not null,
    -- Seconds that a look stands for.
    step integer not null,
    slot integer not null,
    -- When they began.
    at timestamptz not null,
    -- The most that were in flight, and the least that was allowed.
    in_flight integer not null,
    allowed integer not null,
    primary key (account, model, step, slot),
    foreign key (account, model) references parley.limits on delete cascade
) with (fillfactor = 50);

-- Looks at the limits of running rounds; the leader does so every few seconds. What is allowed is the lowest of what was
-- planned and what was found out, and nothing while the account waits.
create function parley.look_at_limits() returns void
    language sql security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
        with live as materialized (
            select s.account, s.model, min(s.concurrency) as ceiling
            from rounds r join streams s on s.round_id = r.id
            where r.state = 'running' and not s.cancelled group by 1, 2
        ),
        looks as materialized (
            select l.account, l.model,
                case when l.resume_at > parley.now() then 0 else least(l.allowed, v.ceiling) end as allowed,
                coalesce((
                    select sum(p.used) from permits p join workers w on w.id = p.worker_id
                    where p.account = l.account and p.model = l.model and w.state <> 'gone'
                        and w.lease_expires_at > parley.now()), 0)::integer as in_flight
            from live v join limits l on l.account = v.account and l.model = v.model
        )
        insert into limit_looks as k (account, model, step, slot, at, in_flight, allowed)
        select l.account, l.model, s.step, s.turn % s.slots, to_timestamp(s.turn * s.step), l.in_flight, l.allowed
        from looks l cross join (
            select g.step, g.slots, floor(extract(epoch from parley.now()) / g.step)::bigint as turn
            from (values (10, 720), (1800, 672)) g (step, slots)
        ) s
        order by 1, 2, 3
        on conflict on constraint limit_looks_pkey do update
        set at = excluded.at,
            in_flight = case k.at when excluded.at then greatest(k.in_flight, excluded.in_flight)
                else excluded.in_flight end,
            allowed = case k.at when excluded.at then least(k.allowed, excluded.allowed) else excluded.allowed end
    $$;

-- As before, and says for how many accounts and models it ended a wait: a breaker's, or one that a provider asked for.
-- That alone is an event as well.
drop function parley.control(text, bigint, text, text, text, boolean, text, text);
create function parley.control(
    p_action text, p_round bigint, p_party text, p_model text, p_suite text, p_now boolean, p_reason text, p_by text,
    out streams bigint, out jobs bigint, out waits bigint)
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
    #variable_conflict use_column
    declare
        v_now timestamptz := parley.now();
        v_all bigint[] := streams_of(p_round, p_party, p_model, p_suite);
        v_waited text[];
    begin
        if v_all is null then
            raise exception 'round % has nothing for %', p_round, part_of_round(p_party, p_model, p_suite)
                using errcode = 'no_data_found';
        end if;
        jobs := 0;
        if p_action = 'pause' then
            update parley.streams s set paused = true, pause_reason = left(p_reason, 500), paused_at = v_now
            where s.id = any (v_all) and not s.paused;
        elsif p_action = 'resume' then
            update parley.streams s set paused = false, pause_reason = null, paused_at = null
            where s.id = any (v_all) and s.paused;
        elsif p_action in ('cancel', 'uncancel') then
            update parley.streams s set cancelled = p_action = 'cancel'
            where s.id = any (v_all) and s.cancelled <> (p_action = 'cancel');
        else
            raise exception 'what is done to a round is pause, resume, cancel or uncancel, not %', p_action
                using errcode = 'invalid_parameter_value';
        end if;
        get diagnostics streams = row_count;
        if p_action = 'resume' then
            with ended as (
                update limits l set resume_at = '-infinity', strikes = 0, openings = 0
                where (l.account, l.model) in (select s.account, s.model from parley.streams s where s.id = any (v_all))
                    and (l.resume_at > v_now or l.openings > 0)
                returning l.account || '/' || l.model as name
            )
            select array_agg(e.name order by e.name) into v_waited from ended e;
        end if;
        waits := coalesce(cardinality(v_waited), 0);
        if p_action = 'uncancel' and streams > 0 then
            update rounds r set state = 'running', finished_at = null where r.id = p_round and r.state = 'exchange';
        end if;
        if p_now and p_action in ('pause', 'cancel') then
            jobs := take_back(v_all, null, p_action || ': ' || p_reason);
        end if;
        perform record_event(
            p_action, p_round,
            left(part_of_round(p_party, p_model, p_suite)
                || coalesce(', wait of ' || array_to_string(v_waited, ', '), ''), 500),
            p_reason, p_by, greatest(streams, jobs, waits));
    end
    $$;

-- A partition alone is opened and locked where the round is a constant when the statement is planned: hence functions
-- that are planned for each call. A number that comes with each row, or a plan that is kept for any number, opens
-- all partitions. Record: ParleyQueue, RoundsComeAndGo.

-- Whether one of a range of jobs has an outcome.
create function parley.has_outcome(p_round bigint, p_first bigint, p_stop bigint) returns boolean
    language plpgsql stable
    set search_path = pg_catalog, parley, pg_temp
    set plan_cache_mode = force_custom_plan
    as $$
    begin
        return exists (
            select from outcomes o where o.round_id = p_round and o.job_id >= p_first and o.job_id < p_stop);
    end
    $$;

-- Whether a worker committed a job under this claim.
create function parley.was_committed(p_worker bigint, p_job bigint, p_fence bigint) returns boolean
    language plpgsql stable
    set search_path = pg_catalog, parley, pg_temp
    set plan_cache_mode = force_custom_plan
    as $$
    begin
        return exists (
            select from outcomes o
            where o.round_id = p_job >> 36 and o.job_id = p_job and o.fence = p_fence and o.worker_id = p_worker);
    end
    $$;

-- By stream, what ended in the last minute and what it used, and what failed and was turned away.
create function parley.last_minute(p_round bigint)
    returns table (stream_id bigint, ended bigint, tokens bigint, failed bigint, turned_away bigint)
    language plpgsql stable
    set search_path = pg_catalog, parley, pg_temp
    set plan_cache_mode = force_custom_plan
    as $$
    #variable_conflict use_column
    declare
        v_since timestamptz := parley.now() - interval '1 minute';
    begin
        return query
            select s.id, o.ended, o.tokens, a.failed, a.turned_away
            from streams s
                cross join lateral (
                    select count(*) as ended,
                        sum(o.input_tokens + o.output_tokens + o.cache_read_tokens + o.cache_write_tokens)::bigint
                            as tokens
                    from outcomes o
                    where o.round_id = p_round and o.job_id >= s.base
                        and o.job_id < s.base + s.samples::bigint * s.epochs and o.completed_at > v_since
                ) o
                cross join lateral (
                    select count(*) as failed,
                        count(*) filter (where a.class in ('rate_limited', 'overloaded')) as turned_away
                    from attempts a
                    where a.round_id = p_round and a.job_id >= s.base
                        and a.job_id < s.base + s.samples::bigint * s.epochs and a.ended_at > v_since
                        and not a.rescued
                ) a
            where s.round_id = p_round;
    end
    $$;

-- The last look of a commit of which something was lost.
do $patch$
declare
    v_old constant text := $$case when o.job_id is not null then 1 else 2 end::smallint
            from unnest(p_jobs, p_fences) g (id, fence)
                left join outcomes o on o.round_id = g.id >> 36 and o.job_id = g.id
                    and o.fence = g.fence and o.worker_id = p_worker$$;
    v_new constant text := $$case when was_committed(p_worker, g.id, g.fence) then 1 else 2 end::smallint
            from unnest(p_jobs, p_fences) g (id, fence)$$;
    v_commit text := pg_get_functiondef('parley.commit'::regproc);
begin
    if strpos(v_commit, v_old) = 0 then
        raise exception 'parley.commit is not as it was';
    end if;
    execute replace(v_commit, v_old, v_new);
end
$patch$;
alter function parley.worker_probe_transcript(bigint, bigint, bigint) set plan_cache_mode = force_custom_plan;

create or replace function parley.correct(
    p_worker bigint, p_job bigint, p_fence bigint, p_input bigint, p_output bigint, p_cache_read bigint,
    p_cache_write bigint, p_reasoning bigint, p_cost bigint)
    returns void
    language plpgsql
    set search_path = pg_catalog, parley, pg_temp
    set enable_seqscan = off
    set plan_cache_mode = force_custom_plan
    as $$
    begin
        update attempts a
        set input_tokens = p_input, output_tokens = p_output, cache_read_tokens = coalesce(p_cache_read, 0),
            cache_write_tokens = coalesce(p_cache_write, 0), reasoning_tokens = coalesce(p_reasoning, 0),
            cost = coalesce(p_cost, 0)
        where a.round_id = p_job >> 36 and a.job_id = p_job and a.fence = p_fence and a.worker_id = p_worker
            and a.rescued and a.input_tokens is null and p_input is not null;
        if found then
            insert into charges (stream_id, tokens, cost, unknown)
            select s.id,
                p_input + p_output + coalesce(p_cache_read, 0) + coalesce(p_cache_write, 0) - s.reserve_tokens,
                coalesce(p_cost, 0) - s.reserve_cost, -1
            from streams s
            where s.round_id = p_job >> 36 and p_job >= s.base and p_job < s.base + s.samples::bigint * s.epochs;
        end if;
    end
    $$;

create or replace function parley.settle_checkpoints() returns bigint
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    set enable_seqscan = off
    set plan_cache_mode = force_custom_plan
    as $$
    declare
        v_round bigint;
        v_settled bigint;
        v_count bigint := 0;
    begin
        for v_round in select distinct c.round_id from checkpoints c loop
            with done as (
                delete from checkpoints c using outcomes o
                where c.round_id = v_round and o.round_id = v_round and o.job_id = c.job_id
                returning c.job_id, c.tokens, c.cost
            ),
            back as (
                insert into charges (stream_id, tokens, cost)
                select s.id, -d.tokens, -d.cost
                from done d join streams s
                    on s.round_id = v_round and d.job_id >= s.base
                        and d.job_id < s.base + s.samples::bigint * s.epochs
            )
            select count(*) into v_settled from done;
            v_count := v_count + v_settled;
        end loop;
        return v_count;
    end
    $$;

-- As before, and looks for nothing more where all samples are said to have been seen.
create or replace function parley.record_exposures() returns bigint
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

grant execute on function
    parley.control(text, bigint, text, text, text, boolean, text, text), parley.last_minute(bigint)
    to parley_coordinator;
grant select on parley.vitals, parley.limit_looks to parley_coordinator;
grant execute on function
    parley.heartbeat(
        bigint, bigint[], bigint[], bigint[], integer, double precision, double precision, double precision,
        double precision, double precision, double precision, double precision, double precision)
    to parley_worker;
grant execute on function parley.look_at_limits() to parley_coordinator;

reset role;
