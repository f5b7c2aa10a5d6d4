-- Pools of workers, what workers understand, and what people tell them while they run.
--
-- One thing routes jobs: a stream asks for tags, and only a worker that has them all is given its jobs. What a round
-- file requires is a tag; that a suite runs programs (`external`) or is held out (`sealed:…`) is one, and so is the form
-- of the round's definition (`definition:N`), so that workers of several versions stand side by side. Every stream asks
-- for a tag, so a worker that counts as having none is given nothing: that is a pause.

set local role parley_owner;

create table parley.pools (
    name text primary key check (name ~ '^[a-z0-9][a-z0-9._-]{0,63}$'),
    -- The most jobs in flight of each of its workers; null leaves it to them.
    concurrency integer check (concurrency between 1 and 100000),
    -- active ⇄ paused, and from both to draining (its workers end, and so do new ones, until it is resumed) or retired
    -- (new ones are refused as well).
    state text not null default 'active' check (state in ('active', 'paused', 'draining', 'retired'))
);
insert into parley.pools (name) values ('default');

alter table parley.workers
    add column pool text not null default 'default' references parley.pools,
    -- Set for it alone, before its pool's; null where nothing was.
    add column concurrency integer check (concurrency between 1 and 100000),
    add column paused boolean not null default false,
    -- Its pool's pause, kept here so that what a worker sends reads one row.
    add column pool_paused boolean not null default false,
    -- It takes nothing more, whatever it says, and is listed no longer.
    add column retired_at timestamptz;
create index workers_by_pool on parley.workers (pool) where state <> 'gone';

-- Actions are words now, and no list.
alter table parley.events drop constraint events_action_check;
alter table parley.events add constraint events_action_check check (action ~ '^[a-z]+( [a-z]+)*$');

-- Workers and streams from before all speak the first form.
update parley.workers set tags = tags || 'definition:1'::text where state <> 'gone';
update parley.streams set tags = tags || 'definition:1'::text;
alter table parley.streams add constraint streams_ask_for_a_tag check (cardinality(tags) > 0);

-- A stream that comes without tags is a later grader's: it asks for what its cell's probes ask for by their round and
-- suite. One that an earlier version submits is of the first form.
create function parley.tag_stream() returns trigger
    language plpgsql
    set search_path = pg_catalog, parley, pg_temp
    as $$
    begin
        select coalesce(array_agg(t), '{definition:1}') into new.tags
        from streams s cross join unnest(s.tags) t
        where s.round_id = new.round_id and s.cell_no = new.cell_no and s.stage = 0
            and (t like 'definition:%' or t like 'sealed:%');
        return new;
    end
    $$;
create trigger tag_stream before insert on parley.streams
    for each row when (new.tags = '{}') execute function parley.tag_stream();

create or replace function parley.require_worker(p_worker bigint) returns parley.workers
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
        if v_worker.paused or v_worker.pool_paused then
            v_worker.tags := '{}';
        end if;
        if v_worker.retired_at is not null then
            v_worker.state := 'draining';
        end if;
        return v_worker;
    end
    $$;

-- Registers a worker in a pool, which is made where there is none of the name. p_definitions are the forms of
-- definitions that it understands: of others it is given no job.
create function parley.register_worker(
    p_name text, p_host text, p_pid integer, p_version text, p_tags text[], p_lease_micros bigint, p_pool text,
    p_definitions integer[])
    returns bigint
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
    declare
        v_lease interval := p_lease_micros * interval '1 microsecond';
        v_now timestamptz := parley.now();
        v_pool pools;
        v_id bigint;
    begin
        if p_lease_micros not between 1000000 and 86400000000 then
            raise exception 'a lease is 1 second to 1 day, not % us', p_lease_micros
                using errcode = 'invalid_parameter_value';
        end if;
        insert into pools (name) values (p_pool) on conflict do nothing;
        -- Not while somebody changes the pool.
        select * into strict v_pool from pools p where p.name = p_pool for share;
        if v_pool.state = 'retired' then
            raise exception 'the pool % was retired', p_pool
                using errcode = 'object_not_in_prerequisite_state',
                      hint = 'Name another --pool, or take it back with `parley pool resume`.';
        end if;
        insert into workers (
            name, role_name, host, pid, version, tags, registered_at, lease, lease_expires_at, pool, pool_paused, state)
        values (
            p_name, session_user, p_host, p_pid, p_version,
            p_tags || array(select 'definition:' || d from unnest(p_definitions) d), v_now, v_lease, v_now + v_lease,
            p_pool, v_pool.state = 'paused', case v_pool.state when 'draining' then 'draining' else 'active' end)
        returning id into v_id;
        return v_id;
    end
    $$;

-- As workers from before pools register.
create or replace function parley.register_worker(
    p_name text, p_host text, p_pid integer, p_version text, p_tags text[], p_lease_micros bigint)
    returns bigint
    language sql security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
        select register_worker(p_name, p_host, p_pid, p_version, p_tags, p_lease_micros, 'default', '{1}')
    $$;

-- Reads the tags themselves, which a pause leaves as they are.
create or replace function parley.offer_suites(p_worker bigint, p_rounds bigint[], p_suites integer[]) returns void
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
    declare
        v_offered text[];
    begin
        perform require_worker(p_worker);
        v_offered := array(
            select 'sealed:' || r.name || '/' || u.name
            from unnest(p_rounds, p_suites) g (round_id, suite_no)
                join rounds r on r.id = g.round_id
                join suites u on u.round_id = g.round_id and u.suite_no = g.suite_no
            where is_admitted(r.id)
            order by 1);
        update workers w set tags = x.tags
        from (
            select array(select t from unnest(o.tags) t where t not like 'sealed:%') || v_offered as tags
            from workers o where o.id = p_worker
        ) x
        where w.id = p_worker and w.tags <> x.tags;
    end
    $$;

-- What this worker was told: the most that it may have in flight (null: what it likes), and whether it is to end.
create function parley.worker_orders(p_worker bigint)
    returns table (concurrency integer, paused boolean, draining boolean)
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
    #variable_conflict use_column
    declare
        v_worker workers := require_worker(p_worker);
    begin
        return query
            select coalesce(v_worker.concurrency, p.concurrency), v_worker.paused or v_worker.pool_paused,
                v_worker.state = 'draining'
            from pools p where p.name = v_worker.pool;
    end
    $$;

-- What people do to workers, of one worker or of a pool:
--   set      the most jobs in flight; null leaves it to the worker's pool, or to its workers
--   pause    nothing more is claimed until `resume`
--   drain    its workers finish what they have and end
--   retire   the same, and it is listed no longer; a pool takes no worker any more
-- With p_now what is in flight is taken back at a pause, drain or retirement. Answers how many workers it was about
-- and how many jobs were taken back; null workers where there is no such worker or pool.
create function parley.steer(
    p_action text, p_worker bigint, p_pool text, p_concurrency integer, p_now boolean, p_reason text, p_by text,
    out workers bigint, out jobs bigint)
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
    #variable_conflict use_column
    declare
        v_ids bigint[];
        v_changed bigint := 0;
        v_pool_changed bigint := 0;
        v_state text;
    begin
        if p_action not in ('set', 'pause', 'resume', 'drain', 'retire') or (p_worker is null) = (p_pool is null) then
            raise exception 'a worker or a pool is set, paused, resumed, drained or retired'
                using errcode = 'invalid_parameter_value';
        end if;
        if p_pool is not null and p_action = 'set' then
            insert into pools (name) values (p_pool) on conflict do nothing;
        end if;
        if p_pool is not null then
            select p.state into v_state from pools p where p.name = p_pool for update;
            if not found then
                return;
            end if;
        end if;
        v_ids := array(
            select w.id from parley.workers w
            where w.state <> 'gone' and w.retired_at is null and (w.id = p_worker or w.pool = p_pool)
            order by w.id for update);
        if p_worker is not null and v_ids = '{}' then
            return;
        end if;
        if p_pool is not null then
            update pools p
            set concurrency = case p_action when 'set' then p_concurrency else p.concurrency end,
                state = case p_action when 'set' then p.state when 'pause' then 'paused' when 'resume' then 'active'
                    when 'drain' then 'draining' else 'retired' end
            where p.name = p_pool
                and case p_action when 'set' then p.concurrency is distinct from p_concurrency
                    when 'pause' then p.state = 'active' when 'resume' then p.state <> 'active'
                    when 'drain' then p.state in ('active', 'paused') else p.state <> 'retired' end;
            get diagnostics v_pool_changed = row_count;
        end if;
        if p_action = 'set' and p_worker is not null then
            update parley.workers w set concurrency = p_concurrency
            where w.id = p_worker and w.concurrency is distinct from p_concurrency;
            get diagnostics v_changed = row_count;
        elsif p_action in ('pause', 'resume') then
            update parley.workers w
            set paused = case when p_worker is null then w.paused else p_action = 'pause' end,
                pool_paused = case when p_pool is null then w.pool_paused else p_action = 'pause' end
            where w.id = any (v_ids)
                and case when p_pool is null then w.paused else w.pool_paused end <> (p_action = 'pause');
            get diagnostics v_changed = row_count;
        elsif p_action in ('drain', 'retire') then
            update parley.workers w
            set state = 'draining', retired_at = case p_action when 'retire' then parley.now() end
            where w.id = any (v_ids) and (w.state = 'active' or p_action = 'retire');
            get diagnostics v_changed = row_count;
        end if;
        workers := cardinality(v_ids);
        jobs := 0;
        if p_now and p_action in ('pause', 'drain', 'retire') then
            select coalesce(sum(take_back('{}', id, concat_ws(': ', p_action, nullif(p_reason, '')))), 0) into jobs
            from unnest(v_ids) id;
        end if;
        perform record_event(
            p_action, null, coalesce('worker ' || p_worker, 'pool ' || p_pool),
            concat_ws(': ', case p_action when 'set' then coalesce(p_concurrency::text, 'its own') || ' in flight' end,
                nullif(p_reason, '')),
            p_by, greatest(v_changed, v_pool_changed, jobs));
        perform pg_notify('parley_jobs', 'orders');
    end
    $$;
drop function parley.drain(bigint, boolean, text);

grant execute on function
    parley.register_worker(text, text, integer, text, text[], bigint, text, integer[]), parley.worker_orders(bigint)
    to parley_worker;
grant execute on function parley.steer(text, bigint, text, integer, boolean, text, text) to parley_coordinator;
grant select on parley.pools to parley_coordinator;

reset role;
