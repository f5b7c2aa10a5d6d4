-- The ledger of a round, its states, who must sign it, and what was signed.
--
-- Invariants. The ledger is only ever added to, and each entry holds the hash of the one before; the hashes are those
-- of `Ledger` in ParleyEvidence. A round changes its state along `transitions` only, and never without its entry, since
-- the trigger that allows the change writes the entry. Nothing runs before enough parties have signed. All of this
-- holds for whatever statement changes a table; whoever owns the server can switch triggers off and rebuild the chain,
-- and is found by a head that was witnessed before and kept elsewhere.

set local role parley_owner;

create table parley.ledger (
    round_id bigint not null references parley.rounds,
    -- From 1, without gaps.
    sequence bigint not null check (sequence >= 1),
    at timestamptz not null,
    -- A party's handle, a person or a login; never a party's name.
    who text not null check (octet_length(who) <= 256),
    what text not null check (octet_length(what) between 1 and 64),
    subject text not null check (octet_length(subject) <= 1024),
    why text not null check (octet_length(why) <= 2048),
    previous bytea not null check (octet_length(previous) = 32),
    hash bytea not null check (octet_length(hash) = 32),
    primary key (round_id, sequence),
    -- A chain has no fork.
    unique (round_id, previous)
);

-- What is only ever added to stays, but for what is a leaving lab's.
create function parley.refuse_change() returns trigger
    language plpgsql
    set search_path = pg_catalog, parley, pg_temp
    as $$
    begin
        -- A setting is anybody's to set: it counts within leave_round alone, which acts as the owner.
        if tg_table_name in ('signatures', 'labels') and tg_op <> 'TRUNCATE' and current_user = 'parley_owner'
            and current_setting('parley.leaving', true) <> ''
        then
            return old;
        end if;
        raise exception 'parley.% is only ever added to', tg_table_name using errcode = 'insufficient_privilege';
    end
    $$;

create trigger ledger_stays before update or delete on parley.ledger
    for each row execute function parley.refuse_change();
create trigger ledger_is_not_emptied before truncate on parley.ledger
    for each statement execute function parley.refuse_change();
alter table parley.ledger enable always trigger ledger_stays;
alter table parley.ledger enable always trigger ledger_is_not_emptied;

-- What stands before the first entry: it binds the chain to its round.
create function parley.ledger_genesis(p_round_name text) returns bytea
    language sql stable strict
    set search_path = pg_catalog, parley, pg_temp
    as $$ select sha256(convert_to(E'parley.ledger/1\n' || p_round_name || E'\n', 'UTF8')) $$;

-- The hash of an entry: SHA-256 of its canonical JSON. to_json escapes text as RFC 8785 does.
create function parley.ledger_hash(
    p_round_name text, p_sequence bigint, p_at timestamptz, p_who text, p_what text, p_subject text, p_why text,
    p_previous bytea) returns bytea
    language sql stable strict
    set search_path = pg_catalog, parley, pg_temp
    as $$
        select sha256(convert_to(
            '{"at":"' || to_char(p_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
            || '","previous":"sha256:' || encode(p_previous, 'hex') || '","round":' || to_json(p_round_name)
            || ',"sequence":' || p_sequence || ',"subject":' || to_json(p_subject) || ',"what":' || to_json(p_what)
            || ',"who":' || to_json(p_who) || ',"why":' || to_json(p_why) || '}', 'UTF8'))
    $$;

-- Adds the next entry. Serial for each round by its row in rounds, which no statement about jobs locks; take that lock
-- late, since whoever holds it keeps other changes of the same round waiting.
create function parley.chain(
    p_round bigint, p_at timestamptz, p_who text, p_what text, p_subject text, p_why text) returns bigint
    language plpgsql
    set search_path = pg_catalog, parley, pg_temp
    as $$
    declare
        v_name text;
        v_presence text;
        v_elsewhere text;
        v_sequence bigint;
        v_previous bytea;
        v_who text := coalesce(nullif(p_who, ''), session_user);
    begin
        select r.name, r.presence, r.elsewhere into v_name, v_presence, v_elsewhere
        from rounds r where r.id = p_round for no key update;
        if not found then
            raise exception 'there is no round with number %', p_round using errcode = 'no_data_found';
        end if;
        -- The chain goes on where the round is: one that went on in two places would have forked.
        if v_presence not in ('here', 'leaving') then
            raise exception 'round ''%'' is not here: %', v_name, concat_ws(' ', v_presence, nullif(v_elsewhere, ''))
                using errcode = 'object_not_in_prerequisite_state';
        end if;
        -- A statement of its own, so that it sees what was added while this one waited.
        select l.sequence, l.hash into v_sequence, v_previous
        from ledger l where l.round_id = p_round order by l.sequence desc limit 1;
        v_sequence := coalesce(v_sequence, 0) + 1;
        v_previous := coalesce(v_previous, ledger_genesis(v_name));
        insert into ledger (round_id, sequence, at, who, what, subject, why, previous, hash)
        values (p_round, v_sequence, p_at, v_who, p_what, coalesce(p_subject, ''), coalesce(p_why, ''), v_previous,
            ledger_hash(
                v_name, v_sequence, p_at, v_who, p_what, coalesce(p_subject, ''), coalesce(p_why, ''), v_previous));
        return v_sequence;
    end
    $$;

-- The same for the coordinator and for other functions. What the functions below write of themselves nobody else can
-- write.
create function parley.append_ledger(p_round bigint, p_who text, p_what text, p_subject text, p_why text)
    returns bigint
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
    begin
        if p_what in ('drafted', 'moved', 'signed', 'amended', 'leaving', 'stayed', 'arrived', 'dropped') then
            raise exception 'an entry ''%'' is written by what it records, not by itself', p_what
                using errcode = 'insufficient_privilege';
        end if;
        return chain(p_round, parley.now(), p_who, p_what, p_subject, p_why);
    end
    $$;

-- What was done to rounds until now, in its order: from here on the ledger is the one place where that is written.
do $$
declare
    v record;
begin
    for v in
        select r.id as round_id, r.created_at as at, 'coordinator' as who, 'drafted' as what,
            'sha256:' || encode(r.definition_hash, 'hex') as subject, '' as why, 0 as number
        from parley.rounds r
        union all
        select e.round_id, e.at, coalesce(nullif(e.actor, ''), e.role_name), e.action,
            left(e.subject, 200) || ' (' || e.changed || ')', left(e.reason, 500), e.id
        from parley.events e where e.round_id is not null
        union all
        select r.id, parley.now(), 'migration', 'moved', r.state, '', 9223372036854775807
        from parley.rounds r where r.state <> 'draft'
        order by round_id, number
    loop
        perform parley.chain(v.round_id, v.at, v.who, v.what, v.subject, v.why);
    end loop;
    delete from parley.events where round_id is not null;
end
$$;

-- What is recorded of a round goes to its ledger and is no row here; the rest, about workers and accounts, stays.
create function parley.event_to_ledger() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
    begin
        perform chain(new.round_id, new.at, coalesce(nullif(new.actor, ''), new.role_name), new.action,
            left(new.subject, 200) || ' (' || new.changed || ')', left(new.reason, 500));
        return null;
    end
    $$;
create trigger event_to_ledger before insert on parley.events
    for each row when (new.round_id is not null) execute function parley.event_to_ledger();
alter table parley.events add check (round_id is null);

-- Where a round may go.
--
--     draft ─▶ frozen ─▶ running ◀─▶ grading
--                           ▲ │         │ ▲
--                           │ ▼         ▼ │
--                          exchange ◀───┴─┘
--                             │
--                             ▼
--                         correction ─▶ disclosure ─▶ published ─▶ corrected
--
-- and from each but running and grading to retired, which is the end.
create table parley.transitions (
    from_state text not null,
    to_state text not null,
    primary key (from_state, to_state)
);
insert into parley.transitions values
    ('draft', 'frozen'), ('frozen', 'running'), ('running', 'grading'), ('running', 'exchange'),
    ('grading', 'running'), ('grading', 'exchange'), ('exchange', 'running'), ('exchange', 'grading'),
    ('exchange', 'correction'), ('correction', 'disclosure'), ('disclosure', 'published'), ('published', 'corrected'),
    ('draft', 'retired'), ('frozen', 'retired'), ('exchange', 'retired'), ('correction', 'retired'),
    ('disclosure', 'retired'), ('published', 'retired'), ('corrected', 'retired');

-- How many parties must sign; 0 is a round of one operator, which its parties do not sign.
alter table parley.rounds add column signatures integer not null default 0 check (signatures >= 0);
grant insert (signatures) on parley.rounds to parley_coordinator;

-- Who takes part. Outside of this table a party is named by its handle, which says nothing once the row is gone.
create table parley.round_parties (
    round_id bigint not null references parley.rounds,
    party text not null,
    role text not null check (role in ('lab', 'evaluator', 'observer')),
    handle uuid not null unique default gen_random_uuid(),
    -- Whether its signature counts: labs and evaluators of a round that is signed.
    required boolean not null,
    -- Its Ed25519 public key, as the definition has it.
    key bytea check (octet_length(key) = 32),
    primary key (round_id, party)
);

-- Envelopes (DSSE), each with one signature. Whoever adds one has verified it: the database cannot.
create table parley.signatures (
    round_id bigint not null references parley.rounds,
    kind text not null check (kind in ('definition', 'amendment', 'witness')),
    -- The hash of what was signed: definition, amendment or head of the ledger.
    subject bytea not null check (octet_length(subject) = 32),
    key_id bytea not null check (octet_length(key_id) = 32),
    -- Whose key; of a witness that is no party the name in its key.
    party text not null,
    -- Of a witness: how many entries the ledger had.
    sequence bigint check (sequence >= 0),
    envelope text not null check (octet_length(envelope) <= 1048576),
    at timestamptz not null default parley.now(),
    primary key (round_id, kind, subject, key_id),
    check ((kind = 'witness') = (sequence is not null))
);

-- Changes of what was agreed, after it was. Each is canonical JSON; it counts once it is signed as the round was.
create table parley.amendments (
    round_id bigint not null references parley.rounds,
    number integer not null check (number >= 1),
    content text not null check (octet_length(content) <= 65536),
    hash bytea not null check (octet_length(hash) = 32),
    at timestamptz not null default parley.now(),
    primary key (round_id, number),
    unique (round_id, hash)
);

insert into parley.round_parties (round_id, party, role, required)
select r.id, p ->> 'name', p ->> 'role', false
from parley.rounds r cross join lateral json_array_elements(r.definition::json -> 'parties') p
on conflict do nothing;

-- Signatures of parties that a definition or an amendment still lacks.
create function parley.signatures_lacking(p_round bigint, p_kind text, p_subject bytea) returns integer
    language sql stable
    set search_path = pg_catalog, parley, pg_temp
    as $$
        select greatest(0, r.signatures - (
            select count(distinct s.party)::integer
            from signatures s join round_parties p on p.round_id = s.round_id and p.party = s.party and p.required
            where s.round_id = r.id and s.kind = p_kind and s.subject = p_subject and p.key is not null
                and s.key_id = sha256(p.key)))
        from rounds r where r.id = p_round
    $$;

-- Whether every job has its outcome or is dead or cancelled, and nobody holds one.
create function parley.is_done(p_round bigint) returns boolean
    language sql stable
    set search_path = pg_catalog, parley, pg_temp
    set enable_seqscan = off
    set enable_bitmapscan = off
    as $$
        select exists (select from rounds r where r.id = p_round and r.presence = 'here')
            and not exists (
                select from streams s
                where s.round_id = p_round and s.stage = 0 and not s.cancelled
                    and stream_cursor(s.base, s.base + s.samples::bigint * s.epochs)
                        < s.base + s.samples::bigint * s.epochs)
            and not exists (
                select from jobs j join streams s on s.id = j.stream_id
                where j.id >= p_round << 36 and j.id < (p_round + 1) << 36
                    and (not s.cancelled or j.worker_id is not null))
            and not exists (
                select from blocks b
                where b.first >= p_round << 36 and b.first < (p_round + 1) << 36 and b.open <> 0)
    $$;

-- Each round begins as a draft, and its ledger with it; but one that arrives brings both.
create function parley.begin_round() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
    begin
        perform chain(new.id, parley.now(), '', 'drafted', 'sha256:' || encode(new.definition_hash, 'hex'), '');
        return null;
    end
    $$;
create trigger begin_round after insert on parley.rounds
    for each row when (new.presence <> 'arriving') execute function parley.begin_round();

create function parley.check_round() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
    declare
        v_lacking integer;
    begin
        if tg_op = 'INSERT' then
            if new.state <> 'draft' and new.presence <> 'arriving' then
                raise exception 'a round begins as a draft, not %', new.state using errcode = 'check_violation';
            end if;
            return new;
        end if;
        if (new.id, new.name) <> (old.id, old.name)
            or (old.state <> 'draft'
                and (new.title, new.tier, new.definition, new.definition_hash, new.simulated, new.signatures)
                    <> (old.title, old.tier, old.definition, old.definition_hash, old.simulated, old.signatures))
        then
            raise exception 'what round ''%'' is was frozen and does not change', old.name
                using errcode = 'object_not_in_prerequisite_state';
        end if;
        -- One that comes back is what became of it elsewhere.
        if new.state = old.state or (old.presence in ('arriving', 'moved', 'dropped') and new.presence = 'arriving') then
            return new;
        end if;
        if not exists (
            select from transitions t where t.from_state = old.state and t.to_state = new.state)
        then
            raise exception 'round ''%'' is % and cannot be %: from here it can be %', old.name, old.state, new.state,
                coalesce((select string_agg(t.to_state, ', ' order by t.to_state) from transitions t
                    where t.from_state = old.state), 'nothing else')
                using errcode = 'object_not_in_prerequisite_state';
        end if;
        v_lacking := signatures_lacking(new.id, 'definition', new.definition_hash);
        if new.state = 'running' and v_lacking > 0 then
            raise exception 'round ''%'' lacks % of the % signatures that it needs to run', old.name, v_lacking,
                old.signatures using errcode = 'object_in_use';
        end if;
        if old.state = 'running' and not is_done(new.id) then
            raise exception 'round ''%'' has jobs to do', old.name using errcode = 'object_in_use';
        end if;
        new.finished_at := case
            when new.state = 'running' then null
            when new.state = 'exchange' then parley.now()
            else old.finished_at end;
        perform chain(new.id, parley.now(), current_setting('parley.moved_by', true), 'moved', new.state,
            coalesce(current_setting('parley.moved_why', true), ''));
        return new;
    end
    $$;
create trigger check_round before insert or update on parley.rounds
    for each row
    when (current_user <> 'parley_owner' or coalesce(current_setting('parley.leaving', true), '') = '')
    execute function parley.check_round();
revoke update on parley.rounds from parley_coordinator;

-- Moves a round, and answers whether that changed anything: it may be repeated without harm.
create function parley.move_round(p_round bigint, p_to text, p_by text, p_why text) returns boolean
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
    declare
        v_state text;
    begin
        select r.state into v_state from rounds r where r.id = p_round for no key update;
        if not found then
            raise exception 'there is no round with number %', p_round using errcode = 'no_data_found';
        end if;
        if v_state = p_to then
            return false;
        end if;
        perform set_config('parley.moved_by', coalesce(p_by, ''), true),
            set_config('parley.moved_why', coalesce(p_why, ''), true);
        update rounds r set state = p_to where r.id = p_round;
        perform set_config('parley.moved_by', '', true), set_config('parley.moved_why', '', true);
        return true;
    end
    $$;

-- Moves a running round without unfinished jobs to `exchange`, and drops the blocks that only marked cursors.
create or replace function parley.finish(p_round bigint) returns boolean
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
    begin
        perform from rounds r where r.id = p_round and r.state = 'running';
        if not found or not is_done(p_round) then
            return false;
        end if;
        begin
            if not move_round(p_round, 'exchange', '', 'all jobs are done') then
                return false;
            end if;
        exception when object_in_use then
            -- A job was ruled to run again meanwhile.
            return false;
        end;
        delete from blocks b
        where b.first >= p_round << 36 and b.first < (p_round + 1) << 36
            and exists (select from blocks n where n.first = b.first + b.count and n.stream_id = b.stream_id);
        return true;
    end
    $$;

-- Empties a draft for another one; the caller then adds its parts.
create function parley.redraft(
    p_round bigint, p_title text, p_tier text, p_definition text, p_hash bytea, p_simulated boolean,
    p_signatures integer) returns void
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
    begin
        perform from rounds r where r.id = p_round and r.state = 'draft' for no key update;
        if not found then
            raise exception 'round % is no draft', p_round using errcode = 'object_not_in_prerequisite_state';
        end if;
        delete from budget_streams m using streams s where s.id = m.stream_id and s.round_id = p_round;
        delete from budgets b where b.round_id = p_round;
        delete from streams s where s.round_id = p_round;
        delete from cells c where c.round_id = p_round;
        delete from samples s where s.round_id = p_round;
        delete from suites s where s.round_id = p_round;
        delete from round_parties p where p.round_id = p_round;
        update rounds r
        set title = p_title, tier = p_tier, definition = p_definition, definition_hash = p_hash,
            simulated = p_simulated, signatures = p_signatures
        where r.id = p_round;
        perform chain(p_round, parley.now(), '', 'drafted', 'sha256:' || encode(p_hash, 'hex'), 'in place of the last');
    end
    $$;

-- Keeps an envelope that was verified, and answers whether it is new. Whose it is is said by the handle.
create function parley.add_signature(
    p_round bigint, p_kind text, p_subject bytea, p_key_id bytea, p_party text, p_sequence bigint, p_envelope text)
    returns boolean
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
    declare
        v_state text;
        v_who text := (select p.handle::text from round_parties p where p.round_id = p_round and p.party = p_party);
    begin
        select r.state into v_state from rounds r where r.id = p_round for no key update;
        if p_kind = 'definition' and not exists (
            select from rounds r where r.id = p_round and r.state <> 'draft' and r.definition_hash = p_subject)
        then
            raise exception 'round % is %: what is signed is its definition once it is frozen', p_round, v_state
                using errcode = 'object_not_in_prerequisite_state';
        end if;
        if p_kind = 'amendment' and not exists (
            select from amendments a where a.round_id = p_round and a.hash = p_subject)
        then
            raise exception 'round % has no such amendment', p_round using errcode = 'no_data_found';
        end if;
        insert into signatures (round_id, kind, subject, key_id, party, sequence, envelope)
        values (p_round, p_kind, p_subject, p_key_id, p_party, p_sequence, p_envelope)
        on conflict do nothing;
        if not found then
            return false;
        end if;
        -- A witness is no entry: the head that it covers would not be the last one.
        if p_kind <> 'witness' then
            perform chain(p_round, parley.now(), v_who, 'signed', p_kind || ' sha256:' || encode(p_subject, 'hex'),
                'key sha256:' || encode(p_key_id, 'hex'));
        end if;
        return true;
    end
    $$;

-- Adds a change to what was agreed; it counts when it is signed. Answers its number, the same when it is repeated.
create function parley.amend(p_round bigint, p_content text, p_hash bytea, p_by text, p_why text) returns integer
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
    declare
        v_state text;
        v_number integer;
    begin
        select r.state into v_state from rounds r where r.id = p_round for no key update;
        if v_state is null or v_state in ('draft', 'retired') then
            raise exception 'round % is %: what can be amended is what was frozen', p_round,
                coalesce(v_state, 'missing') using errcode = 'object_not_in_prerequisite_state';
        end if;
        select a.number into v_number from amendments a where a.round_id = p_round and a.hash = p_hash;
        if found then
            return v_number;
        end if;
        select coalesce(max(a.number), 0) + 1 into v_number from amendments a where a.round_id = p_round;
        insert into amendments (round_id, number, content, hash) values (p_round, v_number, p_content, p_hash);
        perform chain(p_round, parley.now(), p_by, 'amended',
            'amendment ' || v_number || ' sha256:' || encode(p_hash, 'hex'), p_why);
        return v_number;
    end
    $$;

create trigger signatures_stay before update or delete on parley.signatures
    for each row execute function parley.refuse_change();
create trigger amendments_stay before update or delete on parley.amendments
    for each row execute function parley.refuse_change();

grant select on parley.ledger, parley.transitions, parley.round_parties, parley.signatures, parley.amendments
    to parley_coordinator;
grant insert on parley.round_parties to parley_coordinator;
grant execute on function
    parley.append_ledger(bigint, text, text, text, text),
    parley.move_round(bigint, text, text, text),
    parley.redraft(bigint, text, text, text, bytea, boolean, integer),
    parley.add_signature(bigint, text, bytea, bytea, text, bigint, text),
    parley.amend(bigint, text, bytea, text, text),
    parley.signatures_lacking(bigint, text, bytea)
    to parley_coordinator;

reset role;
