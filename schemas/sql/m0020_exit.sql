-- Rounds that a lab may leave without a trace. The definition that stands in `rounds` is veiled: a lab's names are handles,
-- and all other tables take their names from it. What the parties signed is a tree of sealed leaves, which stands
-- in `trees`.
--
-- Invariant: nothing in this database tells whose a handle is; the secrets by which leaves are opened and handles are
-- made are never here. Record: ParleyEvidence, SilentExit.

set local role parley_owner;

-- Deletes all that is a lab's, and puts the definition without it in place. The rest of the round moves up to the numbers
-- that it would have had without the lab; numbers of jobs stay. The ledger has an entry with the lab's handle.
--
-- Nobody works for the round meanwhile; a worker with the old numbers is given nothing of it until it looks for its keys
-- again, and reads the definition anew.
create function parley.leave_round(
    p_round bigint, p_party text, p_definition text, p_signatures integer, p_budgets integer[], p_why text)
    returns void
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
    declare
        v_round rounds;
        v_handle uuid;
        v_streams bigint[];
        v_kept integer[];
        v record;
    begin
        select * into v_round from rounds r where r.id = p_round for update;
        if not found or not exists (select from trees t where t.round_id = p_round) then
            raise exception 'no lab may leave round %', p_round using errcode = 'no_data_found';
        end if;
        if v_round.state not in ('frozen', 'exchange', 'correction') then
            raise exception 'round ''%'' is %: a lab leaves while it is frozen, or after it has run and before disclosure',
                v_round.name, v_round.state using errcode = 'object_not_in_prerequisite_state';
        end if;
        select p.handle into v_handle from round_parties p
        where p.round_id = p_round and p.party = p_party and p.role = 'lab';
        if not found then
            raise exception 'round ''%'' has no lab of this handle', v_round.name using errcode = 'no_data_found';
        end if;
        perform set_config('parley.leaving', p_round::text, true);

        v_streams := array(
            select s.id from streams s join cells c on c.round_id = s.round_id and c.cell_no = s.cell_no
            where s.round_id = p_round and c.party = p_party);
        v_kept := array(
            select c.cell_no from cells c where c.round_id = p_round and c.party <> p_party order by c.cell_no);
        for v in
            select s.base as first, s.base + s.samples::bigint * s.epochs as stop from streams s where s.id = any(v_streams)
        loop
            delete from labels x where x.round_id = p_round and x.job_id >= v.first and x.job_id < v.stop;
            delete from transcripts x where x.round_id = p_round and x.job_id >= v.first and x.job_id < v.stop;
            delete from checkpoints x where x.round_id = p_round and x.job_id >= v.first and x.job_id < v.stop;
            delete from outcomes x where x.round_id = p_round and x.job_id >= v.first and x.job_id < v.stop;
            delete from attempts x where x.round_id = p_round and x.job_id >= v.first and x.job_id < v.stop;
            delete from dead_jobs x where x.round_id = p_round and x.job_id >= v.first and x.job_id < v.stop;
            delete from jobs x where x.id >= v.first and x.id < v.stop;
            delete from blocks x where x.first >= v.first and x.first < v.stop;
        end loop;
        delete from charges x where x.stream_id = any(v_streams);
        delete from spending x where x.stream_id = any(v_streams);
        delete from budget_streams x where x.stream_id = any(v_streams);
        -- What is known of an account that nothing else uses.
        for v in
            select distinct s.account, s.model from streams s
            where s.id = any(v_streams) and not exists (
                select from streams o where o.account = s.account and o.model = s.model and o.id <> all(v_streams))
        loop
            delete from permits x where x.account = v.account and x.model = v.model;
            delete from limits x where x.account = v.account and x.model = v.model;
        end loop;
        delete from streams x where x.id = any(v_streams);
        delete from cells x where x.round_id = p_round and x.party = p_party;
        delete from segments x where x.round_id = p_round;
        delete from exposures x where x.round_id = p_round and x.party = p_party;
        delete from signatures x where x.round_id = p_round and x.party = p_party;
        delete from party_logins x where x.round_id = p_round and x.party = p_party;
        delete from data_keys x where x.round_id = p_round and x.party = p_party;
        if found then
            update workers w set tags = array(
                select t from unnest(w.tags) t where not starts_with(t, 'sealed:' || v_round.name || '/'))
            where w.state <> 'gone';
        end if;
        delete from reserves x using budgets b
        where b.id = x.budget_id and b.round_id = p_round and b.budget_no <> all(p_budgets);
        delete from budget_streams x using budgets b
        where b.id = x.budget_id and b.round_id = p_round and b.budget_no <> all(p_budgets);
        delete from budgets x where x.round_id = p_round and x.budget_no <> all(p_budgets);
        delete from round_parties x where x.round_id = p_round and x.party = p_party;

        -- Ascending, so that each number is free when it is taken.
        for v in select k.old, k.n - 1 as new from unnest(v_kept) with ordinality k (old, n) where k.old <> k.n - 1 loop
            update cells x set cell_no = v.new where x.round_id = p_round and x.cell_no = v.old;
        end loop;
        for v in
            select b.id, row_number() over (order by b.budget_no) as n from budgets b where b.round_id = p_round
            order by b.budget_no
        loop
            update budgets x set budget_no = v.n where x.id = v.id and x.budget_no <> v.n;
        end loop;
        update outcomes x set cell_no = array_position(v_kept, x.cell_no) - 1
        where x.round_id = p_round and x.cell_no <> array_position(v_kept, x.cell_no) - 1;
        update dead_jobs x set cell_no = array_position(v_kept, x.cell_no) - 1 where x.round_id = p_round;
        update labels x set cell_no = array_position(v_kept, x.cell_no) - 1 where x.round_id = p_round;
        update jobs x set cell_no = array_position(v_kept, x.cell_no) - 1
        where x.id >= p_round << 36 and x.id < (p_round + 1) << 36;
        update rounds r set definition = p_definition, signatures = p_signatures where r.id = p_round;
        perform set_config('parley.leaving', '', true);
        perform chain(p_round, parley.now(), v_handle::text, 'left', '', p_why);
    end
    $$;
grant execute on function parley.leave_round(bigint, text, text, integer, integer[], text) to parley_coordinator;

reset role;
