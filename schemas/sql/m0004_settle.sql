-- How a claim ends: committed, failed, released. And what a worker may read.

set local role parley_owner;

-- Commits finished jobs: what is still this worker's, an open bit of its block or a row of its own at this fence,
-- goes, and its outcome, its transcript and, for an answer that is graded elsewhere, its grade jobs come, all in one
-- statement. Answers only for those that were not committed now: 1 was committed before by this very claim (a commit
-- repeated after a lost answer), 2 lost.
create function parley.commit(
    p_worker bigint, p_jobs bigint[], p_fences bigint[], p_blocks bigint[], p_kinds smallint[], p_scores bigint[],
    p_input bigint[], p_output bigint[], p_cache_read bigint[], p_cache_write bigint[], p_reasoning bigint[],
    p_costs bigint[], p_latencies bigint[], p_models text[], p_transcripts bytea[])
    returns table (job_id bigint, answer smallint)
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    set jit = off
    set enable_hashjoin = off
    set enable_mergejoin = off
    set enable_seqscan = off
    set plan_cache_mode = force_generic_plan
    as $$
    #variable_conflict use_column
    declare
        v_now timestamptz := parley.now();
        v_done bigint[];
    begin
        perform require_worker(p_worker);
        with given as materialized (
            select *, 1::bigint << greatest(least(g.job_id - g.block, 62), 0)::integer as bit
            from unnest(p_jobs, p_fences, p_blocks, p_kinds, p_scores, p_input, p_output, p_cache_read, p_cache_write,
                    p_reasoning, p_costs, p_latencies, p_models, p_transcripts)
                g (job_id, fence, block, kind, score, input, output, cache_read, cache_write, reasoning, cost, latency,
                    model, transcript)
            order by g.job_id
        ),
        held as materialized (
            select b.first, b.stream_id, b.claimed_at, b.open & m.mask as got
            from (
                    select g.block, bit_or(g.bit) as mask from given g
                    where g.job_id >= g.block and g.fence = 1 group by g.block
                ) m
                join blocks b on b.first = m.block
            where b.worker_id = p_worker
            order by b.first for update of b
        ),
        closed as (
            update blocks b set open = b.open & ~h.got from held h where b.first = h.first and h.got <> 0
        ),
        finished as (
            delete from jobs j using given g
            where g.block is null and j.id = g.job_id and j.fence = g.fence and j.worker_id = p_worker
            returning j.id, j.stream_id, j.sample_no, j.epoch, j.attempt, j.fence, j.first_claimed_at
        ),
        won as (
            select g.*, s.round_id, s.cell_no, s.stage, s.grader, s.base, s.probe_base,
                ((g.job_id - s.base) % s.samples)::integer as sample_no,
                ((g.job_id - s.base) / s.samples)::integer + 1 as epoch, 1 as attempt, h.claimed_at as first_claimed_at
            from held h join given g on g.block = h.first and g.bit & h.got <> 0 and g.job_id >= g.block
                join streams s on s.id = h.stream_id
            union all
            select g.*, s.round_id, s.cell_no, s.stage, s.grader, s.base, s.probe_base, f.sample_no, f.epoch,
                f.attempt, f.first_claimed_at
            from finished f join given g on g.job_id = f.id and g.block is null join streams s on s.id = f.stream_id
        ),
        placed as materialized (select * from won),
        kept as (
            insert into outcomes (
                round_id, job_id, cell_no, stage, grader, sample_no, epoch, kind, score, input_tokens,
                output_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens, cost, latency_micros,
                model_returned, attempt, fence, worker_id, first_claimed_at, completed_at, probe_job_id)
            select p.round_id, p.job_id, p.cell_no, p.stage, p.grader, p.sample_no, p.epoch, p.kind, p.score, p.input,
                p.output, p.cache_read, p.cache_write, p.reasoning, p.cost, p.latency,
                p.model, p.attempt, p.fence, p_worker, p.first_claimed_at, v_now,
                case when p.stage = 1 then p.job_id - p.base + p.probe_base end
            from placed p
            returning job_id
        ),
        papers as (
            insert into transcripts (round_id, job_id, fence, sealed)
            select p.round_id, p.job_id, p.fence, p.transcript from placed p where p.transcript is not null
        ),
        grades as (
            insert into jobs (id, stream_id, cell_no, sample_no, epoch, run_after)
            select p.job_id - p.base + s.base, s.id, p.cell_no, p.sample_no, p.epoch, v_now
            from placed p join streams s on s.round_id = p.round_id and s.cell_no = p.cell_no and s.stage = 1
            where p.kind = 1
            on conflict do nothing
        )
        select array_agg(k.job_id) into v_done from kept k;

        if cardinality(v_done) = cardinality(p_jobs) then
            return;
        end if;
        -- A statement of its own, so that it sees what the first one may have waited for: our own earlier commit.
        return query
            select g.id, case when o.job_id is not null then 1 else 2 end::smallint
            from unnest(p_jobs, p_fences) g (id, fence)
                left join outcomes o on o.round_id = g.id >> 36 and o.job_id = g.id
                    and o.fence = g.fence and o.worker_id = p_worker
            where g.id <> all (coalesce(v_done, '{}'));
    end
    $$;

-- Ends an attempt that failed, for the worker that reports it and for the rescue alike. The row of `jobs` is locked by
-- the caller. By the class: transient again after a wait, up to the caps of attempts and of time; deterministic also
-- dead when the same failure came too often in a row; pause stops the round's streams of that account and model and
-- gives the job back unspent. What is spent goes to dead_jobs.
create function parley.end_attempt(
    p_job parley.jobs, p_class text, p_message text, p_fingerprint text, p_retry_after_micros bigint,
    p_input bigint, p_output bigint, p_cache_read bigint, p_cache_write bigint, p_reasoning bigint, p_cost bigint,
    p_rescued boolean, p_now timestamptz, out disposition text, out next_try_at timestamptz)
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
    begin
        select * into strict v_settings from settings;
        select * into strict v_stream from streams s where s.id = p_job.stream_id;
        if v_way = 'pause' then
            disposition := 'paused';
            next_try_at := p_now;
            -- Only this round's: a worker has no say over a round to which it is not admitted.
            update streams s
            set paused = true, paused_at = p_now, pause_reason = left(p_class || ': ' || p_message, 500)
            where s.round_id = v_stream.round_id and s.account = v_stream.account and s.model = v_stream.model
                and not s.paused;
        elsif p_job.attempt >= v_settings.max_attempts
            or p_now - p_job.first_claimed_at >= v_settings.max_elapsed
            or (v_way = 'deterministic' and v_repeats >= v_settings.max_identical)
        then
            disposition := 'dead';
        else
            disposition := 'requeued';
            next_try_at := p_now + greatest(
                backoff(p_job.id, p_job.fence, p_job.attempt, v_settings.first_delay, v_settings.longest_delay),
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
                attempt = j.attempt - case when disposition = 'paused' then 1 else 0 end,
                fingerprint = case when disposition = 'paused' then j.fingerprint else v_mark end,
                repeats = case when disposition = 'paused' then j.repeats else v_repeats end
            where j.id = p_job.id;
        end if;
    end
    $$;

-- Reports failed attempts. Answers by row: requeued, dead, paused, or lost; a report repeated after a lost answer gets
-- the answer that the first one got.
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
    begin
        perform require_worker(p_worker);
        perform single_out(p_worker, p_blocks, p_jobs);
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
                        v.cache_write, v.reasoning, v.cost, false, v_now) e;
            else
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
    set jit = off
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

-- The definition of a round to which this worker is admitted.
create function parley.worker_round(p_worker bigint, p_round bigint)
    returns table (definition text, definition_hash bytea)
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
    #variable_conflict use_column
    begin
        perform require_worker(p_worker);
        perform require_admission(p_round);
        return query select r.definition, r.definition_hash from rounds r where r.id = p_round;
    end
    $$;

-- Samples of such a round, sealed.
create function parley.worker_samples(p_worker bigint, p_round bigint, p_suite integer, p_samples integer[])
    returns table (sample_no integer, sample_id text, content_hash bytea, content bytea)
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
    #variable_conflict use_column
    begin
        perform require_worker(p_worker);
        perform require_admission(p_round);
        return query
            select s.sample_no, s.sample_id, s.content_hash, s.content from samples s
            where s.round_id = p_round and s.suite_no = p_suite and s.sample_no = any (p_samples)
            order by s.sample_no;
    end
    $$;

-- What a grade job grades: only while this worker holds that grade job.
create function parley.worker_probe_transcript(p_worker bigint, p_job bigint, p_fence bigint)
    returns table (sealed bytea, sample_id text, content_hash bytea, content bytea)
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
    #variable_conflict use_column
    begin
        perform require_worker(p_worker);
        return query
            select t.sealed, p.sample_id, p.content_hash, p.content
            from jobs j
                join streams s on s.id = j.stream_id and s.stage = 1
                join transcripts t on t.round_id = s.round_id and t.job_id = j.id - s.base + s.probe_base
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
    parley.commit(bigint, bigint[], bigint[], bigint[], smallint[], bigint[], bigint[], bigint[], bigint[], bigint[],
                  bigint[], bigint[], bigint[], text[], bytea[]),
    parley.fail(bigint, bigint[], bigint[], bigint[], text[], text[], text[], bigint[], bigint[], bigint[], bigint[], bigint[],
                bigint[], bigint[]),
    parley.release(bigint, bigint[], bigint[], bigint[]),
    parley.worker_round(bigint, bigint),
    parley.worker_samples(bigint, bigint, integer, integer[]),
    parley.worker_probe_transcript(bigint, bigint, bigint)
    to parley_worker;

reset role;
