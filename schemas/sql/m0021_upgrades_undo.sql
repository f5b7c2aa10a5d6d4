-- Undoes m0021_upgrades. Nothing is lost but which schema each worker's program was written for.

set local role parley_owner;

select parley.require_workers_of(1, 20);
drop function parley.register_worker(text, text, integer, text, text[], bigint, text, integer[], integer);
drop function parley.require_workers_of(integer, integer);
drop function parley.require_schema(integer);
alter table parley.workers drop column schema;

reset role;
