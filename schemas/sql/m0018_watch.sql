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

grant execute on function parley.last_minute(bigint) to parley_coordinator;
grant select on parley.vitals, parley.limit_looks to parley_coordinator;
grant execute on function
    parley.heartbeat(
        bigint, bigint[], bigint[], bigint[], integer, double precision, double precision, double precision,
        double precision, double precision, double precision, double precision, double precision)
    to parley_worker;
grant execute on function parley.look_at_limits() to parley_coordinator;

reset role;
