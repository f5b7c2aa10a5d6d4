-- Checkpoints: where a long probe stands, so that one that is killed goes on from there.

set local role parley_owner;

-- A run's state after its last finished step, and what all steps used, those before an earlier death included. That is
-- charged when it is saved. An outcome is charged with all that its job used, so the checkpoint's part is taken back
-- when the coordinator finds that the job has one.
create table parley.checkpoints (
    round_id bigint not null references parley.rounds,
    job_id bigint not null,
    -- Of the claim that saved it.
    fence bigint not null,
    saved_at timestamptz not null,
    tokens bigint not null check (tokens >= 0),
    -- Billionths.
    cost bigint not null check (cost >= 0),
    -- Sealed, and compressed before it was.
    sealed bytea not null check (octet_length(sealed) <= 67108864),
    primary key (round_id, job_id),
    check (job_id >> 36 = round_id)
);
alter table parley.checkpoints alter column sealed set storage external;

-- Saves the state of a job that this worker holds; answers whether it does. May be repeated.
create function parley.save_checkpoint(
    p_worker bigint, p_job bigint, p_fence bigint, p_block bigint, p_tokens bigint, p_cost bigint, p_sealed bytea)
    returns boolean
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    set enable_seqscan = off
    as $$
    declare
        v_stream bigint;
        v_old checkpoints;
    begin
        perform require_worker(p_worker);
        -- The row stays locked: who takes the job back, or commits it, waits.
        if p_block is null then
            select j.stream_id into v_stream from jobs j
            where j.id = p_job and j.fence = p_fence and j.worker_id = p_worker for no key update;
        else
            select b.stream_id into v_stream from blocks b
            where b.first = p_block and b.worker_id + 0 = p_worker and p_fence = 1
                and p_job - b.first between 0 and b.count - 1 and b.open >> (p_job - b.first)::integer & 1 = 1
            for no key update;
        end if;
        if v_stream is null then
            return false;
        end if;
        select * into v_old from checkpoints c where c.round_id = p_job >> 36 and c.job_id = p_job;
        -- A run that used less than the checkpoint says did not go on from it: all that it used is new.
        if v_old.tokens > p_tokens or v_old.cost > p_cost then
            v_old.tokens := 0;
            v_old.cost := 0;
        end if;
        insert into checkpoints as c (round_id, job_id, fence, saved_at, tokens, cost, sealed)
        values (p_job >> 36, p_job, p_fence, parley.now(), p_tokens, p_cost, p_sealed)
        on conflict on constraint checkpoints_pkey do update
        set fence = excluded.fence, saved_at = excluded.saved_at, tokens = excluded.tokens, cost = excluded.cost,
            sealed = excluded.sealed;
        if p_tokens > coalesce(v_old.tokens, 0) or p_cost > coalesce(v_old.cost, 0) then
            insert into charges (stream_id, tokens, cost)
            values (v_stream, p_tokens - coalesce(v_old.tokens, 0), p_cost - coalesce(v_old.cost, 0));
        end if;
        return true;
    end
    $$;

-- Where a job that this worker holds stands: a row, or none for its beginning.
create function parley.load_checkpoint(p_worker bigint, p_job bigint, p_fence bigint)
    returns table (sealed bytea)
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    set enable_seqscan = off
    as $$
    begin
        perform require_worker(p_worker);
        return query
            select c.sealed
            from jobs j join checkpoints c on c.round_id = j.id >> 36 and c.job_id = j.id
            where j.id = p_job and j.fence = p_fence and j.worker_id = p_worker;
    end
    $$;

-- Removes the checkpoints of jobs that have their outcome, and takes back what they charged. Answers how many.
create function parley.settle_checkpoints() returns bigint
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    set enable_seqscan = off
    set plan_cache_mode = force_custom_plan
    as $$
    declare
        v_round bigint;
        v_settled bigint;
        v_count bigint := 0;
    begin
        for v_round in select distinct c.round_id from checkpoints c loop
            with done as (
                delete from checkpoints c using outcomes o
                where c.round_id = v_round and o.round_id = v_round and o.job_id = c.job_id
                returning c.job_id, c.tokens, c.cost
            ),
            back as (
                insert into charges (stream_id, tokens, cost)
                select s.id, -d.tokens, -d.cost
                from done d join streams s
                    on s.round_id = v_round and d.job_id >= s.base
                        and d.job_id < s.base + s.samples::bigint * s.epochs
            )
            select count(*) into v_settled from done;
            v_count := v_count + v_settled;
        end loop;
        return v_count;
    end
    $$;

grant execute on function
    parley.save_checkpoint(bigint, bigint, bigint, bigint, bigint, bigint, bytea),
    parley.load_checkpoint(bigint, bigint, bigint)
    to parley_worker;
grant select on parley.checkpoints to parley_coordinator;
grant execute on function parley.settle_checkpoints() to parley_coordinator;

reset role;
