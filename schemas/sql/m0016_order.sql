-- The order of samples: they are numbered in the order in which they are run, and keep their places in the dataset.

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

reset role;
