-- Roles, the schema, the clock, and the plain functions that the rest builds on.
--
-- Invariant: no service owns anything. `parley_owner` owns every object and runs the SECURITY DEFINER functions;
-- `parley_coordinator` has table rights without ownership; `parley_worker` may enter the schema and call the worker
-- functions, nothing else. The three are groups without login: a service logs in as a member.

do $$
declare
    v_role text;
begin
    foreach v_role in array array['parley_owner', 'parley_coordinator', 'parley_worker'] loop
        begin
            execute format('create role %I nologin', v_role);
        exception
            -- Roles belong to the server, not to the database: another database or session may have made them.
            when duplicate_object or unique_violation then null;
        end;
    end loop;
    if not pg_has_role(current_user, 'parley_owner', 'member') then
        execute format('grant parley_owner to %I', current_user);
    end if;
    execute format('grant create on database %I to parley_owner', current_database());
end
$$;

create schema if not exists parley;
alter schema parley owner to parley_owner;
revoke all on schema parley from public;
grant usage on schema parley to parley_coordinator, parley_worker;

-- Made by the runner before this file; whoever migrates is a member of the owner.
alter table parley.schema_migrations owner to parley_owner;
grant select on parley.schema_migrations to parley_coordinator;

set local role parley_owner;

-- What this role makes later is nobody's either until it is granted.
alter default privileges for role parley_owner revoke execute on functions from public;

-- The one source of time. Leases, retries and records read no other clock.
create function parley.now() returns timestamptz
    language sql volatile parallel safe
    as $$ select pg_catalog.clock_timestamp() $$;

grant execute on function parley.now() to parley_coordinator;

-- Integer quotient, rounded to the nearest, halves away from zero. Exact: `div` on numerics truncates exactly.
create function parley.rounded_quotient(p_sum numeric, p_count bigint) returns bigint
    language sql immutable strict parallel safe
    as $$ select (sign(p_sum) * div(abs(p_sum) * 2 + p_count, 2 * p_count::numeric))::bigint $$;

-- What the queue does with a failed attempt of a class; the same table as FailureClass.retry in ParleyModel, which a
-- test compares. An unknown class is retried as transient: a newer worker may know more classes than this schema.
create function parley.retry_of(p_class text) returns text
    language sql immutable strict parallel safe
    as $$
        select case
            when p_class in ('malformed_response', 'invalid_request') then 'deterministic'
            when p_class in ('rate_limited', 'overloaded') then 'deferred'
            when p_class in ('quota_exhausted', 'authentication') then 'pause'
            when p_class = 'cancelled' then 'released'
            else 'transient'
        end
    $$;

-- The limits of retrying, one row.
create table parley.settings (
    only_row boolean primary key default true check (only_row),
    -- Most attempts of a job that are counted; released and paused ones are not.
    max_attempts integer not null default 8 check (max_attempts between 1 and 100),
    -- How often the same deterministic failure may follow itself.
    max_identical integer not null default 3 check (max_identical between 1 and 100),
    -- Longest time from a job's first claim to its last try.
    max_elapsed interval not null default '24 hours' check (max_elapsed > interval '0'),
    -- First and longest wait between two tries.
    first_delay interval not null default '1 second' check (first_delay > interval '0'),
    longest_delay interval not null default '5 minutes' check (longest_delay > interval '0'),
    -- How long an account is left as it is after its limit was cut, at least and at most.
    calm interval not null default '10 seconds' check (calm > interval '0'),
    longest_calm interval not null default '10 minutes' check (longest_calm > interval '0'),
    -- Failures in a row, without a success, that open an account's breaker; and its longest pause.
    strikes integer not null default 20 check (strikes >= 1),
    longest_pause interval not null default '1 minute' check (longest_pause > interval '0')
);
insert into parley.settings default values;

grant select, update on parley.settings to parley_coordinator;

-- The wait before the next try: doubles with each attempt up to the longest, of which a half is jittered. The jitter
-- follows from job and fence, so that it spreads jobs apart and yet can be tested.
create function parley.backoff(p_job bigint, p_fence bigint, p_attempt integer, p_first interval, p_longest interval)
    returns interval
    language sql immutable strict parallel safe
    as $$
        select least(p_first * (2.0 ^ least(greatest(p_attempt - 1, 0), 30)), p_longest)
            * (0.5 + 0.5 * (hashint8extended(p_job, p_fence) & 65535) / 65536.0)
    $$;

reset role;
