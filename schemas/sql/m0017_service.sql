-- The coordinator service: who may call it, what was asked of it, and which of several coordinators leads.
--
-- A token is known by its SHA-256 only: it holds 256 random bits, so that the hash tells nothing of it. A party's token
-- is a login of parley_party: what it reads is read in a session of that login, under the rows' security of
-- m0012_visibility, never by the coordinator on its behalf. The lease's `term` is a fencing token: whoever acts on duty
-- holds the row for the length of its transaction by `require_term`, and a new term is opened under a lock that waits
-- for them, so that nothing of an old term takes effect once a new one has begun.

set local role parley_owner;

create table parley.tokens (
    id bigint generated always as identity primary key,
    name text not null unique check (octet_length(name) between 1 and 64),
    hash bytea not null unique check (octet_length(hash) = 32),
    scopes text[] not null check (cardinality(scopes) > 0 and scopes <@ array['read', 'control', 'admin']),
    -- The party's login as which it reads; null for an operator's.
    login text check (login is null or scopes = array['read']),
    created_at timestamptz not null default parley.now(),
    created_by text not null,
    expires_at timestamptz not null check (expires_at > created_at),
    last_used_at timestamptz,
    revoked_at timestamptz,
    revoked_by text,
    check ((revoked_at is null) = (revoked_by is null))
);

-- Makes a token; answers its number, and null where the name is taken.
create function parley.new_token(
    p_name text, p_hash bytea, p_scopes text[], p_login text, p_seconds bigint, p_reason text, p_by text)
    returns bigint
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
    declare
        v_id bigint;
        v_now timestamptz := parley.now();
    begin
        if p_login is not null and not exists (
            select from pg_roles g
            where g.rolname = p_login and pg_has_role(g.oid, 'parley_party', 'member') and not g.rolsuper
                and not pg_has_role(g.oid, 'parley_coordinator', 'member')
                and not pg_has_role(g.oid, 'parley_owner', 'member'))
        then
            raise exception 'there is no login % that reads as a party and has no further rights', p_login
                using errcode = 'undefined_object',
                      hint = 'As the database''s administrator, make it a member of parley_party and of nothing else.';
        end if;
        insert into tokens (name, hash, scopes, login, created_at, created_by, expires_at)
        values (p_name, p_hash, p_scopes, p_login, v_now, p_by, v_now + p_seconds * interval '1 second')
        on conflict (name) do nothing returning id into v_id;
        if v_id is not null then
            perform record_event(
                'token made', null, 'token ' || p_name, array_to_string(p_scopes, ', ') || ': ' || p_reason, p_by, 1);
        end if;
        return v_id;
    end
    $$;

-- Ends a token; answers whether it was one that held.
create function parley.revoke_token(p_name text, p_reason text, p_by text) returns boolean
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
    begin
        update tokens t set revoked_at = parley.now(), revoked_by = p_by
        where t.name = p_name and t.revoked_at is null;
        if not found then
            return false;
        end if;
        perform record_event('token revoked', null, 'token ' || p_name, p_reason, p_by, 1);
        return true;
    end
    $$;

-- The token of this hash, if it holds. When it was last used is kept to the minute, so that a busy one costs no write.
create function parley.use_token(p_hash bytea) returns table (id bigint, name text, scopes text[], login text)
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
    #variable_conflict use_column
    declare
        v_now timestamptz := parley.now();
        v_token tokens;
    begin
        select * into v_token from tokens t where t.hash = p_hash and t.revoked_at is null and t.expires_at > v_now;
        if not found then
            return;
        end if;
        if v_token.last_used_at is null or v_token.last_used_at < v_now - interval '1 minute' then
            update tokens t set last_used_at = v_now where t.id = v_token.id;
        end if;
        return query select v_token.id, v_token.name, v_token.scopes, v_token.login;
    end
    $$;

grant select (id, name, scopes, login, created_at, created_by, expires_at, last_used_at, revoked_at, revoked_by)
    on parley.tokens to parley_coordinator;

-- What was asked of the service that changes something, and why; kept before it is done, so that what came to nothing
-- stands here as well. With a key of the caller's, the answer to the first is the answer to all that repeat it.
create table parley.requests (
    id bigint generated always as identity primary key,
    at timestamptz not null default parley.now(),
    token_id bigint not null references parley.tokens,
    actor text not null,
    method text not null,
    path text not null check (octet_length(path) <= 1024),
    round_id bigint,
    reason text not null check (reason <> ''),
    key text check (octet_length(key) between 1 and 128),
    body_hash bytea not null,
    -- null while it is being done.
    status integer,
    answer text,
    unique (token_id, key)
);

-- Keeps a request. Answers its number and null where it is new; the earlier one of the same key otherwise, and whether
-- that asked for the same.
create function parley.begin_request(
    p_token bigint, p_actor text, p_method text, p_path text, p_round bigint, p_reason text, p_key text, p_hash bytea)
    returns table (id bigint, is_new boolean, is_same boolean, status integer, answer text)
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
    #variable_conflict use_column
    declare
        v_id bigint;
    begin
        insert into requests as r (token_id, actor, method, path, round_id, reason, key, body_hash)
        values (p_token, p_actor, p_method, p_path, p_round, p_reason, p_key, p_hash)
        on conflict (token_id, key) do nothing returning r.id into v_id;
        if v_id is not null then
            return query select v_id, true, true, null::integer, null::text;
        else
            return query
                select r.id, false, r.method = p_method and r.path = p_path and r.body_hash = p_hash, r.status, r.answer
                from requests r where r.token_id = p_token and r.key = p_key;
        end if;
    end
    $$;

-- Keeps what it came to.
create function parley.end_request(p_request bigint, p_status integer, p_answer text) returns void
    language sql security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
        update requests r set status = p_status, answer = p_answer where r.id = p_request and r.status is null
    $$;

grant select on parley.requests to parley_coordinator;

-- Sets a budget's caps where they are what the caller has seen. Answers how many budgets changed, null where they are
-- not.
create function parley.replace_caps(
    p_round bigint, p_budget integer, p_seen_tokens bigint, p_seen_cost bigint, p_tokens bigint, p_cost bigint,
    p_reason text, p_by text)
    returns bigint
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
    begin
        perform from budgets b
        where b.round_id = p_round and b.budget_no = p_budget and b.tokens is not distinct from p_seen_tokens
            and b.cost is not distinct from p_seen_cost
        for update;
        if not found then
            return null;
        end if;
        return set_budget(p_round, p_budget, p_tokens, p_cost, p_reason, p_by);
    end
    $$;

-- Who leads: one row.
create table parley.leadership (
    one boolean primary key default true check (one),
    term bigint not null,
    holder text not null,
    since timestamptz not null,
    expires_at timestamptz not null
);
insert into parley.leadership (term, holder, since, expires_at) values (0, '', parley.now(), '-infinity');

-- Renews the term that the caller has, or opens the next where the lease has run out; answers the caller's term, null
-- where somebody else leads. A term that ran out while nobody took it is renewed: nobody has acted since.
create function parley.lead(p_holder text, p_term bigint, p_millis bigint) returns bigint
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
    declare
        v leadership;
    begin
        -- Compatible with `require_term`: a renewal does not wait for a long duty of its own.
        update leadership l set expires_at = parley.now() + p_millis * interval '1 millisecond'
        where l.term = p_term and l.holder = p_holder;
        if found then
            return p_term;
        end if;
        select * into v from leadership l;
        if v.expires_at > parley.now() then
            return null;
        end if;
        select * into v from leadership l for update;
        if v.expires_at > parley.now() then
            return null;
        end if;
        update leadership l
        set term = v.term + 1, holder = p_holder, since = parley.now(),
            expires_at = parley.now() + p_millis * interval '1 millisecond';
        return v.term + 1;
    end
    $$;

-- Ends a term before its time, so that the next need not wait.
create function parley.resign(p_holder text, p_term bigint) returns void
    language sql security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
        update leadership l set expires_at = '-infinity' where l.term = p_term and l.holder = p_holder
    $$;

-- Refuses the transaction unless the term holds, and holds it until the transaction's end.
create function parley.require_term(p_term bigint) returns void
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
    begin
        perform from leadership l where l.term = p_term for key share;
        if not found then
            raise exception 'term % is over: another coordinator leads', p_term using errcode = 'PL001';
        end if;
    end
    $$;

grant select on parley.leadership to parley_coordinator;
grant execute on function
    parley.new_token(text, bytea, text[], text, bigint, text, text),
    parley.revoke_token(text, text, text),
    parley.use_token(bytea),
    parley.begin_request(bigint, text, text, text, bigint, text, text, bytea),
    parley.end_request(bigint, integer, text),
    parley.replace_caps(bigint, integer, bigint, bigint, bigint, bigint, text, text),
    parley.lead(text, bigint, bigint),
    parley.resign(text, bigint),
    parley.require_term(bigint)
    to parley_coordinator;

reset role;
