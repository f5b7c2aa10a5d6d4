-- What people do to rounds and workers while they run: pause, resume, cancel, drain, priorities, shares, caps. Each may
-- be repeated without harm, and each that changes something is an event.

set local role parley_owner;

create function parley.record_event(
    p_action text, p_round bigint, p_subject text, p_reason text, p_by text, p_changed bigint) returns void
    language sql
    set search_path = pg_catalog, parley, pg_temp
    as $$
        insert into events (action, round_id, subject, reason, actor, changed)
        select p_action, p_round, p_subject, coalesce(p_reason, ''), coalesce(p_by, ''), p_changed where p_changed > 0
    $$;

-- What a command is about, in words.
create function parley.part_of_round(p_party text, p_model text, p_suite text) returns text
    language sql immutable
    set search_path = pg_catalog, parley, pg_temp
    as $$
        select coalesce(nullif(concat_ws(', ', 'party ' || p_party, 'model ' || p_model, 'suite ' || p_suite), ''),
            'the round')
    $$;

-- The streams of a part of a round, where null stands for any; null where it has none.
create function parley.streams_of(p_round bigint, p_party text, p_model text, p_suite text) returns bigint[]
    language sql stable
    set search_path = pg_catalog, parley, pg_temp
    as $$
        select array_agg(s.id) from streams s
        where s.round_id = p_round and (p_party is null or s.party = p_party)
            and (p_model is null or s.model = p_model) and (p_suite is null or s.suite = p_suite)
    $$;

-- Takes jobs from their workers, who learn of it by their next heartbeat: of these streams, or all of one worker.
-- They go back unspent; what their attempts used counts as unknown until the worker says. Answers how many.
create function parley.take_back(p_streams bigint[], p_worker bigint, p_reason text) returns bigint
    language plpgsql
    set search_path = pg_catalog, parley, pg_temp
    set enable_seqscan = off
    as $$
    declare
        v_now timestamptz := parley.now();
        v record;
        v_job jobs;
        v_count bigint := 0;
    begin
        for v in
            select b.worker_id, array_agg(b.first order by b.first, n) as blocks,
                array_agg(b.first + n order by b.first, n) as jobs
            from blocks b cross join lateral generate_series(0, b.count - 1) n
            where b.open <> 0 and b.open >> n & 1 = 1
                and (b.worker_id = p_worker
                    or b.first in (
                        select x.first from streams s join blocks x
                            on x.first >= s.base and x.first < s.base + s.samples::bigint * s.epochs
                        where s.id = any (p_streams)))
            group by b.worker_id order by b.worker_id
        loop
            perform single_out(v.worker_id, v.blocks, v.jobs);
        end loop;
        for v_job in
            select j.* from jobs j
            where j.worker_id is not null and (j.worker_id = p_worker or j.stream_id = any (p_streams))
            order by j.id for update
        loop
            perform end_attempt(
                v_job, 'cancelled', p_reason, '', null, null, null, null, null, null, null, true, false, v_now);
            v_count := v_count + 1;
        end loop;
        if v_count > 0 then
            perform pg_notify('parley_jobs', 'recall');
        end if;
        return v_count;
    end
    $$;

-- Pauses, resumes, cancels or un-cancels a part of a round; null stands for any. With p_now what is in flight is taken
-- back, else it finishes. Resuming also closes the breakers of the accounts. Answers how many streams changed, and how
-- many jobs were taken back.
-- Says as well for how many accounts and models it ended a wait: a breaker's, or one that a provider asked for. That alone
-- is an event, too.
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

-- Sets the priority of a part of a round (higher goes first, grades stay ahead of probes) or its weight.
create function parley.arrange(
    p_action text, p_round bigint, p_party text, p_model text, p_suite text, p_value integer, p_reason text,
    p_by text)
    returns bigint
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
    declare
        v_all bigint[] := streams_of(p_round, p_party, p_model, p_suite);
        v_count bigint;
    begin
        if p_action = 'prioritise' then
            update streams s set priority = p_value * 20 + case s.stage when 1 then 10 else 0 end
            where s.id = any (v_all) and s.priority <> p_value * 20 + case s.stage when 1 then 10 else 0 end;
        elsif p_action = 'weigh' then
            update streams s set weight = p_value where s.id = any (v_all) and s.weight <> p_value;
        else
            raise exception 'what is arranged is prioritise or weigh, not %', p_action
                using errcode = 'invalid_parameter_value';
        end if;
        get diagnostics v_count = row_count;
        perform record_event(
            p_action, p_round, part_of_round(p_party, p_model, p_suite), concat_ws(': ', p_value, nullif(p_reason, '')),
            p_by, v_count);
        return v_count;
    end
    $$;

-- Lets a worker end: it claims no more, and with p_now what it holds is taken back. Answers how many jobs were, and
-- null where there is no such worker, or it has ended.
create function parley.drain(p_worker bigint, p_now boolean, p_by text) returns bigint
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
    declare
        v_state text;
        v_jobs bigint := 0;
    begin
        select w.state into v_state from workers w where w.id = p_worker for update;
        if v_state is null or v_state = 'gone' then
            return null;
        end if;
        update workers w set state = 'draining' where w.id = p_worker and w.state = 'active';
        if p_now then
            v_jobs := take_back('{}', p_worker, 'drained');
        end if;
        perform record_event(
            'drain', null, 'worker ' || p_worker, '', p_by, greatest(v_jobs, (v_state = 'active')::integer));
        return v_jobs;
    end
    $$;

-- Sets a budget's caps while its round runs; null leaves one as it is. Answers how many budgets changed.
create function parley.set_budget(
    p_round bigint, p_budget integer, p_tokens bigint, p_cost bigint, p_reason text, p_by text)
    returns bigint
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
    declare
        v_count bigint;
        v_scope text;
    begin
        update budgets b set tokens = coalesce(p_tokens, b.tokens), cost = coalesce(p_cost, b.cost)
        where b.round_id = p_round and b.budget_no = p_budget
            and (b.tokens is distinct from coalesce(p_tokens, b.tokens) or b.cost is distinct from coalesce(p_cost, b.cost))
        returning b.scope into v_scope;
        get diagnostics v_count = row_count;
        perform record_event(
            'budget', p_round, p_budget || ' for ' || v_scope,
            concat_ws(', ', p_tokens || ' tokens', 'money ' || trim_scale(p_cost / 1e9), p_reason), p_by, v_count);
        return v_count;
    end
    $$;

-- Takes back what is in flight under budgets that are to cancel it: those whose real use has reached a cap.
create function parley.enforce_budgets() returns bigint
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
    declare
        v record;
        v_jobs bigint := 0;
    begin
        for v in
            select b.id, b.scope, array_agg(m.stream_id) as streams
            from budgets b join rounds r on r.id = b.round_id and r.state = 'running'
                join budget_streams m on m.budget_id = b.id
            where b.cancels
            group by b.id
            having exists (
                select from (
                    select sum(s.tokens) as tokens, sum(s.cost) as cost
                    from parley.spent(array_agg(m.stream_id)) s
                ) used
                where used.tokens >= b.tokens or used.cost >= b.cost)
            order by b.id
        loop
            v_jobs := v_jobs + take_back(v.streams, null, 'the budget for ' || v.scope || ' is used up');
        end loop;
        return v_jobs;
    end
    $$;

grant execute on function
    parley.control(text, bigint, text, text, text, boolean, text, text),
    parley.arrange(text, bigint, text, text, text, integer, text, text),
    parley.drain(bigint, boolean, text),
    parley.set_budget(bigint, integer, bigint, bigint, text, text),
    parley.enforce_budgets()
    to parley_coordinator;

reset role;
