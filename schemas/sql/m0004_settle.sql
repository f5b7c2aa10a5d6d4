-- How a claim ends: committed, failed, released. And what a worker may read.

set local role parley_owner;

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

-- A worker that lost a job says after all what its attempt used: that replaces what was taken to be used. Once.
create function parley.correct(
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

-- Commits finished jobs: what is still this worker's, an open bit of its block or a row of its own at this fence,
-- goes, and its outcome, its transcript and, for an answer that is graded elsewhere, its grade jobs come, all in one
-- transaction. Answers only for those that were not committed now: 1 was committed before by this very claim (a commit
-- repeated after a lost answer), 2 lost.
--
-- p_jobs and the arrays beside it have one element a job. Jobs that are held through a block come first, block by
-- block: the n-th block has the jobs whose bits are set in p_masks[n], in order, from element p_starts[n] on. Single
-- jobs follow. Cache, reasoning and transcript arrays may be null for none; p_models are distinct names, p_model_nos
-- point into them and are 0 for none; a score of the least bigint stands for null. Arrays without nulls and of a fixed
-- width are read by position at no cost, where unnesting them would write and read each once more.
create function parley.commit(
    p_worker bigint, p_blocks bigint[], p_masks bigint[], p_starts integer[], p_jobs bigint[], p_fences bigint[],
    p_kinds smallint[], p_scores bigint[], p_input bigint[], p_output bigint[], p_cache_read bigint[],
    p_cache_write bigint[], p_reasoning bigint[], p_costs bigint[], p_latencies bigint[], p_model_nos smallint[],
    p_models text[], p_transcripts bytea[])
    returns table (job_id bigint, answer smallint)
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    set enable_hashjoin = off
    set enable_mergejoin = off
    set enable_seqscan = off
    set enable_bitmapscan = off
    set plan_cache_mode = force_generic_plan
    as $$
    #variable_conflict use_column
    declare
        v_now timestamptz := parley.now();
        v_count integer := coalesce(cardinality(p_jobs), 0);
        v_in_blocks integer := coalesce((select sum(bit_count(m::bit(64))) from unnest(p_masks) m), 0);
        v_firsts bigint[];
        v_gots bigint[];
        v_done integer;
        v_singles bigint[];
        v_single_streams bigint[];
        v_single_kinds smallint[];
        v_won bigint[];
    begin
        perform require_worker(p_worker);
        -- A mask that says more or less than the jobs beside it would close jobs that get no outcome.
        if v_in_blocks > v_count
            or (select count(distinct b) from unnest(p_blocks) b) <> coalesce(cardinality(p_blocks), 0)
            or exists (
                select from unnest(p_blocks, p_masks, p_starts) g (block, mask, start)
                where (
                    select count(*) <> bit_count(g.mask::bit(64)) or min(x.place) < 0 or max(x.place) > 61
                        or bit_or(1::bigint << (x.place & 63)::integer) <> g.mask
                    from (
                        select p_jobs[y.i] - g.block as place
                        from (
                            select generate_series(g.start, g.start + bit_count(g.mask::bit(64))::integer - 1) as i
                        ) y
                        where y.i between 1 and v_in_blocks
                    ) x) is not false)
        then
            raise exception 'a commit lists the jobs of its blocks first, each once and as its masks say'
                using errcode = 'invalid_parameter_value';
        end if;

        with held as materialized (
            select b.first, b.stream_id, b.claimed_at, b.open & g.mask as got, g.start,
                g.start + bit_count(g.mask::bit(64))::integer - 1 as stop
            from unnest(p_blocks, p_masks, p_starts) g (block, mask, start) join blocks b on b.first = g.block
            -- Not by the index of workers: before the first analyze the planner would read all that the worker had.
            where b.worker_id + 0 = p_worker
            order by b.first for update of b
        ),
        closed as (
            update blocks b set open = b.open & ~h.got from held h where b.first = h.first and h.got <> 0
        ),
        kept as (
            insert into outcomes (
                round_id, job_id, cell_no, stage, grader, sample_no, epoch, kind, score, input_tokens,
                output_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens, cost, latency_micros,
                model_returned, attempt, fence, worker_id, first_claimed_at, completed_at, probe_job_id)
            select x.round_id, x.job, x.cell_no, x.stage, x.grader, ((x.job - x.base) % x.samples)::integer,
                ((x.job - x.base) / x.samples)::integer + 1, p_kinds[x.i],
                nullif(p_scores[x.i], -9223372036854775808), p_input[x.i], p_output[x.i],
                coalesce(p_cache_read[x.i], 0), coalesce(p_cache_write[x.i], 0), coalesce(p_reasoning[x.i], 0),
                p_costs[x.i], p_latencies[x.i], p_models[p_model_nos[x.i]], 1, 1, p_worker, x.claimed_at, v_now, null
            from (
                select h.first, h.got, h.claimed_at, s.round_id, s.cell_no, s.stage, s.grader, s.base, s.samples,
                    generate_series(h.start, h.stop) as i, p_jobs[generate_series(h.start, h.stop)] as job
                from held h join streams s on s.id = h.stream_id
            ) x
            where x.got >> (x.job - x.first)::integer & 1 = 1
        ),
        charged as (
            insert into charges (stream_id, tokens, cost)
            select x.stream_id,
                sum(p_input[i] + p_output[i] + coalesce(p_cache_read[i], 0) + coalesce(p_cache_write[i], 0)),
                sum(p_costs[i])
            from (select h.stream_id, h.first, h.got, generate_series(h.start, h.stop) as i from held h) x
            where x.got >> (p_jobs[i] - x.first)::integer & 1 = 1
            group by x.stream_id
        )
        select array_agg(h.first), array_agg(h.got), coalesce(sum(bit_count(h.got::bit(64))), 0)
        into v_firsts, v_gots, v_done
        from held h;

        if v_in_blocks < v_count then
            with finished as (
                delete from jobs j using generate_series(v_in_blocks + 1, v_count) i
                where j.id = p_jobs[i] and j.fence = p_fences[i] and j.worker_id = p_worker
                returning i, j.id, j.stream_id, j.sample_no, j.epoch, j.attempt, j.fence, j.first_claimed_at
            ),
            kept as (
                insert into outcomes (
                    round_id, job_id, cell_no, stage, grader, sample_no, epoch, kind, score, input_tokens,
                    output_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens, cost, latency_micros,
                    model_returned, attempt, fence, worker_id, first_claimed_at, completed_at, probe_job_id)
                select s.round_id, f.id, s.cell_no, s.stage, s.grader, f.sample_no, f.epoch, p_kinds[f.i],
                    nullif(p_scores[f.i], -9223372036854775808), p_input[f.i], p_output[f.i],
                    coalesce(p_cache_read[f.i], 0), coalesce(p_cache_write[f.i], 0), coalesce(p_reasoning[f.i], 0),
                    p_costs[f.i], p_latencies[f.i], p_models[p_model_nos[f.i]], f.attempt, f.fence, p_worker,
                    f.first_claimed_at, v_now, case when s.stage = 1 then f.id - s.base + s.probe_base end
                from finished f join streams s on s.id = f.stream_id
            ),
            charged as (
                insert into charges (stream_id, tokens, cost)
                select f.stream_id,
                    sum(p_input[f.i] + p_output[f.i] + coalesce(p_cache_read[f.i], 0)
                        + coalesce(p_cache_write[f.i], 0)),
                    sum(p_costs[f.i])
                from finished f group by f.stream_id
            )
            select array_agg(f.id), array_agg(f.stream_id), array_agg(p_kinds[f.i])
            into v_singles, v_single_streams, v_single_kinds
            from finished f;
            v_done := v_done + coalesce(cardinality(v_singles), 0);
        end if;

        if p_transcripts is not null or 1 = any (p_kinds) or v_done < v_count then
            select array_agg(w.job_id) into v_won
            from (
                select p_jobs[i] as job_id
                from unnest(p_blocks, p_masks, p_starts) g (block, mask, start)
                    join unnest(v_firsts, v_gots) h (first, got) on h.first = g.block
                    cross join lateral generate_series(g.start, g.start + bit_count(g.mask::bit(64))::integer - 1) i
                where h.got >> (p_jobs[i] - h.first)::integer & 1 = 1
                union all
                select unnest(v_singles)
            ) w;
        end if;
        if p_transcripts is not null then
            insert into transcripts (round_id, job_id, fence, sealed)
            select g.job_id >> 36, g.job_id, g.fence, g.sealed
            from unnest(p_jobs, p_fences, p_transcripts) g (job_id, fence, sealed)
            where g.sealed is not null and (v_done = v_count or g.job_id = any (v_won));
        end if;
        if 1 = any (p_kinds) then
            -- By their streams and not from the outcomes: that would be a look into the partition of each round.
            insert into jobs (id, stream_id, cell_no, sample_no, epoch, run_after)
            select x.job_id - p.base + s.base, s.id, p.cell_no, ((x.job_id - p.base) % p.samples)::integer,
                ((x.job_id - p.base) / p.samples)::integer + 1, v_now
            from (
                    select p_jobs[i] as job_id, b.stream_id
                    from unnest(p_blocks, p_masks, p_starts) g (block, mask, start)
                        join blocks b on b.first = g.block
                        cross join lateral generate_series(g.start, g.start + bit_count(g.mask::bit(64))::integer - 1) i
                    where p_kinds[i] = 1
                    union all
                    select g.job_id, g.stream_id
                    from unnest(v_singles, v_single_streams, v_single_kinds) g (job_id, stream_id, kind)
                    where g.kind = 1
                ) x
                join streams p on p.id = x.stream_id
                join streams s on s.round_id = p.round_id and s.cell_no = p.cell_no and s.stage = 1
            where v_done = v_count or x.job_id = any (v_won)
            on conflict do nothing;
        end if;

        if v_done = v_count then
            return;
        end if;
        perform correct(
            p_worker, g.job_id, g.fence, g.input, g.output, g.cache_read, g.cache_write, g.reasoning, g.cost)
        from unnest(p_jobs, p_fences, p_input, p_output, p_cache_read, p_cache_write, p_reasoning, p_costs)
            g (job_id, fence, input, output, cache_read, cache_write, reasoning, cost)
        where g.job_id <> all (coalesce(v_won, '{}'));
        -- A statement of its own, so that it sees what the first one may have waited for: our own earlier commit.
        return query
            select g.id, case when was_committed(p_worker, g.id, g.fence) then 1 else 2 end::smallint
            from unnest(p_jobs, p_fences) g (id, fence)
            where g.id <> all (coalesce(v_won, '{}'));
    end
    $$;

-- Ends an attempt that failed, for the worker that reports it, for the rescue and for whoever cancels it. The row of
-- `jobs` is locked by the caller. By the class:
--   transient      again after a wait, up to the caps of attempts and of time
--   deferred       the same, but no attempt is counted; so also what failed with its whole provider (p_outage)
--   deterministic  as transient, and dead when the same failure came too often in a row
--   pause          stops the streams of that account and model, of the account where its money is finished; unspent
--   released       goes back unspent
-- What is spent goes to dead_jobs. What the attempt used is charged: all that was reserved where it is not known.
create function parley.end_attempt(
    p_job parley.jobs, p_class text, p_message text, p_fingerprint text, p_retry_after_micros bigint,
    p_input bigint, p_output bigint, p_cache_read bigint, p_cache_write bigint, p_reasoning bigint, p_cost bigint,
    p_rescued boolean, p_outage boolean, p_now timestamptz, out disposition text, out next_try_at timestamptz)
    language plpgsql
    set search_path = pg_catalog, parley, pg_temp
    as $$
    #variable_conflict use_column
    declare
        v_settings settings;
        v_stream streams;
        v_mark text := p_class || ' ' || left(p_fingerprint, 120);
        v_repeats integer := case when p_job.fingerprint = v_mark then least(p_job.repeats + 1, 32000) else 1 end;
        v_way text := retry_of(p_class);
        v_is_counted boolean := v_way in ('transient', 'deterministic') and not p_outage;
    begin
        select * into strict v_settings from settings;
        select * into strict v_stream from streams s where s.id = p_job.stream_id;
        if v_way = 'pause' then
            disposition := 'paused';
            next_try_at := p_now;
            -- A worker has no say over a round to which it is not admitted.
            update streams s
            set paused = true, paused_at = p_now, pause_reason = left(p_class || ': ' || p_message, 500)
            from rounds r
            where r.id = s.round_id and r.state = 'running' and s.account = v_stream.account
                and (s.model = v_stream.model or p_class = 'quota_exhausted')
                and not s.paused and (s.round_id = v_stream.round_id or is_admitted(s.round_id));
            if found then
                insert into events (action, round_id, subject, reason, changed)
                values ('pause', v_stream.round_id, 'account ' || v_stream.account, left(p_message, 500), 1);
            end if;
        elsif v_way = 'released' then
            disposition := 'released';
            next_try_at := p_now;
        elsif (v_is_counted and p_job.attempt >= v_settings.max_attempts)
            or p_now - p_job.first_claimed_at >= v_settings.max_elapsed
            or (v_way = 'deterministic' and v_repeats >= v_settings.max_identical)
        then
            disposition := 'dead';
        else
            disposition := case when v_is_counted then 'requeued' else 'deferred' end;
            next_try_at := p_now + greatest(
                backoff(
                    p_job.id, p_job.fence, case when v_is_counted then p_job.attempt else v_repeats end,
                    v_settings.first_delay, v_settings.longest_delay),
                least(coalesce(p_retry_after_micros, 0) * interval '1 microsecond', v_settings.max_elapsed));
        end if;

        insert into attempts (
            round_id, job_id, fence, attempt, worker_id, class, message, fingerprint, input_tokens, output_tokens,
            cache_read_tokens, cache_write_tokens, reasoning_tokens, cost, started_at, ended_at, disposition,
            next_try_at, rescued)
        values (
            v_stream.round_id, p_job.id, p_job.fence, p_job.attempt, p_job.worker_id, left(p_class, 64),
            left(p_message, 2000), left(p_fingerprint, 120), p_input, p_output,
            p_cache_read, p_cache_write, p_reasoning, p_cost, p_job.claimed_at, p_now, disposition,
            next_try_at, p_rescued);
        if p_input is null then
            insert into charges (stream_id, tokens, cost, unknown)
            values (v_stream.id, v_stream.reserve_tokens, v_stream.reserve_cost, 1);
        elsif p_input + p_output + p_cache_read + p_cache_write > 0 or p_cost > 0 then
            insert into charges (stream_id, tokens, cost)
            values (v_stream.id, p_input + p_output + p_cache_read + p_cache_write, coalesce(p_cost, 0));
        end if;

        if disposition = 'dead' then
            delete from jobs j where j.id = p_job.id;
            insert into dead_jobs (
                round_id, job_id, stream_id, cell_no, sample_no, epoch, attempt, fence, class, message, fingerprint,
                first_claimed_at, died_at)
            values (
                v_stream.round_id, p_job.id, p_job.stream_id, p_job.cell_no, p_job.sample_no, p_job.epoch,
                p_job.attempt, p_job.fence, left(p_class, 64), left(p_message, 2000), left(p_fingerprint, 120),
                p_job.first_claimed_at, p_now);
        else
            update jobs j
            set worker_id = null, run_after = next_try_at,
                attempt = j.attempt - case when v_is_counted then 0 else 1 end,
                fingerprint = case when v_way in ('pause', 'released') then j.fingerprint else v_mark end,
                repeats = case when v_way in ('pause', 'released') then j.repeats else v_repeats end
            where j.id = p_job.id;
        end if;
    end
    $$;

-- Reports failed attempts. Answers by row: requeued, deferred, dead, paused, or lost; a report repeated after a lost
-- answer gets the answer that the first one got.
create function parley.fail(
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

-- Gives jobs back as if they had not been claimed, but for the fence; answers how many were still this worker's.
create function parley.release(p_worker bigint, p_jobs bigint[], p_fences bigint[], p_blocks bigint[])
    returns bigint
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    set enable_hashjoin = off
    set enable_mergejoin = off
    set enable_seqscan = off
    as $$
    declare
        v_count bigint;
    begin
        perform require_worker(p_worker);
        perform single_out(p_worker, p_blocks, p_jobs);
        with given as (
            select * from unnest(p_jobs, p_fences) g (job_id, fence) order by g.job_id
        )
        update jobs j
        set attempt = j.attempt - 1, worker_id = null, run_after = parley.now()
        from given g where j.id = g.job_id and j.fence = g.fence and j.worker_id = p_worker;
        get diagnostics v_count = row_count;
        return v_count;
    end
    $$;

-- The definition of a round to which this worker is admitted, and its tree; null where no lab may leave it.
create function parley.worker_round(p_worker bigint, p_round bigint)
    returns table (definition text, definition_hash bytea, tree text)
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
    #variable_conflict use_column
    begin
        perform require_worker(p_worker);
        perform require_admission(p_round);
        return query
            select r.definition, r.definition_hash, t.content
            from rounds r left join trees t on t.round_id = r.id where r.id = p_round;
    end
    $$;

-- Samples of such a round, sealed.
create function parley.worker_samples(p_worker bigint, p_round bigint, p_suite integer, p_samples integer[])
    returns table (sample_no integer, sample_id text, content_hash bytea, content bytea)
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    set enable_seqscan = off
    set enable_bitmapscan = off
    set enable_hashjoin = off
    set enable_mergejoin = off
    as $$
    #variable_conflict use_column
    begin
        perform require_worker(p_worker);
        perform require_admission(p_round);
        return query
            -- By key, one by one: before its first analyze the planner would read the whole suite each time.
            select s.sample_no, s.sample_id, s.content_hash, s.content
            from (select distinct n from unnest(p_samples) n order by n) g
                cross join lateral (
                    select * from samples t where t.round_id = p_round and t.suite_no = p_suite and t.sample_no = g.n
                    offset 0
                ) s;
    end
    $$;

-- What a grade job grades: only while this worker holds that grade job.
create function parley.worker_probe_transcript(p_worker bigint, p_job bigint, p_fence bigint)
    returns table (sealed bytea, sample_id text, content_hash bytea, content bytea)
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    set plan_cache_mode = force_custom_plan
    set enable_seqscan = off
    set enable_bitmapscan = off
    set enable_hashjoin = off
    set enable_mergejoin = off
    as $$
    #variable_conflict use_column
    begin
        perform require_worker(p_worker);
        return query
            select t.sealed, p.sample_id, p.content_hash, p.content
            from jobs j
                join streams s on s.id = j.stream_id and s.stage = 1
                -- The round by its number, so that one partition is opened and no other.
                join transcripts t on t.round_id = p_job >> 36 and t.job_id = j.id - s.base + s.probe_base
                join samples p on p.round_id = s.round_id and p.suite_no = s.suite_no and p.sample_no = j.sample_no
            where j.id = p_job and j.fence = p_fence and j.worker_id = p_worker;
        if not found then
            raise exception 'worker % does not hold grade job % at fence %', p_worker, p_job, p_fence
                using errcode = 'insufficient_privilege',
                      hint = 'A transcript is given to the holder of its grade job only; the lease may be lost.';
        end if;
    end
    $$;

grant execute on function
    parley.commit(bigint, bigint[], bigint[], integer[], bigint[], bigint[], smallint[], bigint[], bigint[], bigint[],
                  bigint[], bigint[], bigint[], bigint[], bigint[], smallint[], text[], bytea[]),
    parley.fail(bigint, bigint[], bigint[], bigint[], text[], text[], text[], bigint[], bigint[], bigint[], bigint[], bigint[],
                bigint[], bigint[]),
    parley.release(bigint, bigint[], bigint[], bigint[]),
    parley.worker_round(bigint, bigint),
    parley.worker_samples(bigint, bigint, integer, integer[]),
    parley.worker_probe_transcript(bigint, bigint, bigint)
    to parley_worker;

reset role;
