-- Limits of accounts and budgets of rounds: how they are shared out, learned and settled. Workers ask once a second;
-- nothing here is touched for a job.

set local role parley_owner;

-- What this worker may have in flight, and begin until it asks again, of each account and model that it may work for
-- or holds jobs of (p_accounts and the arrays beside it; p_running is what it has in flight now). The p_said_… arrays
-- are what it tells of the time since it last asked: the most in flight, successes, successes at the first try, what is
-- left of the requests and tokens that it was given (tokens settled by real use, so it may be below zero), and how
-- long, in microseconds, its provider's headers ask to wait.
--
-- A limit is shared max-min fairly by what each living worker could use; nobody loses what it has in flight, and all
-- grants together never exceed the limit but for what was granted when the limit fell. Buckets hold ten seconds' worth.
create function parley.share_limits(
    p_worker bigint, p_accounts text[], p_models text[], p_ceilings integer[], p_per_minute integer[],
    p_tokens_per_minute bigint[], p_running integer[], p_free integer, p_said_accounts text[], p_said_models text[],
    p_said_used integer[], p_said_done integer[], p_said_clean integer[], p_said_requests bigint[],
    p_said_tokens bigint[], p_said_waits bigint[], p_now timestamptz)
    returns table (account text, model text, granted integer, requests bigint, tokens bigint)
    language plpgsql
    set search_path = pg_catalog, parley, pg_temp
    as $$
    #variable_conflict use_column
    declare
        v_settings settings;
        v record;
        v_old limits;
        v_new limits;
        v_others integer;
        v_others_used integer;
        v_wants integer[];
        v_want bigint;
        v_left bigint;
        v_sharers bigint;
        v_busy bigint;
        v_level bigint;
        v_wanted integer;
        v_granted integer;
        v_ceiling integer;
        v_capacity double precision;
        v_requests bigint;
        v_tokens bigint;
    begin
        select * into strict v_settings from settings;
        -- One sharer at a time, in a fixed order, so that two never wait for one another.
        perform from limits l
        where (l.account, l.model) in (select * from unnest(p_accounts, p_models))
        order by l.account, l.model for update;
        for v in
            select g.*, coalesce(r.used, 0) as used, coalesce(r.done, 0) as done, coalesce(r.clean, 0) as clean,
                coalesce(r.requests, 0) as requests, coalesce(r.tokens, 0) as tokens, coalesce(r.wait, 0) as wait
            from unnest(p_accounts, p_models, p_ceilings, p_per_minute, p_tokens_per_minute, p_running)
                    g (account, model, ceiling, per_minute, tokens_per_minute, running)
                left join unnest(p_said_accounts, p_said_models, p_said_used, p_said_done, p_said_clean,
                        p_said_requests, p_said_tokens, p_said_waits)
                    r (account, model, used, done, clean, requests, tokens, wait)
                    on r.account = g.account and r.model = g.model
            order by 1, 2
        loop
            select * into strict v_old from limits l where l.account = v.account and l.model = v.model;
            v_new := v_old;
            v_wanted := v.running + p_free;
            select coalesce(sum(p.granted), 0), coalesce(sum(p.used), 0), array_agg(p.wanted),
                count(*) filter (where p.wanted > 0)
            into v_others, v_others_used, v_wants, v_busy
            from permits p join workers w on w.id = p.worker_id
            where p.account = v.account and p.model = v.model and p.worker_id <> p_worker
                and w.state <> 'gone' and w.lease_expires_at > p_now;

            if v.done > 0 then
                v_new.strikes := 0;
                v_new.openings := 0;
            end if;
            -- Grows by what went well at the first try, while it is used; what went well after a retry says nothing, but
            -- that a provider that failed is back.
            if v_old.growing and v_old.allowed < 32 then
                v.clean := v.done;
            end if;
            if v.clean > 0 and v_old.allowed < v.ceiling and p_now >= v_old.calm_at then
                v_new.clean := v_old.clean + v.clean;
                if (v_others_used + v.used)::bigint * 5 >= v_old.allowed::bigint * 4
                    and v_new.clean >= (case when v_old.growing then v_old.allowed / 2 else v_old.allowed end)
                then
                    v_new.allowed := least(
                        v.ceiling, v_old.allowed::bigint
                            + case when v_old.growing then v_old.allowed else greatest(1, v_old.allowed / 16) end);
                    v_new.clean := 0;
                end if;
            end if;
            if v.wait > 0 then
                v_new.resume_at := greatest(
                    v_old.resume_at, p_now + least(v.wait * interval '1 microsecond', v_settings.longest_calm));
            end if;

            v_requests := null;
            v_tokens := null;
            if v.per_minute is not null then
                v_capacity := greatest(1, v.per_minute / 6.0);
                v_new.requests_left := least(v_capacity, coalesce(v_old.requests_left, v_capacity) + v.requests
                    + v.per_minute / 60.0 * extract(epoch from p_now - coalesce(v_old.filled_at, p_now)));
                v_requests := greatest(0, case when v_new.requests_left < v_busy + 1 then floor(v_new.requests_left)
                    else floor(v_new.requests_left / (v_busy + 1)) end);
                v_new.requests_left := v_new.requests_left - v_requests;
                v_new.filled_at := p_now;
            end if;
            if v.tokens_per_minute is not null then
                v_capacity := greatest(1, v.tokens_per_minute / 6.0);
                v_new.tokens_left := least(v_capacity, coalesce(v_old.tokens_left, v_capacity) + v.tokens
                    + v.tokens_per_minute / 60.0 * extract(epoch from p_now - coalesce(v_old.filled_at, p_now)));
                v_tokens := greatest(0, floor(v_new.tokens_left / (v_busy + 1)));
                v_new.tokens_left := v_new.tokens_left - v_tokens;
                v_new.filled_at := p_now;
            end if;
            if v_new is distinct from v_old then
                update limits l
                set allowed = v_new.allowed, clean = v_new.clean, strikes = v_new.strikes,
                    openings = v_new.openings, resume_at = v_new.resume_at, requests_left = v_new.requests_left,
                    tokens_left = v_new.tokens_left, filled_at = v_new.filled_at
                where l.account = v.account and l.model = v.model;
            end if;

            v_ceiling := case when v_new.resume_at > p_now then 0 else least(v.ceiling, v_new.allowed) end;
            -- The level of the water: who wants less than an equal share gets that and leaves the rest to the others.
            v_left := v_ceiling;
            v_sharers := 1 + coalesce(cardinality(v_wants), 0);
            for v_want in select x from unnest(v_wants || v_wanted) x order by x loop
                exit when v_want * v_sharers > v_left;
                v_left := v_left - v_want;
                v_sharers := v_sharers - 1;
                exit when v_sharers = 0;
            end loop;
            v_level := case when v_sharers = 0 then v_wanted else (v_left + v_sharers - 1) / v_sharers end;
            v_granted := greatest(v.running, least(v_wanted, v_level, v_ceiling - v_others), 0);
            insert into permits as p (account, model, worker_id, granted, wanted, used)
            values (v.account, v.model, p_worker, v_granted, v_wanted, v.used)
            on conflict on constraint permits_pkey
                do update set granted = excluded.granted, wanted = excluded.wanted, used = excluded.used
            where (p.granted, p.wanted, p.used) <> (excluded.granted, excluded.wanted, excluded.used);
            return query select v.account, v.model, v_granted, v_requests, v_tokens;
        end loop;
        delete from permits p
        where p.worker_id = p_worker
            and (p.account, p.model) not in (select * from unnest(p_accounts, p_models));
    end
    $$;

-- Takes note of failures that speak of the provider: p_limited 429s and overloads, p_failed others, and the longest
-- wait that was asked for. Answers whether the breaker is open or one job tries: then it is the provider that fails,
-- not the job.
create function parley.strain(
    p_account text, p_model text, p_limited integer, p_failed integer, p_wait interval, p_now timestamptz)
    returns boolean
    language plpgsql
    set search_path = pg_catalog, parley, pg_temp
    as $$
    #variable_conflict use_column
    declare
        v_settings settings;
        v limits;
        v_used bigint;
        v_wait interval;
    begin
        select * into strict v_settings from settings;
        v_wait := least(coalesce(p_wait, interval '0'), v_settings.longest_calm);
        select * into v from limits l where l.account = p_account and l.model = p_model for update;
        if not found then
            return false;
        end if;
        select coalesce(sum(p.used), 0) into v_used from permits p join workers w on w.id = p.worker_id
        where p.account = p_account and p.model = p_model and w.lease_expires_at > p_now;
        if p_limited > 0 then
            if p_now >= v.calm_at then
                -- Half of what was in use: a limit that nobody used says nothing of what the provider takes. Counted,
                -- since workers tell of it once a second only.
                v_used := greatest(v_used, (
                    select coalesce(sum(bit_count(b.open::bit(64))), 0)
                        + (select count(*) from jobs j join streams s on s.id = j.stream_id
                           where j.worker_id is not null and s.account = p_account and s.model = p_model)
                    from workers w join blocks b on b.worker_id = w.id and b.open <> 0
                        join streams s on s.id = b.stream_id and s.account = p_account and s.model = p_model
                    where w.lease_expires_at > p_now));
                v.allowed := greatest(1, least(v.allowed, v_used) / 2);
                v.growing := false;
                v.clean := 0;
                v.episode_at := p_now;
                v.calm_at := p_now + greatest(v_settings.calm, v_wait);
            else
                v.calm_at := greatest(v.calm_at, v.episode_at + v_wait);
            end if;
        end if;
        v.strikes := least(v.strikes + p_limited + p_failed, 1000000);
        if v.strikes >= greatest(v_settings.strikes, 2 * v_used) then
            v.openings := least(v.openings + 1, 1000000);
            v.resume_at := greatest(v.resume_at, p_now + greatest(
                least(interval '1 second' * (2.0 ^ least(v.openings - 1, 30)), v_settings.longest_pause), v_wait));
            -- One try closes it or opens it again; when it closes, the limit is found anew.
            v.strikes := greatest(v_settings.strikes, 2) - 1;
            v.allowed := 1;
            v.growing := true;
            v.clean := 0;
            if v.openings = 1 then
                insert into events (action, subject, reason, changed)
                values ('trip', p_account || '/' || p_model,
                    format('%s failures in a row without a success', v_settings.strikes), 1);
            end if;
        end if;
        update limits l
        set allowed = v.allowed, growing = v.growing, clean = v.clean, episode_at = v.episode_at, calm_at = v.calm_at,
            resume_at = v.resume_at, strikes = v.strikes, openings = v.openings
        where l.account = p_account and l.model = p_model;
        return v.openings > 0;
    end
    $$;

-- What each of these streams used, billed or reserved as unknown, as of now.
create function parley.spent(p_streams bigint[])
    returns table (stream_id bigint, tokens bigint, cost bigint, unknown bigint)
    language sql stable
    set search_path = pg_catalog, parley, pg_temp
    set enable_seqscan = off
    set enable_hashjoin = on
    as $$
        select x.stream_id, sum(x.tokens)::bigint, sum(x.cost)::bigint, sum(x.unknown)::bigint
        from (
            select s.stream_id, s.tokens, s.cost, s.unknown from spending s where s.stream_id = any (p_streams)
            union all
            -- By hash: a search of the array for each of many charges would be slow.
            select c.stream_id, c.tokens, c.cost, c.unknown
            from charges c join (select distinct u from unnest(p_streams) u) s on s.u = c.stream_id
            where c.xid >= (select m.folded_below from spending_mark m)
        ) x
        group by x.stream_id
    $$;

-- Adds charges to spending: those of transactions that are over. Answers how many rows.
create function parley.fold_charges() returns bigint
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    set enable_seqscan = off
    as $$
    declare
        v_below xid8 := pg_snapshot_xmin(pg_current_snapshot());
        v_from xid8;
        v_count bigint;
    begin
        if not pg_try_advisory_xact_lock(6238::bigint << 48) then
            return 0;
        end if;
        select m.folded_below into strict v_from from spending_mark m for update;
        with folded as (
            delete from charges c where c.xid >= v_from and c.xid < v_below returning c.*
        ),
        added as (
            insert into spending as s (stream_id, tokens, cost, unknown)
            select f.stream_id, sum(f.tokens), sum(f.cost), sum(f.unknown) from folded f group by f.stream_id
            order by f.stream_id
            on conflict on constraint spending_pkey do update
            set tokens = s.tokens + excluded.tokens, cost = s.cost + excluded.cost,
                unknown = s.unknown + excluded.unknown
        )
        select count(*) into v_count from folded;
        if v_count > 0 then
            update spending_mark m set folded_below = v_below;
        end if;
        return v_count;
    end
    $$;

-- How much of each budget of these streams this worker may use until it asks again, what it has in flight included:
-- what was used, and all that workers were given, together stay below the cap. A worker gets half of an equal share of
-- what is left, so that none holds back much while others want it, and near the cap whole jobs, first come first. What
-- is too little for a job is given to nobody: in small parts of many workers the last of a budget could never be used.
create function parley.share_budgets(
    p_worker bigint, p_streams bigint[], p_held_streams bigint[], p_held integer[], p_free integer)
    returns table (budget_id bigint, tokens bigint, cost bigint)
    language plpgsql
    set search_path = pg_catalog, parley, pg_temp
    set enable_hashjoin = on
    as $$
    #variable_conflict use_column
    declare
        v_budgets bigint[];
    begin
        select array_agg(distinct m.budget_id) into v_budgets
        from budget_streams m where m.stream_id = any (p_streams || p_held_streams);
        if v_budgets is null then
            delete from reserves r where r.worker_id = p_worker;
            return;
        end if;
        perform from budgets b where b.id = any (v_budgets) order by b.id for update;
        delete from reserves r where r.worker_id = p_worker and r.budget_id <> all (v_budgets);
        return query
            with members as materialized (
                select m.budget_id, m.stream_id from budget_streams m where m.budget_id = any (v_budgets)
            ),
            used as materialized (
                select m.budget_id, sum(s.tokens) as tokens, sum(s.cost) as cost
                from spent((select array_agg(distinct x.stream_id) from members x)) s
                    join members m on m.stream_id = s.stream_id
                group by m.budget_id
            ),
            others as materialized (
                select r.budget_id, sum(r.tokens) as tokens, sum(r.cost) as cost, count(*) as workers
                from reserves r where r.budget_id = any (v_budgets) and r.worker_id <> p_worker group by r.budget_id
            ),
            own as materialized (
                select m.budget_id, sum(h.held * s.reserve_tokens) as tokens, sum(h.held * s.reserve_cost) as cost
                from unnest(p_held_streams, p_held) h (stream_id, held)
                    join streams s on s.id = h.stream_id join members m on m.stream_id = h.stream_id
                group by m.budget_id
            ),
            job as materialized (
                select m.budget_id, max(s.reserve_tokens) as tokens, max(s.reserve_cost) as cost,
                    min(nullif(s.reserve_tokens, 0)) as least_tokens, min(nullif(s.reserve_cost, 0)) as least_cost
                from streams s join members m on m.stream_id = s.id where s.id = any (p_streams) group by m.budget_id
            ),
            room as materialized (
                select b.id, coalesce(o.tokens, 0) as own_tokens, coalesce(o.cost, 0) as own_cost,
                    greatest(0, b.tokens - coalesce(u.tokens, 0) - coalesce(t.tokens, 0) - coalesce(o.tokens, 0))
                        as tokens,
                    greatest(0, b.cost - coalesce(u.cost, 0) - coalesce(t.cost, 0) - coalesce(o.cost, 0)) as cost,
                    2 * (coalesce(t.workers, 0) + 1) as parts, 8 * coalesce(j.tokens, 0) as jobs_tokens,
                    8 * coalesce(j.cost, 0) as jobs_cost, coalesce(j.least_tokens, 0) as least_tokens,
                    coalesce(j.least_cost, 0) as least_cost, b.tokens is not null as caps_tokens,
                    b.cost is not null as caps_cost
                from budgets b left join used u on u.budget_id = b.id left join others t on t.budget_id = b.id
                    left join own o on o.budget_id = b.id left join job j on j.budget_id = b.id
                where b.id = any (v_budgets)
            ),
            part as materialized (
                select r.*, greatest(div(r.tokens, r.parts), least(r.tokens, r.jobs_tokens)) as part_tokens,
                    greatest(div(r.cost, r.parts), least(r.cost, r.jobs_cost)) as part_cost
                from room r
            ),
            fair as materialized (
                select p.id, p.own_tokens, p.own_cost, p.least_tokens, p.least_cost,
                    case when p.caps_tokens then (p.own_tokens + case when x.fits then p.part_tokens else 0 end)::bigint
                        end as tokens,
                    case when p.caps_cost then (p.own_cost + case when x.fits then p.part_cost else 0 end)::bigint
                        end as cost
                from part p
                    cross join lateral (
                        select p_free > 0 and not (p.caps_tokens and p.part_tokens < p.least_tokens)
                            and not (p.caps_cost and p.part_cost < p.least_cost) as fits
                    ) x
            ),
            -- What was given before stays while it is at most the new part, and what is free of it enough for a job and
            -- at least half of what would be: a row that is not written leaves nothing behind for an old snapshot to
            -- keep.
            shares as materialized (
                select f.id,
                    case when r.tokens between greatest(
                            f.tokens - (f.tokens - f.own_tokens) / 2, f.own_tokens + f.least_tokens) and f.tokens
                        then r.tokens else f.tokens end as tokens,
                    case when r.cost between greatest(
                            f.cost - (f.cost - f.own_cost) / 2, f.own_cost + f.least_cost) and f.cost
                        then r.cost else f.cost end as cost
                from fair f left join reserves r on r.budget_id = f.id and r.worker_id = p_worker
            ),
            kept as (
                insert into reserves as r (budget_id, worker_id, tokens, cost)
                select x.id, p_worker, coalesce(x.tokens, 0), coalesce(x.cost, 0) from shares x order by x.id
                on conflict on constraint reserves_pkey do update set tokens = excluded.tokens, cost = excluded.cost
                where (r.tokens, r.cost) <> (excluded.tokens, excluded.cost)
            )
            select x.id, x.tokens, x.cost from shares x;
    end
    $$;

grant execute on function parley.fold_charges(), parley.spent(bigint[]) to parley_coordinator;

reset role;
