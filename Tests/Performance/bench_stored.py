"""Outcomes in the database, read and reduced cold, and followed while workers commit: part of bench_reduce.py.

Parley's side is what `parley findings` does in a new process, with the outcomes sealed as the coordinator seals them,
and without any segment (parallel COPY of the rows). It computes everything that findings hold. The peer is PostgreSQL's
own SQL for the clustered part alone, at its best of several settings, on the same server.
"""

import csv
import os
import shutil
import statistics
import subprocess
import tempfile

from server import Processes, Server, say

# n, mean and clustered standard error of each cell in one pass over the samples: Σ(s − nȳ)² is multiplied out.
CLUSTERED = """
with samples as (
    select cell_no, sample_no, count(*) as n, sum(score)::float8 / 1e9 as s
    from parley.outcomes where round_id = %s and stage = 0 and kind = 0 group by cell_no, sample_no
)
select cell_no, sum(n) as n, sum(s) / sum(n) as mean,
    sqrt(count(*) / (count(*) - 1.0) * (sum(s * s) - 2 * sum(s) / sum(n) * sum(s * n)
        + (sum(s) / sum(n)) ^ 2 * sum(n * n))) / sum(n) as se
from samples group by cell_no order by cell_no
"""
SETTINGS = [(jit, workers) for jit in ("off", "on") for workers in (0, 2)]


def agree(path, rows):
    with open(path) as file:
        own = list(csv.DictReader(file))
    if len(own) != len(rows):
        raise SystemExit(f"error: PostgreSQL finds {len(rows)} cells, Parley {len(own)}")
    for mine, (cell, n, mean, error) in zip(own, rows):
        if int(mine["n"]) != n or abs(float(mine["mean"]) - mean) > 1e-9 or abs(float(mine["se"]) - error) > 1e-9:
            raise SystemExit(f"error: cell {cell}: Parley says {mine}, PostgreSQL {n} {mean} {error}")


def stored(bench, rows, turns):
    """Seconds to read and reduce a round of 50 suites × 20 models × 500 samples, in turns with PostgreSQL's SQL."""
    shape = ["--jobs", str(rows), "--suites", "50", "--models", "20", "--samples", "500"]
    server = Server(bench)
    folder = tempfile.mkdtemp(prefix="parley-stored-", dir="/tmp")
    cells = os.path.join(folder, "cells.csv")
    try:
        server.fresh("stored")
        url = server.dsn("stored")
        subprocess.run([bench, "fill", "--database", url, *shape], check=True)

        def findings():
            command = [bench, "findings", "--database", url, "--cells", cells]
            return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

        def sql():
            best = float("inf")
            with server.connect("stored") as connection:
                for jit, workers in SETTINGS:
                    connection.execute(f"set jit = {jit}; set max_parallel_workers_per_gather = {workers}")
                    connection.execute("set work_mem = '1GB'")
                    begin = connection.execute("select clock_timestamp()").fetchone()[0]
                    found = connection.execute(CLUSTERED, [1]).fetchall()
                    end = connection.execute("select clock_timestamp()").fetchone()[0]
                    best = min(best, (end - begin).total_seconds())
            return best, found

        copied = [findings() for _ in range(turns)]
        agree(cells, sql()[1])
        output = subprocess.run([bench, "seal", "--database", url], check=True, capture_output=True, text=True).stdout
        sealing, size = output.split()
        sealed, peer = [], []
        for _ in range(turns):
            sealed.append(findings())
            took, found = sql()
            agree(cells, found)
            peer.append(took)
        server.drop("stored")
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
    result = {
        "rows": rows, "seconds": {
            "sealed": statistics.median(sealed), "parallel_copy": statistics.median(copied),
            "postgres_sql_clustered_part": statistics.median(peer),
        },
        "all": {"sealed": sealed, "parallel_copy": copied, "postgres_sql_clustered_part": peer},
        "sealing_seconds": float(sealing), "segment_bytes_per_outcome": int(size) / rows,
        "ratio": statistics.median(peer) / statistics.median(sealed),
    }
    took = result["seconds"]
    say(
        f"    {rows:,} outcomes in the database: {took['sealed']:.2f} s sealed, {took['parallel_copy']:.1f} s by COPY,"
        f" PostgreSQL's clustered part {took['postgres_sql_clustered_part']:.2f} s ({result['ratio']:.1f}x);"
        f" {result['segment_bytes_per_outcome']:.1f} bytes an outcome sealed"
    )
    return result


def followed(bench, jobs):
    """Milliseconds to take in 100,000 new outcomes while two workers drain a round as fast as they can, and those of the
    findings of all cells after each look. The follower shares the cores with workers and server."""
    server = Server(bench)
    try:
        server.fresh("live")
        url = server.dsn("live")
        subprocess.run([bench, "submit", "--database", url, "--name", "stored", "--jobs", str(jobs)], check=True,
            stdout=subprocess.DEVNULL)
        follow = subprocess.Popen([bench, "follow", "--database", url], stdout=subprocess.PIPE, text=True)
        with Processes(*[[bench, "work", "--database", url] for _ in range(2)]):
            looks = [tuple(map(float, line.split())) for line in follow.stdout]
        follow.wait()
    finally:
        server.stop()
    taken = sum(changes for changes, _, _ in looks)
    if taken != jobs:
        raise SystemExit(f"error: {taken} outcomes were followed of {jobs}")
    large = [look for look in looks if look[0] >= 10_000]
    result = {
        "jobs": jobs, "looks": looks,
        "milliseconds_per_100000": statistics.median(fold / changes * 1e5 for changes, fold, _ in large),
        "findings_milliseconds": statistics.median(findings for _, _, findings in large),
    }
    say(
        f"    followed while two workers commit: 100,000 new outcomes in {result['milliseconds_per_100000']:.0f} ms,"
        f" findings of all cells in {result['findings_milliseconds']:.1f} ms"
    )
    return result
