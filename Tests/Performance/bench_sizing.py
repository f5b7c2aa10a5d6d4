"""What a job costs the database and its workers, and what that means for larger rounds and machines: the figures of
deploy/sizing.md. Called by scripts/bench sizing; prints one JSON object.

    bench_sizing.py --bench QUEUE_BENCH [--short]

Processor time is that of the server's and the workers' own processes, so that what else runs on the machine lengthens
the clock but not these figures. Probes do nothing and keep no transcript: both come on top.
"""

import argparse
import json
import os
import statistics
import time

from bench_queue import FINISHED, idle, submit, workers
from server import Server, say

TICK = os.sysconf("SC_CLK_TCK")
# How busy the server's cores may be, and the share of a link or disk that is planned for.
BUSY = 0.7


def fields(pid):
    with open(f"/proc/{pid}/stat") as file:
        return file.read().rsplit(")", 1)[1].split()


def backends(postmaster):
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            if fields(name)[1] == postmaster:
                yield name
        except OSError:
            pass


def server_cpu(postmaster):
    """Seconds of the server's processes, those that have ended included."""
    total = sum(map(int, fields(postmaster)[13:15]))
    for name in backends(postmaster):
        try:
            total += sum(map(int, fields(name)[11:13]))
        except OSError:
            pass
    return total / TICK


def memory(pid, entry):
    with open(f"/proc/{pid}/status") as file:
        return next((int(line.split()[1]) << 10 for line in file if line.startswith(entry)), 0)


def drained(server, postmaster, jobs, count):
    """One round drained by so many workers that were idle before."""
    server.fresh("sizing")
    with server.connect("sizing") as connection, workers(server, "sizing", count) as running:

        def log():
            return connection.execute("select pg_current_wal_insert_lsn() - '0/0'").fetchone()[0]

        idle(server, "sizing", count)
        submit(server, "sizing", "warm", 20_000)
        while not connection.execute(FINISHED, {"name": "warm"}).fetchone()[0]:
            time.sleep(0.1)
        connection.execute("update parley.rounds set state = 'exchange' where name = 'warm'")
        connection.execute("checkpoint")
        submit(server, "sizing", "round", jobs)
        # What is claimed while the round is submitted counts as well: it is the same work.
        written, used, client, connections, resident = log(), server_cpu(postmaster), running.cpu(), 0, 0
        done = connection.execute("select count(*) from parley.outcomes").fetchone()[0] - 20_000
        while not connection.execute(FINISHED, {"name": "round"}).fetchone()[0]:
            connections = max(
                connections,
                connection.execute(
                    "select count(*) from pg_stat_activity where datname = 'sizing' and usename <> 'postgres'"
                ).fetchone()[0],
            )
            time.sleep(0.1)
        seconds = float(
            connection.execute(
                """
                select extract(epoch from max(completed_at) - min(first_claimed_at)) from parley.outcomes
                where round_id = (select id from parley.rounds where name = 'round')
                """
            ).fetchone()[0]
        )
        counted = jobs - done
        result = {
            "workers": count, "jobs": jobs, "rate": jobs / seconds, "connections": connections,
            "server_microseconds_per_job": (server_cpu(postmaster) - used) / counted * 1e6,
            "worker_microseconds_per_job": (running.cpu() - client) / counted * 1e6,
            "log_bytes_per_job": float(log() - written) / counted,
            "worker_bytes": max(memory(process.pid, "VmHWM") for process in running.running),
            "session_bytes": statistics.median(
                memory(row[0], "RssAnon")
                for row in connection.execute(
                    "select pid from pg_stat_activity where datname = 'sizing' and usename <> 'postgres'"
                ).fetchall()
            ),
        }
    say(
        f"    {count} worker(s): {result['rate']:,.0f} jobs/s, {result['server_microseconds_per_job']:.1f} µs of the"
        f" server and {result['worker_microseconds_per_job']:.1f} µs of workers a job, {connections} connections"
    )
    return result


def stored(server, jobs):
    """Bytes a finished job leaves, by table; and what its columns take once they are sealed."""
    with server.connect("sizing") as connection:
        connection.execute("vacuum parley.outcomes")
        tables = dict(
            connection.execute(
                """
                select t.name, sum(pg_total_relation_size(t.oid))::bigint
                from (
                    select c.oid, coalesce(p.relname, c.relname) as name
                    from pg_class c left join pg_inherits i on i.inhrelid = c.oid left join pg_class p on p.oid = i.inhparent
                    where c.relnamespace in ('parley'::regnamespace, 'parley_rounds'::regnamespace) and c.relkind = 'r'
                ) t
                group by t.name having sum(pg_total_relation_size(t.oid)) > 1 << 20
                """
            ).fetchall()
        )
        samples = connection.execute("select count(*) from parley.samples").fetchone()[0]
        os.spawnlp(os.P_WAIT, server.bench, server.bench, "seal", "--database", server.dsn("sizing"), "--name", "round")
        sealed = connection.execute("select coalesce(sum(octet_length(content)), 0)::bigint from parley.segments").fetchone()[0]
    return {
        "outcome_bytes": tables["outcomes"] / (jobs + 20_000), "sealed_bytes": sealed / jobs,
        "sample_bytes": tables.get("samples", 0) / samples, "tables": tables,
    }


def desk(server, jobs):
    """The sums of a round read through postgres_fdw by a desk on the same machine: time and bytes."""
    server.fresh("desk")
    place = dict(part.split("=") for part in server.dsn("sizing").split("?")[1].split("&"))
    with server.connect("desk") as connection:
        connection.execute(
            "select parley.add_server('far', 'here', %s::text[], %s::text[], 'parley', 'bench')",
            [["host", "port", "dbname"], [place["host"], place["port"], "sizing"]],
        )
        begin, size = time.monotonic(), 0
        query = """
            copy (
                select cell_no, sample_no, epoch, kind, score, observations from parley_at_far.sample_counts
                where round_id = (select id from parley_at_far.rounds where name = 'round')
            ) to stdout (format binary)
            """
        with connection.cursor().copy(query) as rows:
            for chunk in rows:
                size += len(chunk)
        seconds = time.monotonic() - begin
    say(f"    sums of {jobs:,} outcomes at the desk: {seconds:.2f} s")
    return {"outcomes": jobs, "seconds": seconds, "bytes_per_outcome": size / jobs, "rate": jobs / seconds}


def extrapolated(runs, kept):
    """Larger rounds and servers, by what a job was seen to cost; nothing here was measured."""
    cost = statistics.median(run["server_microseconds_per_job"] for run in runs)
    written = statistics.median(run["log_bytes_per_job"] for run in runs)
    rounds = [
        {"outcomes": jobs, "table_bytes": jobs * kept["outcome_bytes"], "sealed_bytes": jobs * kept["sealed_bytes"],
            "log_bytes": jobs * written}
        for jobs in (100_000, 1_000_000, 10_000_000, 100_000_000)
    ]
    servers = [
        {"cores": cores, "rate": BUSY * cores * 1e6 / cost, "log_bytes_per_second": BUSY * cores * 1e6 / cost * written}
        for cores in (2, 4, 8, 16, 32)
    ]
    return {"busy": BUSY, "server_microseconds_per_job": cost, "log_bytes_per_job": written, "rounds": rounds,
        "servers": servers}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bench", required=True)
    parser.add_argument("--short", action="store_true")
    options = parser.parse_args()
    jobs = 200_000 if options.short else 1_000_000
    say(f"The sizing benchmark takes about {2 if options.short else 8} minutes.")
    server = Server(options.bench)
    try:
        with open(f"{server.folder}/data/postmaster.pid") as file:
            postmaster = file.readline().strip()
        say("==> Draining a round")
        runs = [drained(server, postmaster, jobs, count) for count in (1, 2, 4, 8)]
        say("==> What is kept, and read at a desk")
        kept = stored(server, jobs)
        read = desk(server, jobs)
    finally:
        server.stop()
    print(
        json.dumps(
            {
                "bench": "sizing", "short": options.short,
                "conditions": {"cores": os.cpu_count(), "load_before": os.getloadavg(), "streams": 100},
                "runs": runs, "kept": kept, "desk": read, "extrapolated": extrapolated(runs, kept),
            },
            indent=2,
        )
    )


if __name__ == "__main__":
    main()
