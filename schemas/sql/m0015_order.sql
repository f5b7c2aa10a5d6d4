-- The order of samples: they are numbered in the order in which they are run, and keep their places in the dataset. And
-- the order of locks of a worker's failure that pauses streams, which was that of a pause the other way around.

set local role parley_owner;

-- The number in the dataset, where it is not `sample_no`.
alter table parley.samples add column dataset_no integer check (dataset_no >= 0);

-- Opens the sealed seed of a round whose probes are all done; opening it again changes nothing. A round has one seed,
-- for its audit, its order or both.
create or replace function parley.open_audit_seed(p_round bigint, p_seed text, p_by text) returns void
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
    declare
        v_round rounds;
    begin
        select * into v_round from rounds r where r.id = p_round for no key update;
        if 'sha256:' || encode(sha256(convert_to(E'parley.seed/1\n', 'UTF8') || decode(p_seed, 'base64')), 'hex')
            is distinct from coalesce(
                v_round.definition::json -> 'audit' ->> 'seed', v_round.definition::json -> 'order' ->> 'seed')
        then
            raise exception 'this is not the seed that round ''%'' was frozen with', v_round.name
                using errcode = 'invalid_parameter_value';
        end if;
        if v_round.state in ('draft', 'frozen') or exists (
                select from streams s
                where s.round_id = p_round and s.stage = 0 and not s.cancelled
                    and stream_cursor(s.base, s.base + s.samples::bigint * s.epochs)
                        < s.base + s.samples::bigint * s.epochs)
            or exists (
                select from jobs j join streams s on s.id = j.stream_id
                where j.id >= p_round << 36 and j.id < (p_round + 1) << 36 and s.stage = 0
                    and (not s.cancelled or j.worker_id is not null))
            or exists (
                select from blocks b
                where b.first >= p_round << 36 and b.first < (p_round + 1) << 36 and b.open <> 0)
        then
            raise exception 'round ''%'' has answers to come: its seed stays sealed until they are there', v_round.name
                using errcode = 'object_not_in_prerequisite_state';
        end if;
        insert into audit_seeds (round_id, seed, opened_by) values (p_round, p_seed, p_by) on conflict do nothing;
        if found then
            perform append_ledger(p_round, p_by, 'audit', 'seed ' || p_seed, 'opened');
        end if;
    end
    $$;

-- Reports failed attempts. Answers by row: requeued, deferred, dead, paused, or lost; a report repeated after a lost
-- answer gets the answer that the first one got.
create or replace function parley.fail(
    p_worker bigint, p_jobs bigint[], p_fences bigint[], p_blocks bigint[], p_classes text[], p_messages text[],
    p_fingerprints text[], p_retry_after_micros bigint[], p_input bigint[], p_output bigint[],
    p_cache_read bigint[], p_cache_write bigint[], p_reasoning bigint[], p_costs bigint[])
    returns table (job_id bigint, disposition text, next_try_at timestamptz)
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
    #variable_conflict use_column
    declare
        v_now timestamptz := parley.now();
        v_job jobs;
        v record;
        v_accounts text[];
        v_models text[];
        v_outages boolean[];
    begin
        perform require_worker(p_worker);
        -- A pause locks streams, then what they have in flight, then limits; what may pause streams does as well.
        if exists (select from unnest(p_classes) c (class) where retry_of(c.class) = 'pause') then
            perform from streams s
            where s.account in (
                    select x.account
                    from unnest(p_jobs, p_classes) g (job_id, class) join streams x
                        on x.round_id = g.job_id >> 36 and g.job_id >= x.base
                            and g.job_id < x.base + x.samples::bigint * x.epochs
                    where retry_of(g.class) = 'pause')
                and not s.paused and exists (select from rounds r where r.id = s.round_id and r.state = 'running')
                and is_admitted(s.round_id)
            order by s.id for no key update;
        end if;
        perform single_out(p_worker, p_blocks, p_jobs);
        -- What speaks of the provider, once for each limit; limits are locked in the order in which they are shared.
        select array_agg(x.account), array_agg(x.model), array_agg(x.outage) into v_accounts, v_models, v_outages
        from (
            select t.account, t.model, strain(t.account, t.model, t.limited, t.failed, t.wait, v_now) as outage
            from (
                select s.account, s.model,
                    (count(*) filter (where retry_of(g.class) = 'deferred'))::integer as limited,
                    (count(*) filter (where retry_of(g.class) <> 'deferred'))::integer as failed,
                    max(g.retry_after) * interval '1 microsecond' as wait
                from unnest(p_jobs, p_fences, p_classes, p_retry_after_micros) g (job_id, fence, class, retry_after)
                    join jobs j on j.id = g.job_id and j.fence = g.fence and j.worker_id = p_worker
                    join streams s on s.id = j.stream_id
                where retry_of(g.class) = 'deferred' or g.class in ('connection', 'timeout', 'server_error')
                group by s.account, s.model
                order by s.account, s.model
            ) t
        ) x;
        for v in
            select *
            from unnest(p_jobs, p_fences, p_classes, p_messages, p_fingerprints, p_retry_after_micros, p_input,
                    p_output, p_cache_read, p_cache_write, p_reasoning, p_costs)
                g (job_id, fence, class, message, fingerprint, retry_after, input, output, cache_read, cache_write,
                    reasoning, cost)
            order by g.job_id
        loop
            select * into v_job from jobs j
            where j.id = v.job_id and j.fence = v.fence and j.worker_id = p_worker for update;
            if found then
                return query
                    select v.job_id, e.disposition, e.next_try_at
                    from end_attempt(
                        v_job, v.class, v.message, v.fingerprint, v.retry_after, v.input, v.output, v.cache_read,
                        v.cache_write, v.reasoning, v.cost, false,
                        v.class in ('connection', 'timeout') and exists (
                            select from unnest(v_accounts, v_models, v_outages) o (account, model, outage)
                                join streams s on s.account = o.account and s.model = o.model
                            where s.id = v_job.stream_id and o.outage),
                        v_now) e;
            else
                perform correct(
                    p_worker, v.job_id, v.fence, v.input, v.output, v.cache_read, v.cache_write, v.reasoning, v.cost);
                return query
                    select v.job_id, coalesce(a.disposition, 'lost'), a.next_try_at
                    from (select) one left join attempts a
                        on a.round_id = v.job_id >> 36 and a.job_id = v.job_id and a.fence = v.fence
                            and a.worker_id = p_worker and not a.rescued;
            end if;
        end loop;
    end
    $$;

reset role;
