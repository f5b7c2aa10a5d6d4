"""The reduction's benchmark: Parley's shipped reduction and the peers over the same outcomes, in turns, in one run.
Called by scripts/bench reduce; prints one JSON object.

    bench_reduce.py --bench REDUCE_BENCH --queue-bench QUEUE_BENCH [--short]

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

from bench_stored import followed, stored

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


def bootstrap(bench, folder, cells, resamples, peer_cells, threads):
    """The cluster bootstrap of every cell, percentile and BCa at once, beside scipy's of the same ratio of sums."""
    own = os.path.join(folder, "bootstrap.csv")
    took = statistics.median(seconds([
        bench, "reduce", "--cells", str(cells), "--threads", str(threads), "--times", "3", "--bootstrap", str(resamples),
        "--findings", own, folder,
    ]))
    per_cell = {"parley": took / cells}
    with open(own) as file:
        found = [{name: float(value) for name, value in row.items()} for row in csv.DictReader(file)]
    for method, low, high in (("percentile", "plow", "phigh"), ("BCa", "blow", "bhigh")):
        output = subprocess.run(
            [sys.executable, PEERS, "scipy_bootstrap", folder, str(threads), str(resamples), str(peer_cells), method],
            check=True, capture_output=True, text=True,
        ).stdout
        theirs = json.loads(output)
        per_cell["scipy " + method] = theirs["seconds"] / peer_cells
        for row, other in zip(found, theirs["intervals"]):
            # Two Monte-Carlo quantiles of so many draws: √2 · √(0.025 · 0.975 / B) / φ(1.96) standard errors, six times.
            allowed = 6 * 2**0.5 * (0.025 * 0.975 / resamples) ** 0.5 / 0.0584 * row["bse"]
            if abs(row[low] - other[0]) > allowed or abs(row[high] - other[1]) > allowed:
                raise SystemExit(f"error: {method} of cell {row['cell']:.0f}: {row[low]}, {row[high]} and {other}")
    ratios = {name: per_cell[name] / per_cell["parley"] for name in per_cell if name != "parley"}
    say(
        f"    bootstrap, {resamples:,} resamples of {cells:,} cells: Parley {took:.2f} s for both methods;"
        f" scipy {per_cell['scipy percentile'] * cells:.0f} s percentile ({ratios['scipy percentile']:.0f}x),"
        f" {per_cell['scipy BCa'] * cells:.0f} s BCa ({ratios['scipy BCa']:.0f}x), by {peer_cells} cells of each"
    )
    return {
        "resamples": resamples, "cells": cells, "peer_cells": peer_cells, "threads": threads,
        "seconds_a_cell": per_cell, "ratios": ratios,
    }


def permutations(bench, threads, peer_pairs):
    """The sign-flip tests of a whole table of comparisons, beside scipy's of some pairs of the same size."""
    command = [bench, "permutations", "--threads", str(threads)]
    found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    took = seconds([
        sys.executable, PEERS, "scipy_permutations", str(threads), str(found["samples"]), str(found["draws"]),
        str(peer_pairs),
    ])[0]
    # All of the comparison is counted as ours: pairing, difference, interval, test.
    ratio = took / peer_pairs / (found["seconds"] / found["comparisons"])
    say(
        f"    {found['comparisons']:,} comparisons with {found['draws']:,} sign flips of {found['samples']} samples:"
        f" {found['seconds']:.2f} s; scipy {took / peer_pairs * found['comparisons']:.0f} s ({ratio:.0f}x),"
        f" by {peer_pairs} pairs"
    )
    return {**found, "scipy_seconds_a_pair": took / peer_pairs, "ratio": ratio}


def in_memory(bench, shape, rows, threads, times, turns, resamples=None):
    """One shape: medians of all repetitions over all turns; and its bootstrap, where resamples are given."""
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
        drawn = bootstrap(bench, folder, int(cells), resamples, 40, threads) if resamples else None
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
    if drawn:
        result["bootstrap"] = drawn
    return result


def live(bench, threads):
    """Changes folded into ten million outcomes that are held: medians in milliseconds."""
    output = subprocess.run([bench, "live", "--threads", str(threads)], check=True, capture_output=True, text=True)
    found = json.loads(output.stdout)
    medians = {
        kind: {name: statistics.median(values) for name, values in found[kind].items()}
        for kind in ("added", "superseded")
    }
    for kind, took in medians.items():
        say(
            f"    {found['batch']:,} outcomes {kind}, {found['rows']:,} held: folded in {took['fold_ms']:.1f} ms,"
            f" findings in {took['findings_ms']:.1f} ms"
        )
    return {**found, "medians": medians}


def curve(bench, threads):
    """Seconds and memory of rounds of three sizes."""
    points = []
    for rows in (1_000_000, 10_000_000, 100_000_000):
        command = [bench, "curve", "--rows", str(rows), "--threads", str(threads)]
        points.append(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
        point = points[-1]
        say(
            f"    {rows:,} outcomes: {point['seconds']:.3f} s, {point['ns_per_row']:.1f} ns each,"
            f" {point['peak_bytes'] / 2**30:.2f} GiB at most"
        )
    return points


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bench", required=True)
    parser.add_argument("--queue-bench", required=True)
    parser.add_argument("--short", action="store_true")
    options = parser.parse_args()
    threads = len(os.sched_getaffinity(0))
    turns = 2 if options.short else 4
    say("==> Outcomes in memory")
    shapes = [in_memory(options.bench, "dense", 10_000_000, threads, 4, turns, resamples=10_000)]
    for shape in ("zipf", "sparse", "one-cell"):
        shapes.append(in_memory(options.bench, shape, 10_000_000, threads, 3, 1 if options.short else 2))
    flips = permutations(options.bench, threads, 40)
    bandwidth = float(seconds([options.bench, "bandwidth", "--threads", str(threads)])[0])
    say("==> Outcomes in the database")
    database = stored(options.queue_bench, 10_000_000, 3 if options.short else 5)
    feed = followed(options.queue_bench, 1_000_000 if options.short else 3_000_000)
    dense = shapes[0]
    rate = BYTES_READ * dense["rows"] / dense["seconds"]["parley"]
    say(f"    reads {rate / 1e9:.1f} GB/s of the {bandwidth / 1e9:.1f} GB/s that the same threads can read")
    say("==> Live findings")
    folded = live(options.bench, threads)
    measured = {}
    if not options.short:
        say("==> Sizes")
        measured["curve"] = curve(options.bench, threads)
    print(
        json.dumps(
            {
                "bench": "reduce",
                "short": options.short,
                "conditions": {"cores": os.cpu_count(), "threads": threads},
                "in_memory": shapes,
                "permutations": flips,
                "stored": database,
                "followed": feed,
                "live": folded,
                **measured,
                "bandwidth": {"read": rate, "limit": bandwidth, "share": rate / bandwidth},
                "ratios": {
                    "duckdb": dense["ratios"]["duckdb"], "polars": dense["ratios"]["polars"],
                    # All findings, against the clustered part alone.
                    "postgres_sql": database["ratio"],
                    # The faster of scipy's two methods, against both of ours.
                    "scipy_bootstrap": min(dense["bootstrap"]["ratios"].values()),
                },
            },
            indent=2,
        )
    )


if __name__ == "__main__":
    main()
