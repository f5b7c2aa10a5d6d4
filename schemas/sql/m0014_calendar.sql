-- The calendar: series of rounds, the windows of each occurrence, and what became of them.
--
-- A window's two edges are each turned once: turning one is a row of `window_turns`, whose key is the edge, so that two
-- coordinators, or one that comes back after a long time, cannot do it twice. An edge that passed while no coordinator
-- ran is turned late, in the order of the edges' times, and says so. A window of which an edge was turned is history;
-- the others follow the series when it is changed.

set local role parley_owner;

create table parley.series (
    id bigint generated always as identity primary key,
    name text not null unique check (octet_length(name) between 1 and 64),
    -- Canonical JSON (`Series`).
    definition text not null,
    changed_at timestamptz not null default parley.now(),
    changed_by text not null
);

create table parley.windows (
    series_id bigint not null references parley.series,
    -- From 0.
    occurrence integer not null check (occurrence >= 0),
    kind text not null check (kind in ('nomination', 'freeze', 'rehearsal', 'run', 'exchange', 'disclosure',
                                       'release')),
    opens_at timestamptz not null,
    closes_at timestamptz not null,
    primary key (series_id, occurrence, kind),
    check (opens_at < closes_at)
);
create index windows_by_opening on parley.windows (opens_at);

create table parley.window_turns (
    series_id bigint not null,
    occurrence integer not null,
    kind text not null,
    edge text not null check (edge in ('open', 'close')),
    -- When it was due and when it was turned.
    due_at timestamptz not null,
    turned_at timestamptz not null,
    role_name text not null default session_user,
    -- What turning it did to the round.
    effect text not null default '',
    primary key (series_id, occurrence, kind, edge),
    foreign key (series_id, occurrence, kind) references parley.windows
);

-- Which round an occurrence is. A round is of one occurrence, an occurrence has one round.
create table parley.series_rounds (
    series_id bigint not null references parley.series,
    occurrence integer not null check (occurrence >= 0),
    round_id bigint not null unique references parley.rounds,
    assigned_at timestamptz not null default parley.now(),
    assigned_by text not null,
    primary key (series_id, occurrence)
);

-- Takes in a series and the windows that are planned of it: new ones come, those that have not begun move, those that
-- are planned no more and have not begun go. Answers how many windows changed.
create function parley.plan_series(
    p_name text, p_definition text, p_occurrences integer[], p_kinds text[], p_opens timestamptz[],
    p_closes timestamptz[], p_by text)
    returns bigint
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
    #variable_conflict use_column
    declare
        v_id bigint;
        v_count bigint;
        v_gone bigint;
    begin
        insert into series as s (name, definition, changed_by) values (p_name, p_definition, p_by)
        on conflict (name) do update
            set definition = excluded.definition, changed_by = excluded.changed_by, changed_at = parley.now()
            where s.definition <> excluded.definition;
        -- Turning and planning take turns.
        select s.id into strict v_id from series s where s.name = p_name for update;
        insert into windows as w (series_id, occurrence, kind, opens_at, closes_at)
        select v_id, g.occurrence, g.kind, g.opens, g.closes
        from unnest(p_occurrences, p_kinds, p_opens, p_closes) g (occurrence, kind, opens, closes)
        on conflict (series_id, occurrence, kind) do update
            set opens_at = excluded.opens_at, closes_at = excluded.closes_at
            where (w.opens_at, w.closes_at) <> (excluded.opens_at, excluded.closes_at)
                and not exists (
                    select from window_turns t
                    where t.series_id = w.series_id and t.occurrence = w.occurrence and t.kind = w.kind);
        get diagnostics v_count = row_count;
        delete from windows w
        where w.series_id = v_id
            and not exists (
                select from unnest(p_occurrences, p_kinds) g (occurrence, kind)
                where g.occurrence = w.occurrence and g.kind = w.kind)
            and not exists (
                select from window_turns t
                where t.series_id = w.series_id and t.occurrence = w.occurrence and t.kind = w.kind);
        get diagnostics v_gone = row_count;
        return v_count + v_gone;
    end
    $$;

-- Makes a round the one of an occurrence whose run has not begun.
create function parley.assign_round(p_series text, p_occurrence integer, p_round bigint, p_by text) returns void
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
    #variable_conflict use_column
    declare
        v_id bigint;
    begin
        select s.id into v_id from series s where s.name = p_series for update;
        if v_id is null or not exists (
            select from windows w where w.series_id = v_id and w.occurrence = p_occurrence)
        then
            raise exception 'series % has no occurrence % in the calendar', p_series, p_occurrence
                using errcode = 'no_data_found';
        end if;
        if exists (
            select from window_turns t
            where t.series_id = v_id and t.occurrence = p_occurrence and t.kind = 'run')
        then
            raise exception 'the run of occurrence % of series % has begun', p_occurrence, p_series
                using errcode = 'object_not_in_prerequisite_state',
                      hint = 'Assign the round to a later occurrence.';
        end if;
        insert into series_rounds as r (series_id, occurrence, round_id, assigned_by)
        values (v_id, p_occurrence, p_round, p_by)
        on conflict (series_id, occurrence) do update
            set round_id = excluded.round_id, assigned_by = excluded.assigned_by, assigned_at = parley.now()
            where r.round_id <> excluded.round_id;
    end
    $$;

-- Turns every edge that is due, the earliest first; answers them. A run that opens starts its frozen round; one that
-- closes pauses what is left of it, for people to decide on.
create function parley.turn_windows()
    returns table (series text, occurrence integer, kind text, edge text, due_at timestamptz, effect text)
    language plpgsql security definer
    set search_path = pg_catalog, parley, pg_temp
    as $$
    #variable_conflict use_column
    declare
        v_now timestamptz := parley.now();
        v record;
        v_round rounds;
        v_effect text;
    begin
        -- Mostly nothing is due: looked at without a lock.
        if not exists (
            select from windows w cross join lateral (values ('open', w.opens_at), ('close', w.closes_at)) e (edge, at)
            where e.at <= v_now and not exists (
                select from window_turns t
                where t.series_id = w.series_id and t.occurrence = w.occurrence and t.kind = w.kind
                    and t.edge = e.edge))
        then
            return;
        end if;
        perform from parley.series s order by s.id for update;
        for v in
            select s.id as series_id, s.name, w.occurrence, w.kind, e.edge, e.at
            from parley.series s join windows w on w.series_id = s.id
                cross join lateral (values ('open', w.opens_at), ('close', w.closes_at)) e (edge, at)
            where e.at <= v_now and not exists (
                select from window_turns t
                where t.series_id = w.series_id and t.occurrence = w.occurrence and t.kind = w.kind
                    and t.edge = e.edge)
            order by e.at, e.edge, s.id, w.occurrence, w.kind
        loop
            v_effect := '';
            select r.* into v_round
            from series_rounds x join rounds r on r.id = x.round_id
            where x.series_id = v.series_id and x.occurrence = v.occurrence for update of r;
            if v.kind = 'run' and v_round.id is not null then
                if v.edge = 'open' and v_round.state = 'frozen' then
                    begin
                        perform move_round(
                            v_round.id, 'running', 'calendar', 'the run of ' || v.name || ' ' || v.occurrence || ' opens');
                        v_effect := 'started';
                    exception when others then
                        -- The edge is turned all the same: what holds the round back is for people.
                        v_effect := left('not started: ' || sqlerrm, 500);
                    end;
                elsif v.edge = 'close' and v_round.state = 'running' then
                    perform control(
                        'pause', v_round.id, null, null, null, false, 'the run window has closed', 'calendar');
                    v_effect := 'paused';
                end if;
            end if;
            insert into window_turns (series_id, occurrence, kind, edge, due_at, turned_at, effect)
            values (v.series_id, v.occurrence, v.kind, v.edge, v.at, v_now, v_effect);
            if v_round.id is not null then
                perform append_ledger(
                    v_round.id, 'calendar', 'window', v.kind || ' ' || v.edge,
                    v.name || ' ' || v.occurrence || case when v_effect = '' then '' else ': ' || v_effect end);
            end if;
            series := v.name;
            occurrence := v.occurrence;
            kind := v.kind;
            edge := v.edge;
            due_at := v.at;
            effect := v_effect;
            return next;
        end loop;
    end
    $$;

grant select on parley.series, parley.windows, parley.window_turns, parley.series_rounds to parley_coordinator;
grant execute on function
    parley.plan_series(text, text, integer[], text[], timestamptz[], timestamptz[], text),
    parley.assign_round(text, integer, bigint, text),
    parley.turn_windows()
    to parley_coordinator;

reset role;
