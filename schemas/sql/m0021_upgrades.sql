-- Upgrades while workers run: which schema a worker's program was written for, and what a step of the schema asks before
-- it takes away what the programs of some of them call.
--
-- `schema_migrations.least` is the oldest schema whose programs a step still serves; the runner keeps it.

set local role parley_owner;

-- Workers from before this step were written for the schema before it.
alter table parley.workers add column schema integer not null default 20;

-- Refuses a program that the schema does not serve, or that needs a later one.
create function parley.require_schema(p_schema integer) returns void
    language plpgsql
    set search_path = pg_catalog, parley, pg_temp
    as $$
    declare
        v_newest bigint;
        v_least bigint;
    begin
        select max(m.version), max(m.least) filter (where m.version > p_schema) into v_newest, v_least
        from schema_migrations m;
        if v_newest < p_schema then
            raise exception 'the database''s schema is %, this program needs %', v_newest, p_schema
                using errcode = 'feature_not_supported', hint = 'Run `parley migrate` first.';
        elsif v_least > p_schema then
            raise exception 'the database''s schema is % and serves programs from % on, this one was written for %',
                v_newest, v_least, p_schema
                using errcode = 'feature_not_supported', hint = 'Use a newer Parley.';
        end if;
    end
    $$;

-- Refuses while a worker is alive whose program was written for none of these schemas; until the transaction ends no
-- worker registers. A step calls it first where it takes away what other programs call, and where it is undone.
create function parley.require_workers_of(p_from integer, p_to integer) returns void
    language plpgsql
    set search_path = pg_catalog, parley, pg_temp
    as $$
    declare
        v_others text;
    begin
        lock table workers in share row exclusive mode;
        select string_agg(format('%s (%s, written for schema %s)', w.id, w.name, w.schema), ', ' order by w.id)
        into v_others
        from workers w
        where w.state <> 'gone' and w.lease_expires_at > parley.now() and w.schema not between p_from and p_to;
        if v_others is not null then
            raise exception 'these workers could not go on: %', v_others
                using errcode = 'object_not_in_prerequisite_state',
                      hint = 'Nothing of this step was done. Let them finish and end with `parley pool drain POOL` or '
                          '`parley worker drain NUMBER`, then migrate again.';
        end if;
    end
    $$;

-- Registers a worker whose program was written for p_schema.
create function parley.register_worker(
    p_name text, p_host text, p_pid integer, p_version text, p_tags text[], p_lease_micros bigint, p_pool text,
    p_definitions integer[], p_schema integer)
    returns bigint
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
    declare
        v_id bigint := register_worker(
            p_name, p_host, p_pid, p_version, p_tags, p_lease_micros, p_pool, p_definitions);
    begin
        -- Once its row stands: a step that looks at workers has locked them, so one of the two sees the other.
        perform require_schema(p_schema);
        update workers w set schema = p_schema where w.id = v_id;
        return v_id;
    end
    $$;

grant execute on function
    parley.register_worker(text, text, integer, text, text[], bigint, text, integer[], integer)
    to parley_worker;

reset role;
