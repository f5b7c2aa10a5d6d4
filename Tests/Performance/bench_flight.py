"""The worker's memory: many probes in flight in one worker against the simulated provider with a long latency, and
whether it stays flat. Called by scripts/bench flight.

    bench_flight.py --bench QUEUE_BENCH --parley PARLEY [--short] [--in-flight 10000] [--minutes 10]
"""

import argparse
import json
import math
import os
import shutil
import signal
import statistics
import subprocess
import tempfile
import time

from bench_probe import Provider, cpu_seconds
from server import Server, say

LATENCY = 30


def resident_bytes(process):
    """Resident memory of a process: all of it, and its anonymous part, which is its own and not its program's file."""
    found = {}
    with open(f"/proc/{process}/status") as file:
        for line in file:
            key, _, value = line.partition(":")
            if key in ("VmRSS", "RssAnon"):
                found[key] = int(value.split()[0]) * 1024
    return found["VmRSS"], found["RssAnon"]


def watch(connection, process, in_flight, seconds):
    """Rows of time, jobs in flight, resident bytes, anonymous bytes and open files, from the moment when it is full."""
    rows, full = [], None
    deadline = time.monotonic() + 300
    while True:
        if process.poll() is not None:
            raise SystemExit("error: the worker ended")
        held = connection.execute(
            "select coalesce(sum(bit_count(open::bit(64))), 0)::bigint from parley.blocks where open <> 0"
        ).fetchone()[0]
        now = time.monotonic()
        if full is None:
            if held >= 0.95 * in_flight:
                full = now
                say(f"    {held:,} in flight after the start; measuring for {seconds:.0f} s")
            elif now > deadline:
                raise SystemExit(f"error: only {held:,} jobs are in flight after five minutes")
        if full is not None:
            rows.append((now - full, held, *resident_bytes(process.pid), len(os.listdir(f"/proc/{process.pid}/fd"))))
            if now - full >= seconds:
                return rows
        time.sleep(2)


def slope(rows, column):
    """Growth an hour, by least squares."""
    times, values = [row[0] for row in rows], [row[column] for row in rows]
    middle = statistics.mean(times)
    spread = sum((t - middle) ** 2 for t in times)
    return sum((t - middle) * v for t, v in zip(times, values)) / spread * 3600


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bench", required=True)
    parser.add_argument("--parley", required=True)
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--in-flight", type=int, default=10_000)
    parser.add_argument("--minutes", type=float)
    options = parser.parse_args()
    seconds = (options.minutes or (1.5 if options.short else 10)) * 60
    # Enough that it is still full at the end: a call takes 1.13 times the median on average.
    jobs = options.in_flight * (3 + seconds / LATENCY)
    samples = 2 * options.in_flight
    epochs = math.ceil(jobs / samples)
    folder = tempfile.mkdtemp(prefix="parley-flight-", dir="/tmp")
    server = Server(options.bench)
    try:
        with open(os.path.join(folder, "samples.jsonl"), "w") as file:
            for i in range(samples):
                prompt = f"What is {i % 251} + {i // 251}? Answer with a number."
                file.write(json.dumps({"id": str(i), "input": prompt, "target": str(i % 251 + i // 251)}) + "\n")
        say(f"==> {options.in_flight:,} in flight, {LATENCY} s of latency")
        with Provider(options.parley, folder, LATENCY * 1000, samples, options.in_flight, epochs) as provider:
            server.fresh("flight")
            with server.connect("flight") as connection:
                # What the provider takes is known here and need not be found by trying.
                connection.execute("alter table parley.limits alter column allowed set default 1000000")
                process = subprocess.Popen(
                    [options.parley, "worker", "--database", server.dsn("flight", "parley_test"), "--concurrency",
                     str(options.in_flight)],
                    stderr=subprocess.DEVNULL,
                )
                try:
                    time.sleep(3)
                    idle = resident_bytes(process.pid)
                    subprocess.run(
                        [options.parley, "submit", provider.round, "--database", server.dsn("flight", "parley")],
                        check=True, capture_output=True,
                    )
                    rows = watch(connection, process, options.in_flight, seconds)
                    cpu = cpu_seconds(process.pid)
                finally:
                    stopping = time.monotonic()
                    process.send_signal(signal.SIGTERM)
                    # What was measured is worth more than how it ends.
                    try:
                        process.wait(180)
                    except subprocess.TimeoutExpired:
                        process.kill()
                    stopping = time.monotonic() - stopping
                done = connection.execute("select count(*) from parley.outcomes").fetchone()[0]
                failed = dict(
                    connection.execute(
                        "select class, count(*) from parley.attempts where class <> 'cancelled' group by class"
                    ).fetchall()
                )
            server.drop("flight")
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
    held = statistics.median(row[1] for row in rows)
    third = len(rows) // 3
    result = {
        "bench": "flight",
        "short": options.short,
        "conditions": {
            "cores": os.cpu_count(), "in_flight": options.in_flight, "latency_seconds": LATENCY, "seconds": seconds,
            "samples": samples, "epochs": epochs,
        },
        "in_flight": {"median": held, "least": min(row[1] for row in rows)},
        "resident_bytes": {
            "idle": idle[0], "median": statistics.median(row[2] for row in rows), "most": max(row[2] for row in rows),
            "first_third": statistics.median(row[2] for row in rows[:third]),
            "last_third": statistics.median(row[2] for row in rows[-third:]),
            "growth_an_hour": slope(rows, 2), "growth_an_hour_of_last_two_thirds": slope(rows[third:], 2),
        },
        "bytes_a_probe_in_flight": statistics.median((row[3] - idle[1]) / row[1] for row in rows),
        "open_files": max(row[4] for row in rows),
        "outcomes": done, "failed_attempts": failed, "cpu_seconds": cpu, "stop_seconds": stopping,
        "exit_code": process.returncode,
    }
    most = result["resident_bytes"]["most"] / 2**20
    say(
        f"    {held:,.0f} in flight: {most:.0f} MiB at most, {result['bytes_a_probe_in_flight'] / 1024:.1f} KiB each;"
        f" last third over first {result['resident_bytes']['last_third'] / result['resident_bytes']['first_third']:.3f}"
    )
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
