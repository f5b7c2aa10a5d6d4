-- What the coordinator does to jobs: enqueue, rescue, rule.

set local role parley_owner;

-- Inserts the jobs of a round that are in none of jobs, outcomes and dead_jobs: all of them the first time, none the
-- second. Answers how many. Within the server, so that no job crosses the wire.
create function parley.enqueue(p_round bigint) returns bigint
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
    declare
        v_now timestamptz := parley.now();
        v_probes bigint;
        v_grades bigint;
    begin
        insert into jobs (id, stream_id, cell_no, sample_no, epoch, enqueued_at)
        select n.id, n.stream_id, n.cell_no, n.sample_no, n.epoch, v_now
        from (
            select s.base + (e.epoch - 1)::bigint * s.samples + p.sample_no as id, s.id as stream_id, s.cell_no,
                p.sample_no, e.epoch
            from streams s, generate_series(1, s.epochs) e (epoch), generate_series(0, s.samples - 1) p (sample_no)
            where s.round_id = p_round and s.stage = 0
        ) n
        where not exists (select from jobs j where j.id = n.id)
            and not exists (select from outcomes o where o.round_id = p_round and o.job_id = n.id)
            and not exists (select from dead_jobs d where d.round_id = p_round and d.job_id = n.id)
        order by n.id
        on conflict do nothing;
        get diagnostics v_probes = row_count;

        insert into jobs (id, stream_id, cell_no, sample_no, epoch, enqueued_at)
        select n.id, n.stream_id, n.cell_no, n.sample_no, n.epoch, v_now
        from (
            select a.job_id - s.probe_base + s.base as id, s.id as stream_id, a.cell_no, a.sample_no, a.epoch
            from streams s join outcomes a
                on a.round_id = s.round_id and a.cell_no = s.cell_no and a.stage = 0 and a.kind = 1
            where s.round_id = p_round and s.stage = 1
        ) n
        where not exists (select from jobs j where j.id = n.id)
            and not exists (select from outcomes o where o.round_id = p_round and o.job_id = n.id)
            and not exists (select from dead_jobs d where d.round_id = p_round and d.job_id = n.id)
        order by n.id
        on conflict do nothing;
        get diagnostics v_grades = row_count;
        return v_probes + v_grades;
    end
    $$;

-- Takes back up to p_limit jobs whose lease has expired; each is a failed attempt of class worker_lost. Marks workers
-- that fell silent. Answers how many jobs were taken back and how many of them are dead.
create function parley.rescue(p_limit integer, out rescued bigint, out dead bigint)
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    set jit = off
    set enable_seqscan = off
    set enable_bitmapscan = off
    as $$
    declare
        v_now timestamptz := parley.now();
        v_job jobs;
        v_disposition text;
    begin
        rescued := 0;
        dead := 0;
        update workers w set state = 'gone'
        where w.state <> 'gone' and w.last_seen_at < v_now - (select worker_silence from settings);
        for v_job in
            select j.* from jobs j
            where j.lease_expires_at is not null and j.lease_expires_at <= v_now
            order by j.id limit p_limit for update skip locked
        loop
            select e.disposition into v_disposition
            from end_attempt(
                v_job, 'worker_lost', format('worker %s did not renew its lease', v_job.worker_id), '', null,
                null, null, null, null, null, null, true, v_now) e;
            rescued := rescued + 1;
            dead := dead + (v_disposition = 'dead')::integer;
        end loop;
    end
    $$;

-- Rules on dead jobs of a round: `rerun` puts them back with all attempts unspent, `exclude` leaves the observation
-- out, `accept` counts it as failed. Answers how many; those that are not dead are not counted.
create function parley.rule(p_round bigint, p_jobs bigint[], p_ruling text, p_by text) returns bigint
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
    declare
        v_now timestamptz := parley.now();
        v_count bigint;
    begin
        if p_ruling = 'rerun' then
            with back as (
                delete from dead_jobs d where d.round_id = p_round and d.job_id = any (p_jobs) returning d.*
            )
            insert into jobs (id, stream_id, cell_no, sample_no, epoch, fence, run_after, enqueued_at)
            select b.job_id, b.stream_id, b.cell_no, b.sample_no, b.epoch, b.fence, v_now, b.enqueued_at from back b;
            get diagnostics v_count = row_count;
            if v_count > 0 then
                update rounds r set state = 'running', finished_at = null where r.id = p_round and r.state = 'exchange';
            end if;
        elsif p_ruling in ('exclude', 'accept') then
            update dead_jobs d set ruling = p_ruling, ruled_by = p_by, ruled_at = v_now
            where d.round_id = p_round and d.job_id = any (p_jobs);
            get diagnostics v_count = row_count;
        else
            raise exception 'a ruling is rerun, exclude or accept, not %', p_ruling
                using errcode = 'invalid_parameter_value';
        end if;
        return v_count;
    end
    $$;

grant execute on function parley.enqueue(bigint), parley.rescue(integer), parley.rule(bigint, bigint[], text, text)
    to parley_coordinator;

reset role;
