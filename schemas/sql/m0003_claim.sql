-- Workers: registration, allotments, claims, heartbeats.
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

create function parley.register_worker(
    p_name text, p_host text, p_pid integer, p_version text, p_tags text[], p_lease_micros bigint)
    returns bigint
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
    declare
        v_lease interval := p_lease_micros * interval '1 microsecond';
        v_now timestamptz := parley.now();
        v_id bigint;
    begin
        if p_lease_micros not between 1000000 and 86400000000 then
            raise exception 'a lease is 1 second to 1 day, not % us', p_lease_micros
                using errcode = 'invalid_parameter_value';
        end if;
        insert into workers (name, role_name, host, pid, version, tags, registered_at, lease, lease_expires_at)
        values (p_name, session_user, p_host, p_pid, p_version, p_tags, v_now, v_lease, v_now + v_lease)
        returning id into v_id;
        return v_id;
    end
    $$;

-- Gives back what a worker was granted.
create function parley.forget_worker(p_worker bigint) returns void
    language sql
    set search_path = pg_catalog, parley, pg_temp
    as $$
        delete from permits p where p.worker_id = p_worker;
        delete from reserves r where r.worker_id = p_worker;
        delete from loads l where l.worker_id = p_worker;
    $$;

-- active → draining → gone. The rescue also calls a silent worker gone; if it shows life again, it is active again.
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
        update workers w
        set state = p_state, lease_expires_at = case p_state when 'gone' then parley.now() else w.lease_expires_at end
        where w.id = p_worker and w.state <> 'gone' and w.state <> p_state;
        if p_state = 'gone' then
            perform forget_worker(p_worker);
        end if;
    end
    $$;

-- The first id of a stream that was never claimed; the stream's end when all were. One expression without settings of
-- its own, so that it becomes a part of the statement that calls it.
create function parley.stream_cursor(p_base bigint, p_end bigint) returns bigint
    language sql stable
    as $$
        select coalesce(
            (select b.first + b.count from parley.blocks b
             where b.first >= p_base and b.first < p_end order by b.first desc limit 1), p_base)
    $$;

-- What this worker may claim until it asks again: the streams that have work for it, how much of each others hold, its
-- permits, its part of requests and tokens, and its part of each budget. p_streams and p_held say what it holds,
-- p_free how many more it could take, p_running what it works on for each of p_accounts and p_models, which is less by
-- what only waits to be recorded, and the other arrays what became of its limits (see `share_limits`). A sign of life.
-- A worker that is to end gets one row that says so.
create function parley.allot(
    p_worker bigint, p_free integer, p_streams bigint[], p_held integer[], p_accounts text[], p_models text[],
    p_running integer[], p_used integer[], p_done integer[], p_clean integer[], p_requests bigint[], p_tokens bigint[],
    p_waits bigint[])
    returns table (
        draining boolean, stream_id bigint, round_id bigint, stage smallint, grader smallint, cell_no integer,
        suite_no integer, base bigint, probe_base bigint, samples integer, priority smallint, weight integer,
        account text, model text, party text, claimed bigint, others bigint, reserve_tokens bigint,
        reserve_cost bigint, granted integer, requests bigint, tokens bigint, budgets bigint[],
        budget_tokens bigint[], budget_cost bigint[])
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    set enable_seqscan = off
    set enable_bitmapscan = off
    set enable_hashjoin = on
    set enable_mergejoin = off
    as $$
    #variable_conflict use_column
    declare
        v_worker workers := require_worker(p_worker);
        v_now timestamptz := parley.now();
        v_free integer := greatest(least(p_free, 1000000), 0);
        v_streams bigint[];
        v_claimed bigint[];
        v_accounts text[];
        v_models text[];
        v_limits integer[];
        v_per_minute integer[];
        v_tokens_per_minute bigint[];
        v_running integer[];
        v_granted integer[];
        v_requests bigint[];
        v_tokens bigint[];
        v_budgets bigint[];
        v_budget_tokens bigint[];
        v_budget_costs bigint[];
    begin
        perform set_config('synchronous_commit', 'off', true);
        -- The row is read by all that the worker sends, so it is written seldom: an old snapshot keeps each version.
        if v_worker.lease_expires_at <= v_now + v_worker.lease * 0.9 or v_worker.state = 'gone' then
            update workers w
            set lease_expires_at = v_now + w.lease, state = case w.state when 'gone' then 'active' else w.state end
            where w.id = p_worker;
        end if;
        -- What it says to hold is lost when its lease ran out and the rescue took it back; the heartbeat tells which.
        insert into loads as l (worker_id, streams, jobs) values (p_worker, p_streams, p_held)
        on conflict on constraint loads_pkey do update set streams = excluded.streams, jobs = excluded.jobs
        where (l.streams, l.jobs) <> (excluded.streams, excluded.jobs);
        if v_worker.state = 'draining' then
            draining := true;
            return next;
            return;
        end if;

        with open_rounds as materialized (
            select r.id from rounds r where r.state = 'running' and r.presence = 'here' and is_admitted(r.id)
        ),
        candidates as materialized (
            select s.id, s.base, s.stage, s.base + s.samples::bigint * s.epochs as stop,
                case s.stage when 0 then stream_cursor(s.base, s.base + s.samples::bigint * s.epochs)
                    else s.base + s.samples::bigint * s.epochs end as next
            from open_rounds r join streams s on s.round_id = r.id
            where v_free > 0 and not s.paused and not s.cancelled and s.tags <@ v_worker.tags
        )
        select array_agg(c.id), array_agg(c.next - c.base) into v_streams, v_claimed
        from candidates c
        where c.next < c.stop
            or exists (
                select from jobs j where j.stream_id = c.id and j.worker_id is null and j.run_after <= v_now);

        -- An account's limit is the least of what its streams say.
        select array_agg(l.account), array_agg(l.model), array_agg(l.ceiling), array_agg(l.per_minute),
            array_agg(l.tokens_per_minute), array_agg(l.running)
        into v_accounts, v_models, v_limits, v_per_minute, v_tokens_per_minute, v_running
        from (
            select s.account, s.model, min(s.concurrency) as ceiling, min(s.requests_per_minute) as per_minute,
                min(s.tokens_per_minute) as tokens_per_minute, greatest(max(g.running), 0) as running
            from (
                    select * from unnest(v_streams) x (id) union select * from unnest(p_streams) x (id)
                ) m
                join streams s on s.id = m.id
                left join unnest(p_accounts, p_models, p_running) g (account, model, running)
                    on g.account = s.account and g.model = s.model
            group by s.account, s.model
        ) l;
        if v_accounts is null then
            delete from permits p where p.worker_id = p_worker;
            delete from reserves r where r.worker_id = p_worker;
            return;
        end if;
        select array_agg(g.account), array_agg(g.model), array_agg(g.granted), array_agg(g.requests),
            array_agg(g.tokens)
        into v_accounts, v_models, v_granted, v_requests, v_tokens
        from share_limits(
            p_worker, v_accounts, v_models, v_limits, v_per_minute, v_tokens_per_minute, v_running, v_free, p_accounts,
            p_models, p_used, p_done, p_clean, p_requests, p_tokens, p_waits, v_now) g;
        select array_agg(b.budget_id), array_agg(b.tokens), array_agg(b.cost)
        into v_budgets, v_budget_tokens, v_budget_costs
        from share_budgets(p_worker, v_streams, p_streams, p_held, v_free) b;

        return query
            -- By key first: before the first analyze the planner would go by account, through all that it ever had.
            with offered as materialized (
                select s.*, c.claimed from unnest(v_streams, v_claimed) c (id, claimed) join streams s on s.id = c.id
            ),
            elsewhere as materialized (
                select h.id, sum(h.held)::bigint as held
                from loads l join workers w on w.id = l.worker_id
                    cross join lateral unnest(l.streams, l.jobs) h (id, held)
                where w.id <> p_worker and w.state <> 'gone' and w.lease_expires_at > v_now
                group by h.id
            ),
            granted as materialized (
                select * from unnest(v_accounts, v_models, v_granted, v_requests, v_tokens)
                    g (account, model, granted, requests, tokens)
            ),
            capped as materialized (
                select m.stream_id, array_agg(g.id) as ids, array_agg(g.tokens) as tokens, array_agg(g.cost) as cost
                from unnest(v_budgets, v_budget_tokens, v_budget_costs) g (id, tokens, cost)
                    join budget_streams m on m.budget_id = g.id
                group by m.stream_id
            )
            select false, s.id, s.round_id, s.stage, s.grader, s.cell_no, s.suite_no, s.base, s.probe_base, s.samples,
                s.priority, s.weight, s.account, s.model, s.party, s.claimed, coalesce(e.held, 0), s.reserve_tokens,
                s.reserve_cost, g.granted, g.requests, g.tokens, b.ids, b.tokens, b.cost
            from offered s
                join granted g on g.account = s.account and g.model = s.model
                left join elsewhere e on e.id = s.id
                left join capped b on b.stream_id = s.id;
        -- A sum over many charges is a slow one: whoever comes by adds them up.
        if v_budgets is not null
            and (select count(*) from (
                    select from charges c where c.xid >= (select m.folded_below from spending_mark m) limit 20000
                ) x) = 20000
        then
            perform fold_charges();
        end if;
    end
    $$;

-- Claims up to p_wants jobs of each stream, those that came back and are due first, then fresh ones as blocks. A row
-- is a single job (jobs = 0) or a block of so many jobs from job_id on, each at fence and attempt 1. What was paused
-- or taken by others meanwhile gives less. A claim need not be durable: a server that forgets it has forgotten nothing
-- that was paid for by a commit, since a commit is flushed with all that went before it.
create function parley.claim(p_worker bigint, p_streams bigint[], p_wants integer[])
    returns table (stream_id bigint, job_id bigint, jobs smallint, fence bigint, attempt integer)
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    set enable_seqscan = off
    set enable_bitmapscan = off
    set enable_hashjoin = off
    set enable_mergejoin = off
    set plan_cache_mode = force_generic_plan
    as $$
    #variable_conflict use_column
    declare
        v_worker workers := require_worker(p_worker);
        v_now timestamptz := parley.now();
        v_round bigint;
        v_stream streams;
        v record;
        v_take integer;
        v_got integer;
        v_losses smallint;
        v_next bigint;
        v_stop bigint;
    begin
        if cardinality(p_streams) <> cardinality(p_wants) or cardinality(p_streams) > 10000
            or exists (select from unnest(p_wants) w where w is null or w not between 1 and 10000)
        then
            raise exception 'a claim names up to 10000 streams and wants 1 to 10000 jobs of each'
                using errcode = 'invalid_parameter_value';
        end if;
        if v_worker.state = 'draining' then
            return;
        end if;
        perform set_config('synchronous_commit', 'off', true);
        -- With an expired lease it may be rescued at any moment: the two take turns on the worker's row.
        if v_worker.lease_expires_at <= v_now + v_worker.lease / 4 or v_worker.state = 'gone' then
            update workers w set lease_expires_at = v_now + w.lease, state = 'active' where w.id = p_worker;
        end if;

        for v in select * from unnest(p_streams, p_wants) g (stream, wanted) order by 1 loop
            select s.* into v_stream
            from streams s join rounds r on r.id = s.round_id
            where s.id = v.stream and r.state = 'running' and r.presence = 'here' and not s.paused and not s.cancelled
                and s.tags <@ v_worker.tags;
            continue when not found;
            if v_round is distinct from v_stream.round_id then
                continue when not is_admitted(v_stream.round_id);
                v_round := v_stream.round_id;
            end if;
            v_take := v.wanted;
            v_got := 0;
            if exists (
                select from jobs w
                where w.stream_id = v_stream.id and w.worker_id is null and w.run_after <= v_now)
            then
                -- What was in flight when a worker died may be what it died of: such jobs are tried few at a time, and
                -- the more often that was, the fewer. So one that kills each worker is found alone before the others
                -- have spent their attempts beside it.
                v_losses := null;
                if not exists (select from jobs h where h.worker_id = p_worker and h.losses > 0) then
                    select w.losses into v_losses from jobs w
                    where w.stream_id = v_stream.id and w.worker_id is null and w.run_after <= v_now and w.losses > 0
                    order by w.run_after limit 1;
                end if;
                return query
                    with suspects as materialized (
                        select w.id from jobs w
                        where w.stream_id = v_stream.id and w.worker_id is null and w.run_after <= v_now
                            and w.losses > 0 and least(w.losses, 3) = least(v_losses, 3)
                        order by w.run_after
                        limit case v_losses when 1 then least(16, v_take) when 2 then least(4, v_take) else 1 end
                        for update skip locked
                    ),
                    others as materialized (
                        select w.id from jobs w
                        where w.stream_id = v_stream.id and w.worker_id is null and w.run_after <= v_now
                            and w.losses = 0
                        order by w.run_after limit v_take - (select count(*) from suspects) for update skip locked
                    ),
                    picked as (select id from suspects union all select id from others)
                    update jobs j
                    set fence = j.fence + 1, attempt = j.attempt + 1, worker_id = p_worker, run_after = null,
                        claimed_at = v_now, first_claimed_at = coalesce(j.first_claimed_at, v_now)
                    from picked where j.id = picked.id
                    returning j.stream_id, j.id, 0::smallint, j.fence, j.attempt;
                get diagnostics v_got = row_count;
            end if;
            v_take := v_take - v_got;
            continue when v_take <= 0 or v_stream.stage <> 0;
            -- One claimer a stream at a time, for as long as this claim takes, in the order of their ids.
            perform pg_advisory_xact_lock(6238::bigint << 48 | v_stream.id);
            v_stop := v_stream.base + v_stream.samples::bigint * v_stream.epochs;
            -- The cursor; `stream_cursor` without a call.
            v_next := coalesce(
                (select b.first + b.count from blocks b
                 where b.first >= v_stream.base and b.first < v_stop order by b.first desc limit 1), v_stream.base);
            v_take := least(v_take, v_stop - v_next);
            continue when v_take <= 0;
            return query
                insert into blocks (first, stream_id, count, worker_id, open, claimed_at)
                select v_next + g.n, v_stream.id, least(62, v_take - g.n)::smallint, p_worker,
                    (1::bigint << least(62, v_take - g.n)) - 1, v_now
                from generate_series(0, v_take - 1, 62) g (n)
                returning blocks.stream_id, blocks.first, blocks.count, 1::bigint, 1;
        end loop;
    end
    $$;

-- Takes jobs out of their block, each into a leased row of its own; those that are not open any more are left alone.
create function parley.single_out(p_worker bigint, p_blocks bigint[], p_jobs bigint[]) returns void
    language sql
    set search_path = pg_catalog, parley, pg_temp
    set enable_seqscan = off
    set enable_bitmapscan = off
    set enable_hashjoin = off
    set enable_mergejoin = off
    as $$
        with given as materialized (
            select distinct g.block, g.job_id, 1::bigint << (g.job_id - g.block)::integer as bit
            from unnest(p_blocks, p_jobs) g (block, job_id)
            where g.job_id - g.block between 0 and 61
        ),
        held as materialized (
            select b.first, b.stream_id, b.claimed_at, b.open & m.mask as got
            from (select g.block, bit_or(g.bit) as mask from given g group by g.block) m
                join blocks b on b.first = m.block
            where b.worker_id + 0 = p_worker
            order by b.first for update of b
        ),
        closed as (
            update blocks b set open = b.open & ~h.got from held h where b.first = h.first and h.got <> 0
        )
        insert into jobs (
            id, stream_id, cell_no, sample_no, epoch, attempt, fence, worker_id, claimed_at, first_claimed_at)
        select g.job_id, s.id, s.cell_no, ((g.job_id - s.base) % s.samples)::integer,
            ((g.job_id - s.base) / s.samples)::integer + 1, 1, 1, p_worker, h.claimed_at, h.claimed_at
        from given g join held h on h.first = g.block and h.got & g.bit <> 0 join streams s on s.id = h.stream_id
        order by g.job_id
    $$;

-- The open jobs of a worker's blocks that were claimed before p_before. Reads all blocks that the worker ever claimed
-- in rounds that are running.
create function parley.open_in_blocks(p_worker bigint, p_before timestamptz)
    returns table (block bigint, job_id bigint)
    language sql stable
    set search_path = pg_catalog, parley, pg_temp
    set enable_seqscan = off
    set enable_bitmapscan = off
    as $$
        select b.first, b.first + n
        from blocks b cross join lateral generate_series(0, b.count - 1) n
        where b.worker_id = p_worker and b.open <> 0 and b.claimed_at < p_before and b.open >> n & 1 = 1
    $$;

-- Extends the worker's lease. The worker names all that it holds, and is answered what is not its own any more. What
-- it has held for longer than a lease and does not name, it does not know of, since the answer to its claim was lost:
-- that goes back unspent. Rows are locked in the order of their ids, as everywhere.
create function parley.heartbeat(p_worker bigint, p_jobs bigint[], p_fences bigint[], p_blocks bigint[])
    returns table (lost_job_id bigint)
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    set enable_hashjoin = off
    set enable_mergejoin = off
    set enable_seqscan = off
    as $$
    #variable_conflict use_column
    declare
        v_worker workers := require_worker(p_worker);
        v_now timestamptz := parley.now();
        v_strays bigint[];
        v_stray_blocks bigint[];
    begin
        update workers w
        set lease_expires_at = v_now + w.lease, state = case w.state when 'gone' then 'active' else w.state end
        where w.id = p_worker;
        select array_agg(o.job_id), array_agg(o.block) into v_strays, v_stray_blocks
        from open_in_blocks(p_worker, v_now - v_worker.lease) o
        where o.job_id <> all (coalesce(p_jobs, '{}'));
        if v_strays is not null then
            perform single_out(p_worker, v_stray_blocks, v_strays);
        end if;
        with strays as materialized (
            select j.id from jobs j
            where j.worker_id = p_worker and j.claimed_at < v_now - v_worker.lease
                and j.id <> all (coalesce(p_jobs, '{}'))
            order by j.id for update
        )
        update jobs j set attempt = j.attempt - 1, worker_id = null, run_after = v_now
        from strays s where j.id = s.id;
        return query
            select g.job_id
            from unnest(p_jobs, p_fences, p_blocks) g (job_id, fence, block)
            where case when g.block is null then
                    not exists (
                        select from jobs j
                        where j.id = g.job_id and j.fence = g.fence and j.worker_id = p_worker)
                else not exists (
                    select from blocks b
                    where b.first = g.block and b.worker_id = p_worker
                        and g.job_id - g.block between 0 and b.count - 1
                        and b.open >> (g.job_id - g.block)::integer & 1 = 1)
                end;
    end
    $$;

grant execute on function
    parley.register_worker(text, text, integer, text, text[], bigint),
    parley.retire_worker(bigint, text),
    parley.allot(bigint, integer, bigint[], integer[], text[], text[], integer[], integer[], integer[], integer[],
                 bigint[], bigint[], bigint[]),
    parley.claim(bigint, bigint[], integer[]),
    parley.heartbeat(bigint, bigint[], bigint[], bigint[])
    to parley_worker;
grant execute on function parley.stream_cursor(bigint, bigint) to parley_coordinator;

reset role;
