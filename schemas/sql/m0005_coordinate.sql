-- What the coordinator does to jobs: enqueue, rescue, rule.

set local role parley_owner;

-- Inserts the grade jobs of a round that are in none of jobs, outcomes and dead_jobs: those of answers whose grades
-- were lost by hand. Probe jobs need none of this: what was never claimed is no row. Answers how many.
create function parley.enqueue(p_round bigint) returns bigint
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
    declare
        v_now timestamptz := parley.now();
        v_grades bigint;
    begin
        insert into jobs (id, stream_id, cell_no, sample_no, epoch, run_after)
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
        return v_grades;
    end
    $$;

-- Takes back up to p_limit jobs of workers whose lease has expired; each is a failed attempt of class worker_lost.
-- Answers how many jobs were taken back and how many of them are dead. A worker that is gone is looked at again for
-- ten minutes: a claim of it may have been on its way.
create function parley.rescue(p_limit integer, out rescued bigint, out dead bigint)
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    set enable_seqscan = off
    set enable_bitmapscan = off
    as $$
    declare
        v_now timestamptz := parley.now();
        v_worker workers;
        v_job jobs;
        v_disposition text;
        v_blocks bigint[];
        v_open bigint[];
    begin
        rescued := 0;
        dead := 0;
        for v_worker in
            select w.* from workers w
            where w.lease_expires_at <= v_now
                and (w.state <> 'gone' or w.lease_expires_at > v_now - interval '10 minutes')
            order by w.id for update skip locked
        loop
            select array_agg(o.block), array_agg(o.job_id) into v_blocks, v_open
            from open_in_blocks(v_worker.id, 'infinity') o;
            if v_open is not null then
                perform single_out(v_worker.id, v_blocks, v_open);
            end if;
            for v_job in
                select j.* from jobs j where j.worker_id = v_worker.id
                order by j.id limit p_limit - rescued for update
            loop
                select e.disposition into v_disposition
                from end_attempt(
                    v_job, 'worker_lost', format('worker %s did not renew its lease', v_job.worker_id), '', null,
                    null, null, null, null, null, null, true, false, v_now) e;
                rescued := rescued + 1;
                dead := dead + (v_disposition = 'dead')::integer;
            end loop;
            exit when rescued >= p_limit;
            perform forget_worker(v_worker.id);
            update workers w set state = 'gone' where w.id = v_worker.id and w.state <> 'gone';
        end loop;
    end
    $$;

-- Moves a round on whose jobs are all done; answers whether it did. Of its blocks only the last of each stream is
-- needed from then on, for the cursor: workers look through all that they ever claimed.
create function parley.finish(p_round bigint) returns boolean
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    set enable_seqscan = off
    set enable_bitmapscan = off
    as $$
    begin
        update rounds r set state = 'exchange', finished_at = parley.now()
        where r.id = p_round and r.state = 'running'
            and not exists (
                select from streams s
                where s.round_id = r.id and s.stage = 0 and not s.cancelled
                    and stream_cursor(s.base, s.base + s.samples::bigint * s.epochs)
                        < s.base + s.samples::bigint * s.epochs)
            and not exists (
                select from jobs j join streams s on s.id = j.stream_id
                where j.id >= r.id << 36 and j.id < (r.id + 1) << 36 and (not s.cancelled or j.worker_id is not null))
            and not exists (
                select from blocks b where b.first >= r.id << 36 and b.first < (r.id + 1) << 36 and b.open <> 0);
        if not found then
            return false;
        end if;
        delete from blocks b
        where b.first >= p_round << 36 and b.first < (p_round + 1) << 36
            and exists (select from blocks n where n.first = b.first + b.count and n.stream_id = b.stream_id);
        return true;
    end
    $$;

-- Rules on dead jobs of a round: `rerun` puts them back with all attempts unspent, `exclude` leaves the observation
-- out, `accept` counts it as failed. Answers how many; those that are not dead are not counted.
create function parley.rule(p_round bigint, p_jobs bigint[], p_ruling text, p_reason text, p_by text) returns bigint
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
    declare
        v_now timestamptz := parley.now();
        v_count bigint;
    begin
        if p_ruling = 'rerun' then
            -- From the beginning: where it stood is where it failed.
            delete from checkpoints c where c.round_id = p_round and c.job_id = any (p_jobs)
                and exists (select from dead_jobs d where d.round_id = c.round_id and d.job_id = c.job_id);
            with back as (
                delete from dead_jobs d where d.round_id = p_round and d.job_id = any (p_jobs) returning d.*
            )
            insert into jobs (id, stream_id, cell_no, sample_no, epoch, fence, run_after)
            select b.job_id, b.stream_id, b.cell_no, b.sample_no, b.epoch, b.fence, v_now from back b;
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
        perform record_event('rule', p_round, p_ruling, p_reason, p_by, v_count);
        return v_count;
    end
    $$;

grant execute on function parley.enqueue(bigint), parley.finish(bigint), parley.rescue(integer), parley.rule(bigint, bigint[], text, text, text)
    to parley_coordinator;

reset role;
