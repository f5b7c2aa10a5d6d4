-- Observations: what the reduction reads. One row for each probe job that is finished, its score the probe's own or
-- the combination of its judges' grades.
--
-- An `answered` probe is no observation until each judge's grade job is an outcome or dead. A judge that failed counts
-- as missing, never as a verdict on the model: with half of the judges missing or more, or without a majority, the
-- observation is `unscorable`. A dead probe is an observation of kind `failed` unless it was ruled out. What judging
-- cost stands apart from what the model cost.

set local role parley_owner;

-- The score of several grades, in billionths; nil where there is none. p_judges is the number of all judges, the
-- missing ones included. majority: the value of more than half of all judges. median: the middle one, the mean of the
-- two middle ones for an even number. mean: of those present. Means are rounded to the nearest, halves away from zero.
create function parley.combined_score(p_scores bigint[], p_judges bigint, p_combination text) returns bigint
    language sql immutable parallel safe
    set search_path = pg_catalog, parley, pg_temp
    as $$
        select case
            when coalesce(cardinality(p_scores), 0) * 2 <= p_judges then null
            when p_combination = 'majority' then (
                select v from unnest(p_scores) v group by v having count(*) * 2 > p_judges)
            when p_combination = 'mean' then (
                select rounded_quotient(sum(v), count(*)) from unnest(p_scores) v)
            when p_combination = 'median' then (
                select rounded_quotient(sum(m.v), count(*))
                from (select v, row_number() over (order by v) as n, count(*) over () as c from unnest(p_scores) v) m
                where m.n in ((m.c + 1) / 2, m.c / 2 + 1))
        end
    $$;

-- Three parts, so that what is graded nowhere costs no look for grades. Only the frozen judges count: those of later
-- gradings come after them in number.
create view parley.observations as
    select o.round_id, o.job_id, o.cell_no, o.sample_no, o.epoch, o.kind, o.score,
        o.input_tokens, o.output_tokens, o.cache_read_tokens, o.cache_write_tokens, o.reasoning_tokens, o.cost,
        o.latency_micros, 0::bigint as judge_tokens, 0::bigint as judge_cost,
        o.attempt, o.completed_at, o.model_returned
    from parley.outcomes o
    where o.stage = 0 and o.kind <> 1
    union all
    select g.round_id, g.job_id, g.cell_no, g.sample_no, g.epoch,
        case when g.score is null then 6 else 0 end::smallint, g.score,
        g.input_tokens, g.output_tokens, g.cache_read_tokens, g.cache_write_tokens, g.reasoning_tokens, g.cost,
        g.latency_micros, coalesce(g.judge_tokens, 0), coalesce(g.judge_cost, 0),
        g.attempt, g.completed_at, g.model_returned
    from (
        -- Grades are joined and grouped by the answer's key, not looked up for each: so the round that is asked for
        -- reaches `r` as a constant, and one partition is read.
        select
            o.round_id, o.job_id, o.cell_no, o.sample_no, o.epoch, o.input_tokens, o.output_tokens,
            o.cache_read_tokens, o.cache_write_tokens, o.reasoning_tokens, o.cost, o.latency_micros, o.attempt,
            o.completed_at, o.model_returned,
            parley.combined_score(
                array_agg(r.score) filter (where r.kind = 0), count(s.id), min(s.combination)) as score,
            sum(r.input_tokens + r.output_tokens + r.cache_read_tokens + r.cache_write_tokens)::bigint as judge_tokens,
            sum(r.cost)::bigint as judge_cost,
            bool_and(r.job_id is not null or d.job_id is not null) filter (where s.id is not null) as settled
        from parley.outcomes o
            -- `offset 0` keeps these looked up by key, whatever the statistics say.
            left join lateral (
                select x.id, x.base, x.probe_base, u.combination
                from parley.streams x join parley.suites u on u.round_id = x.round_id and u.suite_no = x.suite_no
                where x.round_id = o.round_id and x.cell_no = o.cell_no and x.stage = 1 and x.grader < u.judges
                offset 0
            ) s on true
            left join parley.outcomes r on r.round_id = o.round_id and r.job_id = o.job_id - s.probe_base + s.base
            left join lateral (
                select x.job_id from parley.dead_jobs x
                where x.round_id = o.round_id and x.job_id = o.job_id - s.probe_base + s.base offset 0
            ) d on true
        where o.stage = 0 and o.kind = 1
        group by o.round_id, o.job_id
    ) g
    where coalesce(g.settled, true)
    union all
    select d.round_id, d.job_id, d.cell_no, d.sample_no, d.epoch, 7::smallint, null, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        d.attempt, d.died_at, null
    from parley.dead_jobs d join parley.streams s on s.id = d.stream_id
    where s.stage = 0 and d.ruling is distinct from 'exclude';

grant execute on function parley.combined_score(bigint[], bigint, text), parley.rounded_quotient(numeric, bigint)
    to parley_coordinator;
grant select on parley.observations to parley_coordinator;

reset role;
