-- Other servers: rounds that lie wholly on one of several servers, read together at one of them, the desk.
--
-- The desk reads the others through postgres_fdw: a schema of foreign tables for each, named `parley_at_NAME`, in which
-- every statement that reads a round finds the same tables as in `parley`. It writes nothing there: the sessions are
-- read-only, the tables are not updatable, and the login needs no more than parley_coordinator's rights to read. No
-- password is kept in the catalog: the mapping names the login only, and the other server knows the desk by a passfile
-- or a certificate of the account that the desk's PostgreSQL runs as.

set local role parley_owner;

-- What a comparison over rounds needs of one, summed up where the round is: of each sample of a cell how often which
-- kind and score came, and in which epoch first, from 1. Counts and integers: put together they are exact.
create view parley.sample_counts as
    select round_id, cell_no, sample_no, kind, score, min(epoch) as epoch, count(*) as observations
    from parley.observations
    group by round_id, cell_no, sample_no, kind, score;

-- Amendments with the signatures that they lack.
create view parley.amendment_standings as
    select round_id, number, content, hash, parley.signatures_lacking(round_id, 'amendment', hash) as lacking
    from parley.amendments;

-- The servers that this one reads. Their rounds as they were last seen, so that one that does not answer is not
-- forgotten.
create table parley.servers (
    name text primary key check (name ~ '^[a-z][a-z0-9_]{0,31}$'),
    -- Where it is, for people: no password is in it.
    place text not null,
    added_at timestamptz not null default parley.now(),
    added_by text not null,
    rounds text[] not null default '{}',
    seen_at timestamptz not null default parley.now()
);

-- Makes a server readable from here, or takes it in anew. Runs with the caller's rights, a superuser's: only one may
-- map a login without a password in the catalog.
create function parley.add_server(
    p_name text, p_place text, p_options text[], p_values text[], p_user text, p_by text)
    returns void
    language plpgsql
    set search_path = pg_catalog, parley, pg_temp
    as $$
    declare
        v_server text := 'parley_at_' || p_name;
        v_options text := (
            select string_agg(format('%I %L', o, v), ', ') from unnest(p_options, p_values) g (o, v));
    begin
        create extension if not exists postgres_fdw with schema public;
        perform parley.remove_server(p_name);
        -- Statements over there stay on the primary keys, as those over here do.
        execute format(
            'create server %I foreign data wrapper postgres_fdw options (%s, updatable ''false'', fetch_size ''20000'', '
                'options ''-c default_transaction_read_only=on -c jit=off -c enable_seqscan=off -c enable_bitmapscan=off '
                '-c enable_hashjoin=off -c enable_mergejoin=off'')',
            v_server, v_options);
        execute format(
            'create user mapping for public server %I options (user %L, password_required ''false'')', v_server, p_user);
        execute format('create schema %I', v_server);
        execute format(
            'import foreign schema parley limit to (schema_migrations, rounds, round_parties, trees, suites, samples, '
                'cells, streams, jobs, outcomes, dead_jobs, observations, regraded, sample_counts, segments, gradings, '
                'labels, data_keys, amendment_standings) from server %I into %I',
            v_server, v_server);
        execute format('grant usage on schema %I to parley_coordinator', v_server);
        execute format('grant select on all tables in schema %I to parley_coordinator', v_server);
        insert into parley.servers (name, place, added_by) values (p_name, p_place, p_by);
    end
    $$;

-- Forgets a server; nothing over there changes. Answers whether it was known.
create function parley.remove_server(p_name text) returns boolean
    language plpgsql
    set search_path = pg_catalog, parley, pg_temp
    as $$
    begin
        execute format('drop schema if exists %I cascade', 'parley_at_' || p_name);
        execute format('drop server if exists %I cascade', 'parley_at_' || p_name);
        delete from parley.servers s where s.name = p_name;
        return found;
    end
    $$;

grant select on parley.sample_counts, parley.amendment_standings, parley.servers to parley_coordinator;
grant update (rounds, seen_at) on parley.servers to parley_coordinator;

reset role;
