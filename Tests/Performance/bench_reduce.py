"""The reduction's benchmark: Parley's shipped reduction and the peers over the same outcomes, in turns, in one run.
Called by scripts/bench reduce; prints one JSON object.

    bench_reduce.py --bench REDUCE_BENCH [--short]

Every engine gets the outcomes in memory in its own form, two threads (or as many as there are), and its best of the
ways that it offers; loading is not timed. What they find is compared before any time is printed.
"""

import argparse
import csv
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
PEERS = os.path.join(HERE, "peers", "reduce_peers.py")
# Of a row: all columns but the epoch, then cell, mark and latency once more.
BYTES_READ = 49 + 13


def say(text):
    print(text, file=sys.stderr, flush=True)


def seconds(command):
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [float(line) for line in output.split()]


def agree(ours, theirs, who):
    """Whether both CSVs say the same: counts, sums and quantiles exactly, what comes from doubles to 1e-9."""
    with open(ours) as file:
        rows = list(csv.DictReader(file))
    with open(theirs) as file:
        others = list(csv.reader(file))
    if len(rows) != len(others):
        raise SystemExit(f"error: {who} finds {len(others)} cells, Parley {len(rows)}")
    for row, other in zip(rows, others):
        for (name, own), value in zip(row.items(), other, strict=True):
            exact = name not in ("mean", "se")
            own, value = float(own), float(value)
            if (exact and own != value) or abs(own - value) > 1e-9 * max(abs(own), 1e-6):
                raise SystemExit(f"error: cell {row['cell']}: {name} is {own} for Parley and {value} for {who}")


def in_memory(bench, shape, rows, threads, times, turns):
    """One shape: medians of all repetitions over all turns."""
    folder = tempfile.mkdtemp(prefix="parley-reduce-", dir="/tmp")
    try:
        generated = subprocess.run(
            [bench, "generate", "--rows", str(rows), "--shape", shape, folder],
            check=True, capture_output=True, text=True,
        )
        cells = generated.stdout.strip()
        found = {name: [] for name in ("parley", "duckdb", "polars")}
        for turn in range(turns):
            own = os.path.join(folder, "parley.csv")
            found["parley"] += seconds([
                bench, "reduce", "--cells", cells, "--threads", str(threads), "--times", str(times * 3),
                "--findings", own, folder,
            ])
            for peer in ("duckdb", "polars"):
                their = os.path.join(folder, peer + ".csv")
                found[peer] += seconds([sys.executable, PEERS, peer, folder, str(threads), str(times), their])
                if turn == 0:
                    agree(own, their, peer)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    medians = {name: statistics.median(values) for name, values in found.items()}
    result = {
        "shape": shape, "rows": rows, "cells": int(cells), "threads": threads, "seconds": medians, "all": found,
        "ratios": {name: medians[name] / medians["parley"] for name in ("duckdb", "polars")},
    }
    say(
        f"    {shape}, {rows:,} outcomes: Parley {medians['parley'] * 1e3:.1f} ms,"
        f" DuckDB {medians['duckdb'] * 1e3:.0f} ms ({result['ratios']['duckdb']:.1f}x),"
        f" Polars {medians['polars'] * 1e3:.0f} ms ({result['ratios']['polars']:.1f}x)"
    )
    return result


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bench", required=True)
    parser.add_argument("--short", action="store_true")
    options = parser.parse_args()
    threads = len(os.sched_getaffinity(0))
    turns = 2 if options.short else 4
    say("==> Outcomes in memory")
    shapes = [in_memory(options.bench, "dense", 10_000_000, threads, 4, turns)]
    for shape in ("zipf", "sparse", "one-cell"):
        shapes.append(in_memory(options.bench, shape, 10_000_000, threads, 3, 1 if options.short else 2))
    bandwidth = float(seconds([options.bench, "bandwidth", "--threads", str(threads)])[0])
    dense = shapes[0]
    rate = BYTES_READ * dense["rows"] / dense["seconds"]["parley"]
    say(f"    reads {rate / 1e9:.1f} GB/s of the {bandwidth / 1e9:.1f} GB/s that the same threads can read")
    print(
        json.dumps(
            {
                "bench": "reduce",
                "short": options.short,
                "conditions": {"cores": os.cpu_count(), "threads": threads},
                "in_memory": shapes,
                "bandwidth": {"read": rate, "limit": bandwidth, "share": rate / bandwidth},
                "ratios": {"duckdb": dense["ratios"]["duckdb"], "polars": dense["ratios"]["polars"]},
            },
            indent=2,
        )
    )


if __name__ == "__main__":
    main()
