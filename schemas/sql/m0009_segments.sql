-- Finished outcomes by column: what the reduction reads in place of the rows, which stay.

set local role parley_owner;

-- The outcomes of all probe jobs from `first` up to `stop`, as columns (`OutcomeSegment`). Outcomes never change, so a
-- range in which every job has one is final, and what was read of it once is true for good.
create table parley.segments (
    round_id bigint not null references parley.rounds,
    first bigint not null,
    stop bigint not null,
    content bytea not null,
    -- SHA-256 of the content.
    content_hash bytea not null check (octet_length(content_hash) = 32),
    primary key (round_id, first),
    check (first < stop and first >> 36 = round_id and stop - 1 >> 36 = round_id)
);
-- Compressed before it is stored.
alter table parley.segments alter column content set storage external;

grant select, insert on parley.segments to parley_coordinator;

reset role;
