-- The logins of the two daemons and of an autoscaler, members of the roles that `parley migrate` and
-- kubernetes/scaler.sql make. Passwords come from the environment; a login whose variable is not set is left as it is.
--
--     PARLEY_COORDINATOR_PASSWORD=… PARLEY_WORKER_PASSWORD=… psql "$URL" -f deploy/logins.sql

\set ON_ERROR_STOP on
\set coordinator ''
\set worker ''
\set scaler ''
\getenv coordinator PARLEY_COORDINATOR_PASSWORD
\getenv worker PARLEY_WORKER_PASSWORD
\getenv scaler PARLEY_SCALER_PASSWORD

select format('create role %I login in role %I', l.name, l.member)
from (values
    ('parley_coordinator_login', 'parley_coordinator', :'coordinator'),
    ('parley_worker_login', 'parley_worker', :'worker'),
    ('parley_scaler_login', 'parley_scaler', :'scaler')) l (name, member, password)
where l.password <> '' and not exists (select from pg_roles r where r.rolname = l.name)
\gexec
select format('alter role %I password %L', l.name, l.password)
from (values
    ('parley_coordinator_login', :'coordinator'),
    ('parley_worker_login', :'worker'),
    ('parley_scaler_login', :'scaler')) l (name, password)
where l.password <> ''
\gexec
