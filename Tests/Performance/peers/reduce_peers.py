"""The same reduction in DuckDB and in Polars, and the bootstrap in scipy, each in its own best way.

    reduce_peers.py PEER FOLDER THREADS TIMES [CSV]
    reduce_peers.py scipy_bootstrap FOLDER THREADS RESAMPLES CELLS METHOD
    reduce_peers.py scipy_permutations THREADS SAMPLES DRAWS PAIRS

Reads the raw columns of FOLDER into the peer's own form, reduces them TIMES times, prints the seconds of each, and
writes the last findings to CSV. Loading is not timed. Scores become doubles and sums of them are not exact: that is
what these engines do by default, and it is faster for them.
"""

import os
import sys
import time

import numpy

KINDS = ["scored", "answered", "refused", "filtered", "truncated", "limited", "unscorable", "failed"]
TOKENS = ["input", "output", "cached", "reasoning"]
TYPES = {
    "cell": numpy.int32, "sample": numpy.int32, "kind": numpy.uint8, "score": numpy.int64, "cost": numpy.int64,
    "latency": numpy.int64, **{name: numpy.uint32 for name in TOKENS},
}


def columns(folder):
    read = {name: numpy.fromfile(os.path.join(folder, name), dtype=dtype) for name, dtype in TYPES.items()}
    missing = read["score"] == numpy.iinfo(numpy.int64).min
    score = read["score"] / 1e9
    score[missing] = numpy.nan
    read["score"] = score
    # The latencies of these shapes fit 32 bits, which is faster for both engines.
    read["latency"] = read["latency"].astype(numpy.int32)
    return read, missing


def duckdb_runs(folder, threads, times):
    import duckdb
    import pyarrow

    read, missing = columns(folder)
    table = pyarrow.table({
        name: pyarrow.array(column, mask=missing if name == "score" else None) for name, column in read.items()
    })
    connection = duckdb.connect()
    connection.execute(f"set threads = {threads}")
    connection.execute("set preserve_insertion_order = false")
    connection.register("arrow", table)
    connection.execute("create table outcomes as select * from arrow")
    clustered = """
        with samples as (
            select cell, sample, count(score) as n, sum(score) as s from outcomes
            where kind < 2 and score is not null group by cell, sample
        ), cells as (
            select cell, sum(n) as n, sum(s) / sum(n) as mean, count(*) as g from samples group by cell
        )
        select cell, any_value(c.n) as n, any_value(mean) as mean,
            sqrt(any_value(g) / (any_value(g) - 1.0) * sum((s.s - s.n * mean) ** 2)) / any_value(c.n) as se
        from samples s join cells c using (cell) group by cell
    """
    # Three questions are faster here than one: counted by cell and kind, and the quantiles by themselves.
    totals = f"""
        select cell, kind, count(*) as n, {", ".join(f"sum({name}) as {name}" for name in TOKENS)}, sum(cost) as cost
        from outcomes group by cell, kind
    """
    quantiles = """
        select cell, quantile_disc(latency, [0.5, 0.95, 0.99]) as q from outcomes where kind <> 7 group by cell
    """
    for _ in range(times):
        begin = time.perf_counter()
        results = [connection.sql(query).to_arrow_table() for query in (clustered, totals, quantiles)]
        print(time.perf_counter() - begin, flush=True)
    for name, result in zip(("clustered", "totals", "quantiles"), results):
        connection.register(name, result)
    sums = ", ".join(f"sum(t.{name}) as {name}" for name in ("input", "output", "cost"))
    kinds = ", ".join(f"coalesce(sum(t.n) filter (kind = {code}), 0) as {name}" for code, name in enumerate(KINDS))
    return connection.execute(
        f"""
        select cell, any_value(c.n) as n, any_value(mean) as mean, any_value(se) as se, any_value(q[1]) as p50,
            any_value(q[2]) as p95, any_value(q[3]) as p99, {sums}, {kinds}
        from totals t left join clustered c using (cell) left join quantiles using (cell) group by cell order by cell
        """
    ).fetchall()


def polars_runs(folder, threads, times):
    os.environ["POLARS_MAX_THREADS"] = str(threads)
    import polars

    read, missing = columns(folder)
    frame = polars.DataFrame(read).with_columns(polars.col("score").fill_nan(None))
    col = polars.col

    def reduce(engine):
        lazy = frame.lazy()
        samples = (
            lazy.filter((col("kind") < 2) & col("score").is_not_null())
            .group_by("cell", "sample").agg(polars.len().alias("n"), col("score").sum().alias("s"))
        )
        clustered = (
            samples.with_columns((col("s").sum() / col("n").sum()).over("cell").alias("mean"))
            .group_by("cell")
            .agg(
                col("n").sum().alias("n"), col("mean").first(), polars.len().alias("g"),
                ((col("s") - col("n") * col("mean")) ** 2).sum().alias("squares"),
            )
            .with_columns(((col("g") / (col("g") - 1) * col("squares")).sqrt() / col("n")).alias("se"))
        )
        # Three questions are faster here than one, as in DuckDB.
        totals = lazy.group_by((col("cell") * 8 + col("kind")).alias("code")).agg(
            polars.len().alias("n"), *[col(name).cast(polars.UInt64).sum() for name in TOKENS], col("cost").sum(),
        )
        quantiles = lazy.filter(col("kind") != 7).group_by("cell").agg(
            *[col("latency").quantile(share, "equiprobable").alias(name)
              for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))],
        )
        return polars.collect_all([clustered, totals, quantiles], engine=engine)

    # The better of its two engines.
    seconds = {}
    for engine in ("in-memory", "streaming"):
        begin = time.perf_counter()
        reduce(engine)
        seconds[engine] = time.perf_counter() - begin
    engine = min(seconds, key=seconds.get)
    for _ in range(times):
        begin = time.perf_counter()
        clustered, totals, quantiles = reduce(engine)
        print(time.perf_counter() - begin, flush=True)
    by_cell = totals.with_columns(col("code") // 8, kind=col("code") % 8).rename({"code": "cell"}).group_by("cell").agg(
        *[col(name).sum() for name in [*TOKENS, "cost"]],
        *[col("n").filter(col("kind") == code).sum().alias(name) for code, name in enumerate(KINDS)],
    )
    joined = by_cell.join(clustered, on="cell", how="left").join(quantiles, on="cell", how="left").sort("cell")
    return joined.select(
        "cell", "n", "mean", "se", "p50", "p95", "p99", "input", "output", "cost", *KINDS
    ).rows()


def scipy_cell(job):
    import scipy.stats

    sums, counts, resamples, method = job
    result = scipy.stats.bootstrap(
        (sums, counts), lambda s, c, axis=-1: s.sum(axis=axis) / c.sum(axis=axis), paired=True, vectorized=True,
        n_resamples=resamples, batch=SCIPY_BATCH, confidence_level=0.95, method=method, rng=numpy.random.default_rng(1),
    )
    return result.confidence_interval.low, result.confidence_interval.high


# The fastest of 50, 100, 250, 500, 1,000 and 10,000 (all at once, the default) on the machine that this was written
# on, where that default took 1.6 times as long.
SCIPY_BATCH = 500


def scipy_bootstrap(folder, threads, resamples, cells, method):
    """Intervals of the first cells, one process a core; sums by sample are not timed."""
    import json
    import multiprocessing

    read, missing = columns(folder)
    jobs = []
    for cell in range(cells):
        rows = (read["cell"] == cell) & (read["kind"] < 2) & ~missing
        samples = read["sample"][rows]
        counts = numpy.bincount(samples)
        sums = numpy.bincount(samples, weights=read["score"][rows])
        jobs.append((sums[counts > 0], counts[counts > 0].astype(float), resamples, method))
    with multiprocessing.Pool(threads) as pool:
        pool.map(scipy_cell, jobs[:threads])
        begin = time.perf_counter()
        intervals = pool.map(scipy_cell, jobs, chunksize=1)
        took = time.perf_counter() - begin
    print(json.dumps({"seconds": took, "intervals": intervals}))


def scipy_pair(job):
    import scipy.stats

    seed, samples, draws = job
    differences = numpy.random.default_rng(seed).normal(0.02, 0.3, samples).round(3)
    return scipy.stats.permutation_test(
        (differences,), lambda d, axis=-1: d.mean(axis=axis), permutation_type="samples", vectorized=True,
        n_resamples=draws, batch=SCIPY_BATCH, rng=numpy.random.default_rng(seed),
    ).pvalue


def scipy_permutations(threads, samples, draws, pairs):
    """Sign-flip tests of the mean difference of pairs, one process a core."""
    import multiprocessing

    jobs = [(seed, samples, draws) for seed in range(pairs)]
    with multiprocessing.Pool(threads) as pool:
        pool.map(scipy_pair, jobs[:threads])
        begin = time.perf_counter()
        pool.map(scipy_pair, jobs, chunksize=1)
        print(time.perf_counter() - begin)


def main():
    if sys.argv[1] == "scipy_permutations":
        return scipy_permutations(*map(int, sys.argv[2:]))
    if sys.argv[1] == "scipy_bootstrap":
        folder, threads, resamples, cells, method = sys.argv[2:]
        return scipy_bootstrap(folder, int(threads), int(resamples), int(cells), method)
    peer, folder, threads, times = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    rows = {"duckdb": duckdb_runs, "polars": polars_runs}[peer](folder, threads, times)
    if len(sys.argv) > 5:
        with open(sys.argv[5], "w") as file:
            for row in rows:
                file.write(",".join(map(str, row)) + "\n")


if __name__ == "__main__":
    main()
