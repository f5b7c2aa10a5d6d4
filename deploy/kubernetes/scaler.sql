-- What an autoscaler may ask, and a role that may ask nothing else. Run it after each `parley migrate`, as the same role:
--
--     psql "$URL" -f deploy/kubernetes/scaler.sql
--     psql "$URL" -c "create role scaler login password '…' in role parley_scaler"
--
-- The role reads no table: one function answers for it, with the rights of the schema's owner.

\set ON_ERROR_STOP on
begin;

do $$
begin
    create role parley_scaler nologin;
exception
    when duplicate_object or unique_violation then null;
end
$$;

set local role parley_owner;

create schema if not exists parley_scaler;
revoke all on schema parley_scaler from public;
grant usage on schema parley_scaler to parley_scaler;

-- What a pool of workers could do just now, in running rounds. `jobs` counts what is in flight or could be claimed, of
-- each account and model at most as many as its limit lets run: more workers than that would only wait. `age` is for
-- how many seconds the longest waiting one could have been claimed, as `parley_queue_oldest_age_seconds` has it. Paused
-- and cancelled streams do not count, nor those without room for one more job in a budget: no worker helps them.
--
-- The pool: streams that ask for all tags of p_needs and for nothing beyond p_offers, whose entries are patterns of
-- LIKE. A pool without tags offers and needs none; one with `--tag key:north` offers and needs {key:north}; one with
-- --allow-external offers {external}, and one with --seal-key {sealed:%}.
create or replace function parley_scaler.demand(
    p_offers text[] default '{}', p_needs text[] default '{}', out jobs bigint, out age bigint)
    language sql stable security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
        with running as materialized (
            select s.*, s.base + s.samples::bigint * s.epochs as stop, r.created_at
            from rounds r join streams s on s.round_id = r.id
            where r.state = 'running'
        ),
        rooms as materialized (
            select b.id, b.tokens - coalesce(sum(u.tokens), 0) as tokens, b.cost - coalesce(sum(u.cost), 0) as cost
            from budgets b
                join budget_streams m on m.budget_id = b.id
                left join spent(array(select id from running)) u on u.stream_id = m.stream_id
            where b.round_id in (select round_id from running)
            group by b.id
        ),
        served as materialized (
            select s.*
            from running s
            where not s.paused and not s.cancelled and p_needs <@ s.tags
                and not exists (
                    select from unnest(s.tags) t where not t like any (p_offers || 'definition:%'::text))
                and not exists (
                    select from budget_streams m join rooms b on b.id = m.budget_id
                    where m.stream_id = s.id and (b.tokens < s.reserve_tokens or b.cost < s.reserve_cost
                        or b.tokens <= 0 or b.cost <= 0))
        ),
        counted as materialized (
            select s.account, s.model, s.concurrency, n.never + n.held + n.single as jobs,
                least(n.due, case when n.never > 0 then n.claimed end) as since
            from served s cross join lateral (
                select case s.stage when 0 then s.stop - stream_cursor(s.base, s.stop) else 0 end as never,
                    coalesce((
                        select sum(bit_count(b.open::bit(64))) from blocks b
                        where b.first >= s.base and b.first < s.stop and b.open <> 0), 0)::bigint as held,
                    (
                        select count(*) from jobs j
                        where j.id >= s.base and j.id < s.stop and (j.worker_id is not null or j.run_after <= parley.now())
                    ) as single,
                    (
                        select min(j.run_after) from jobs j
                        where j.stream_id = s.id and j.worker_id is null and j.run_after <= parley.now()
                    ) as due,
                    coalesce((
                        select b.claimed_at from blocks b
                        where b.first >= s.base and b.first < s.stop order by b.first desc limit 1), s.created_at) as claimed
            ) n
        )
        select coalesce(sum(least(c.jobs, c.concurrency)), 0)::bigint,
            coalesce(extract(epoch from parley.now() - min(c.since)), 0)::bigint
        from (
            select sum(x.jobs) as jobs, min(x.concurrency) as concurrency, min(x.since) as since
            from counted x group by x.account, x.model
        ) c
    $$;
grant execute on function parley_scaler.demand(text[], text[]) to parley_scaler;

commit;
