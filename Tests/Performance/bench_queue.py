"""The queue's benchmark: Parley's shipped worker, the same cycle looped inside the server, and the peers, on one
durable server in one run. Called by scripts/bench queue; prints one JSON object.

    bench_queue.py --bench QUEUE_BENCH [--short]

Rates are jobs/s from the first claim to the last commit, by the server's clock. A worker is a process of its own, with
all that the daemon does but the probe. Every figure stands beside its conditions.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time

import psycopg

from server import Processes, Server, say

HERE = os.path.dirname(os.path.abspath(__file__))
PEERS = os.path.join(HERE, "peers")
GIGABYTE = 1 << 30

# One cycle inside the server: what a worker sends, without a worker. %(…)s are filled in below.
SERVER_LOOP = """
do $$
declare
    v_worker bigint := parley.register_worker('loop', 'local', 1, '0', '{}', 60000000);
    v_end timestamptz := clock_timestamp() + interval '%(seconds)s s';
    v_renewed timestamptz := '-infinity';
    v_offered bigint[];
    v_streams bigint[];
    v_turn integer := %(session)s * 31;
    v_jobs bigint[];
    v_blocks bigint[];
    v_masks bigint[];
    v_starts integer[];
    v_count integer;
    v_done bigint := 0;
begin
    commit;
    while clock_timestamp() < v_end loop
        if v_renewed < clock_timestamp() - interval '1 s' then
            select array_agg(a.stream_id order by a.stream_id) into v_offered
            from parley.allot(v_worker, 4000, '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}') a;
            commit;
            exit when v_offered is null;
            v_renewed := clock_timestamp();
        end if;
        select array_agg(distinct v_offered[1 + (v_turn + g) %% cardinality(v_offered)]) into v_streams
        from generate_series(1, %(streams)s) g;
        v_turn := v_turn + %(streams)s;
        with claimed as materialized (
            select c.job_id, c.jobs, (sum(c.jobs) over (order by c.job_id) - c.jobs)::integer + 1 as start
            from parley.claim(v_worker, v_streams, array_fill(%(take)s, array[cardinality(v_streams)])) c
        )
        select array_agg(c.job_id order by c.job_id), array_agg((1::bigint << c.jobs) - 1 order by c.job_id),
            array_agg(c.start order by c.job_id),
            (select array_agg(d.job_id + g) from (select * from claimed order by job_id) d,
                generate_series(0, d.jobs - 1) g)
        into v_blocks, v_masks, v_starts, v_jobs
        from claimed c;
        commit;
        v_count := cardinality(v_jobs);
        continue when v_count is null;
        perform parley.commit(
            v_worker, v_blocks, v_masks, v_starts, v_jobs, array_fill(1::bigint, array[v_count]),
            array_fill(0::smallint, array[v_count]),
            array_fill(1000000000::bigint, array[v_count]), array_fill(812::bigint, array[v_count]),
            array_fill(64::bigint, array[v_count]), null, null, null,
            array_fill(12345::bigint, array[v_count]), array_fill(777::bigint, array[v_count]),
            array_fill(1::smallint, array[v_count]), array['model-2026-11-01'], null);
        commit;
        v_done := v_done + v_count;
    end loop;
end $$;
"""

FINISHED = """
select not exists (
        select from parley.streams s join parley.rounds r on r.id = s.round_id and r.name = %(name)s
        where s.stage = 0 and parley.stream_cursor(s.base, s.base + s.samples::bigint * s.epochs)
            < s.base + s.samples::bigint * s.epochs)
    and not exists (
        select from parley.rounds r, parley.blocks b
        where r.name = %(name)s and b.first >= r.id << 36 and b.first < (r.id + 1) << 36 and b.open <> 0)
"""


class Snapshot:
    """A transaction held open elsewhere, as a dump holds one."""

    def __init__(self, server, database, held):
        self.server, self.database, self.held = server, database, held

    def __enter__(self):
        if self.held:
            self.connection = psycopg.connect(self.server.dsn(self.database))
            self.connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            self.connection.execute("select count(*) from pg_class")

    def __exit__(self, *_):
        if self.held:
            self.connection.close()


def workers(server, database, count):
    return Processes(*[[server.bench, "work", "--database", server.dsn(database)] for _ in range(count)])


def submit(server, database, name, jobs):
    command = [server.bench, "submit", "--database", server.dsn(database), "--name", name, "--jobs", str(jobs)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def idle(server, database, count):
    """Waits until so many workers are registered."""
    with server.connect(database) as connection:
        while connection.execute("select count(*) from parley.workers where state = 'active'").fetchone()[0] < count:
            time.sleep(0.05)
    time.sleep(0.5)


def drain(server, jobs, count, times, warm=False):
    """Drains whole rounds: idle workers are there before each is submitted. The first round of a database finds out by
    trying what its accounts take; `warm` has that done by a small round before, which is not counted."""
    server.fresh("drain")
    rates, submits, client = [], [], []
    with server.connect("drain") as connection, workers(server, "drain", count) as running:
        idle(server, "drain", count)
        if warm:
            submit(server, "drain", "warm", 100_000)
            while not connection.execute(FINISHED, {"name": "warm"}).fetchone()[0]:
                time.sleep(0.1)
            connection.execute("update parley.rounds set state = 'exchange' where name = 'warm'")
        for number in range(times):
            name = f"drain-{number}"
            before = running.cpu()
            submits.append(submit(server, "drain", name, jobs))
            while not connection.execute(FINISHED, {"name": name}).fetchone()[0]:
                time.sleep(0.1 if jobs < 100_000 else 0.5)
            done, seconds = connection.execute(
                """
                select count(*), extract(epoch from max(completed_at) - min(first_claimed_at))
                from parley.outcomes where round_id = (select id from parley.rounds where name = %s)
                """,
                [name],
            ).fetchone()
            assert done == jobs, f"{done} outcomes of {jobs} jobs"
            rates.append(jobs / float(seconds))
            client.append((running.cpu() - before) / jobs * 1e6)
            connection.execute("update parley.rounds set state = 'exchange' where name = %s", [name])
            connection.execute("checkpoint")
    server.drop("drain")
    result = {
        "jobs": jobs, "workers": count, "median": statistics.median(rates), "rates": rates,
        "submit_seconds": statistics.median(submits), "client_microseconds_per_job": statistics.median(client),
    }
    say(f"    {count} worker(s), {jobs:,} jobs: {result['median']:,.0f} jobs/s")
    return result


def server_loop(server, seconds, batch):
    """Jobs/s of the same cycle inside the server, 4 sessions; batch is (streams a claim, jobs a stream)."""
    streams, take = batch
    server.fresh("loop")
    submit(server, "loop", "loop", 100_000_000)
    with server.connect("loop") as connection:

        def session(number):
            with server.connect("loop", "parley_test") as own:
                own.execute(
                    SERVER_LOOP % {"seconds": seconds, "session": number, "streams": streams, "take": take}
                )

        threads = [threading.Thread(target=session, args=[number]) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        rate = float(
            connection.execute(
                "select count(*) / extract(epoch from max(completed_at) - min(completed_at)) from parley.outcomes"
            ).fetchone()[0]
        )
    server.drop("loop")
    say(f"    inside the server, 4 sessions, batches of {streams * take}: {rate:,.0f} jobs/s")
    return rate


def beside_the_limit(server, times, seconds):
    """Whole rounds of 1 million drained by 2 workers, in turns with the same cycle inside the server.

    Machines change their speed within minutes: what is compared must run in turns. The loop does not heed limits, so the
    workers are given theirs before they are timed."""
    batches = [(8, 62), (4, 248)]
    first = [server_loop(server, seconds, batch) for batch in batches]
    batch = batches[first.index(max(first))]
    loops, drains = [], []
    for _ in range(times):
        loops.append(server_loop(server, seconds, batch))
        drains.append(drain(server, 1_000_000, 2, 1, warm=True))
    rates = [run["median"] for run in drains]
    submits = [run["submit_seconds"] for run in drains]
    loop = {"rate": statistics.median(loops), "rates": loops, "sessions": 4, "batch": batch[0] * batch[1]}
    return loop, {**drains[0], "median": statistics.median(rates), "rates": rates,
        "submit_seconds": statistics.median(submits),
        "client_microseconds_per_job": statistics.median(run["client_microseconds_per_job"] for run in drains)}


def cores():
    """Seconds of all cores so far: busy, waiting for the disk, and given to another machine by the host."""
    with open("/proc/stat") as file:
        user, nice, system, _, waiting, irq, soft, stolen = map(int, file.readline().split()[1:9])
    tick = os.sysconf("SC_CLK_TCK")
    return (user + nice + system + irq + soft) / tick, waiting / tick, stolen / tick


def take_memory():
    """Has the system hold memory that the host has given it, by reading a file of nothing into its cache.

    A virtual machine pays for each page that it writes for the first time. A long run would meet that after some
    gigabytes and look as if the queue had slowed down: 175,000 jobs/s fell to 115,000 within 100 s, and stayed at
    160,000 over the same 200 s when all memory had been written before."""
    with open("/proc/meminfo") as file:
        available = next(int(line.split()[1]) for line in file if line.startswith("MemAvailable")) << 10
    with tempfile.TemporaryFile(dir="/tmp") as file:
        file.truncate(available * 4 // 5)
        while file.read(1 << 24):
            pass


def steady(server, seconds, held, count=2, depth=1_000_000):
    """A feeder keeps the depth while workers drain; rate, dead rows and sizes over time.

    Beside each rate stands what the cores did for it: where the microseconds a job stay the same, a lower rate is not
    more work but less machine."""
    take_memory()
    server.fresh("steady")
    series = []
    feeder = [server.bench, "feed", "--database", server.dsn("steady"), "--depth", str(depth)]
    with Processes(feeder), server.connect("steady") as connection:
        while connection.execute("select count(*) from parley.rounds where state = 'running'").fetchone()[0] < 5:
            time.sleep(0.1)
        with Snapshot(server, "steady", held), workers(server, "steady", count):
            step = max(5, seconds / 20)
            # The number of written rows needs no scan: the statistics count them, for each round's partition.
            def written():
                connection.execute("select pg_stat_clear_snapshot()")
                return connection.execute(
                    """
                    select sum(n_tup_ins)::bigint from pg_stat_user_tables
                    where schemaname = 'parley_rounds' and relname like 'outcomes\\_%'
                    """
                ).fetchone()[0], time.monotonic()

            idle(server, "steady", count)
            last, spent = written(), cores()
            begin = last[1]
            while time.monotonic() - begin < seconds:
                time.sleep(step)
                now = written()
                dead = dict(
                    connection.execute(
                        """
                        select relname, n_dead_tup from pg_stat_user_tables
                        where schemaname in ('parley', 'parley_rounds') and n_dead_tup > 0
                        """
                    ).fetchall()
                )
                size = connection.execute("select pg_database_size('steady')").fetchone()[0]
                jobs, elapsed = now[0] - last[0], now[1] - last[1]
                busy, waiting, stolen = (new - old for new, old in zip(cores(), spent))
                series.append(
                    {
                        "at_seconds": round(now[1] - begin, 1), "rate": jobs / elapsed,
                        "busy_microseconds_per_job": busy / jobs * 1e6, "busy_cores": busy / elapsed,
                        "disk_wait_cores": waiting / elapsed, "stolen_cores": stolen / elapsed,
                        "dead_rows": dead, "database_bytes": size,
                    }
                )
                last, spent = now, cores()
    server.drop("steady")
    rates = [point["rate"] for point in series]
    third = max(1, len(rates) // 3)
    result = {
        "seconds": seconds, "workers": count, "depth": depth, "snapshot_held": held,
        "rate": statistics.mean(rates), "first_third": statistics.mean(rates[:third]),
        "last_third": statistics.mean(rates[-third:]), "series": series,
    }
    say(
        f"    {seconds} s {'with' if held else 'without'} a held snapshot: {result['rate']:,.0f} jobs/s"
        f" (first third {result['first_third']:,.0f}, last {result['last_third']:,.0f})"
    )
    return result


def latency(server, rounds, seconds):
    """From a submit's end to its first claim by an idle worker, and what an idle worker asks."""
    server.fresh("latency")
    with server.connect("latency") as connection, workers(server, "latency", 1):
        idle(server, "latency", 1)
        time.sleep(2)

        def transactions():
            connection.execute("select pg_stat_clear_snapshot()")
            return connection.execute(
                "select xact_commit from pg_stat_database where datname = 'latency'"
            ).fetchone()[0]

        before = transactions()
        time.sleep(seconds)
        # The two readings and their clearing are transactions of ours.
        queries = max(0, transactions() - before - 2) / seconds
        command = [server.bench, "latency", "--database", server.dsn("latency"), "--rounds", str(rounds)]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    server.drop("latency")
    times = sorted(float(line) for line in output.split())
    result = {
        "rounds": rounds, "p50_ms": times[len(times) // 2], "p99_ms": times[min(len(times) - 1, len(times) * 99 // 100)],
        "idle_transactions_per_second": queries,
    }
    say(f"    claim after submit: p50 {result['p50_ms']:.1f} ms, p99 {result['p99_ms']:.1f} ms; idle {queries:.2f}/s")
    return result


class Peer:
    def __init__(self, name, script, done, at, prepare=""):
        self.name, self.script, self.done, self.at, self.prepare = name, os.path.join(PEERS, script), done, at, prepare

    def call(self, server, what, *arguments):
        command = [sys.executable, self.script, what, server.dsn("peer"), *map(str, arguments)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def rate(self, server, jobs, processes, seconds, held=False):
        """Jobs/s until the queue is empty or the time is over."""
        server.empty("peer")
        self.call(server, "install")
        self.call(server, "enqueue", jobs)
        with server.connect("peer") as connection:
            connection.execute("vacuum analyze")
            connection.execute("checkpoint")
            command = [sys.executable, self.script, "work", server.dsn("peer")]
            with Snapshot(server, "peer", held), Processes(*[command] * processes):
                begin = time.monotonic()
                while time.monotonic() - begin < seconds:
                    time.sleep(0.5)
                    # An estimate is enough to stop early: the rate comes from the peer's own times.
                    connection.execute("select pg_stat_clear_snapshot()")
                    if connection.execute(f"select count(*) from ({self.done} limit {jobs}) d").fetchone()[0] >= jobs:
                        break
            count, span = connection.execute(
                f"select count(*), extract(epoch from max({self.at}) - min({self.at})) from ({self.done}) d"
            ).fetchone()
        server.drop("peer")
        rate = count / float(span) if span else 0
        say(
            f"    {self.name}, {processes} process(es), {jobs:,} queued{', snapshot held' if held else ''}:"
            f" {rate:,.0f} jobs/s ({count:,} done)"
        )
        return rate


PGQUEUER = Peer("PgQueuer", "pgqueuer_peer.py", "select * from pgqueuer_log where status = 'successful'", "created")
PROCRASTINATE = Peer(
    "Procrastinate", "procrastinate_peer.py", "select * from procrastinate_events where type = 'succeeded'", "at"
)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bench", required=True)
    parser.add_argument("--short", action="store_true")
    options = parser.parse_args()
    short = options.short
    needed = (20 if short else 60) * GIGABYTE
    free = shutil.disk_usage("/tmp").free
    if free < needed:
        raise SystemExit(f"error: /tmp has {free / GIGABYTE:.0f} GiB free, the benchmark needs {needed // GIGABYTE}")
    say(f"The queue's benchmark takes about {9 if short else 45} minutes.")
    times = 3 if short else 5
    server = Server(options.bench)
    try:
        with server.connect() as connection:
            settings = dict(
                connection.execute(
                    """
                    select name, current_setting(name) from pg_settings
                    where name in ('server_version', 'fsync', 'synchronous_commit', 'full_page_writes',
                        'shared_buffers', 'max_wal_size')
                    """
                ).fetchall()
            )
        say("==> Draining whole rounds")
        drains = [drain(server, 40_000, count, times) for count in ((2,) if short else (1, 2, 4))]
        if not short:
            drains += [drain(server, 1_000_000, count, times) for count in (1, 4)]
        say("==> In turns with the same cycle inside the server")
        loop, beside = beside_the_limit(server, times, 6 if short else 10)
        drains.append(beside)
        say("==> Five times deeper, in turns with 1 million")
        for jobs in (5_000_000, 1_000_000, 5_000_000):
            drains.append(drain(server, jobs, 2, 1))
        say("==> Latency and idleness")
        quick = latency(server, 30 if short else 200, 10 if short else 30)
        say("==> At a steady depth")
        free_run = steady(server, 45 if short else 300, False)
        held_run = steady(server, 45 if short else 600, True)
        say("==> Peers")
        pgqueuer = [PGQUEUER.rate(server, 40_000, count, 60) for count in ((2, 4) if short else (1, 2, 4))]
        pgqueuer_deep = [PGQUEUER.rate(server, 1_000_000, 2, 20 if short else 60)]
        pgqueuer_held = PGQUEUER.rate(server, 40_000 if short else 200_000, 2, 30 if short else 120, held=True)
        procrastinate = [PROCRASTINATE.rate(server, 20_000, count, 15 if short else 30) for count in (1, 2)]
    finally:
        server.stop()

    def best(jobs):
        return max(run["median"] for run in drains if run["jobs"] == jobs)

    print(
        json.dumps(
            {
                "bench": "queue",
                "short": short,
                "conditions": {
                    "cores": os.cpu_count(), "postgresql": settings, "streams": 100, "limits": 10, "budgets": 11,
                    "medians_of": times, "rate": "jobs/s, first claim to last commit by the server's clock",
                },
                "parley": {"drains": drains, "latency": quick, "steady": free_run, "held_snapshot": held_run},
                "server_loop": loop,
                "peers": {
                    "pgqueuer": pgqueuer, "pgqueuer_deep": pgqueuer_deep, "pgqueuer_held_snapshot": pgqueuer_held,
                    "procrastinate": procrastinate,
                },
                "ratios": {
                    "pgqueuer": best(40_000) / max(pgqueuer),
                    "pgqueuer_deep": best(1_000_000) / max(pgqueuer_deep),
                    "procrastinate": best(1_000_000) / max(procrastinate),
                    "server_loop": beside["median"] / loop["rate"],
                    "held_snapshot": held_run["rate"] / free_run["rate"],
                },
            },
            indent=2,
        )
    )


if __name__ == "__main__":
    main()
