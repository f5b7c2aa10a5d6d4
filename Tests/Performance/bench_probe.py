"""The worker's benchmark: one worker end to end (claim, HTTP, score, durable commit) against the simulated provider,
inspect_ai on the same server, samples and scorer, and wrk, which only asks. Called by scripts/bench probe.

    bench_probe.py --bench QUEUE_BENCH --parley PARLEY [--short]
"""

import argparse
import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

from server import Server, say

HERE = os.path.dirname(os.path.abspath(__file__))
INSPECT = os.path.join(HERE, "peers", "inspect_peer.py")
TICKS = os.sysconf("SC_CLK_TCK")

ROUND = """
round: probe
title: Probe benchmark
tier: bilateral
parties: [{{ name: north, role: lab }}, {{ name: south, role: lab }}]
models:
  - name: sim
    party: north
    provider: openai
    base_url: {url}/v1
    model: sim
    concurrency: {concurrency}
    price: {{ input: 0, output: 0 }}
    # Far above the slowest of a long latency, which varies.
    timeout: 30m
    simulate: {{ accuracy: 0.7, latency: {latency}ms }}
configurations: [{{ name: sim-greedy, model: sim, temperature: 0, max_tokens: 64 }}]
suites:
  - name: sums
    party: south
    areas: [scalable oversight]
    dataset: {{ file: samples.jsonl, limit: {samples} }}
    solver: generate
    scorer: includes
    epochs: {epochs}
"""


def cpu_seconds(process):
    """User and system time of a process so far."""
    with open(f"/proc/{process}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


class Provider:
    """The simulated provider, which knows the samples, as a process of its own."""

    def __init__(self, parley, folder, latency, samples, concurrency, epochs=1):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self.round = os.path.join(folder, f"round-{latency}-{samples}.yaml")
        with open(self.round, "w") as file:
            file.write(
                ROUND.format(
                    url=self.url, latency=latency, samples=samples, concurrency=concurrency, epochs=epochs
                )
            )
        self.process = subprocess.Popen(
            [parley, "simulate", "--round", self.round, "--port", str(port)], stdout=subprocess.PIPE
        )
        if b"SIMULATED" not in self.process.stdout.readline():
            raise SystemExit("error: the simulated provider did not start")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)


def parley_samples(server, parley, provider, samples, concurrency):
    """One worker drains a round of so many samples."""
    server.fresh("probe")
    coordinator, worker = server.dsn("probe", "parley"), server.dsn("probe", "parley_test")
    subprocess.run([parley, "submit", provider.round, "--database", coordinator], check=True, capture_output=True)
    with server.connect("probe") as connection:
        process = subprocess.Popen(
            [parley, "worker", "--database", worker, "--concurrency", str(concurrency)], stderr=subprocess.DEVNULL
        )
        before = cpu_seconds(provider.process.pid)
        try:
            deadline = time.monotonic() + 600
            while connection.execute("select count(*) from parley.outcomes").fetchone()[0] < samples:
                if time.monotonic() > deadline or process.poll() is not None:
                    raise SystemExit("error: the worker did not finish its round")
                time.sleep(0.5)
            cpu = cpu_seconds(process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)
        found = connection.execute(
            """
            select count(*), extract(epoch from max(completed_at) - min(first_claimed_at))::float,
                count(*) filter (where score = 1000000000),
                (select count(*) from parley.attempts)
            from parley.outcomes
            """
        ).fetchone()
        # The share of the slots that waited for the provider, from the 10th to the 90th percentile of the answers.
        busy = connection.execute(
            """
            with bounds as (
                select percentile_disc(0.1) within group (order by completed_at) as low,
                    percentile_disc(0.9) within group (order by completed_at) as high from parley.outcomes
            )
            select sum(extract(epoch from least(completed_at, high)
                    - greatest(completed_at - latency_micros * interval '1 microsecond', low)))::float
                / extract(epoch from max(high) - max(low))::float
            from parley.outcomes, bounds
            where completed_at > low and completed_at - latency_micros * interval '1 microsecond' < high
            """
        ).fetchone()[0]
    server.drop("probe")
    if found[0] != samples or found[3] != 0:
        raise SystemExit(f"error: {found[0]} outcomes and {found[3]} failed attempts of {samples} samples")
    return {
        "samples": samples, "seconds": found[1], "rate": samples / found[1], "right": found[2],
        "cpu_seconds_a_sample": cpu / samples, "in_flight": busy,
        "provider_cpu_seconds_a_sample": (cpu_seconds(provider.process.pid) - before) / samples,
    }


def inspect_samples(provider, folder, samples, connections):
    logs = tempfile.mkdtemp(dir=folder)
    output = subprocess.run(
        [sys.executable, INSPECT, os.path.join(folder, "samples.jsonl"), provider.url + "/v1", str(samples),
         str(connections), logs],
        check=True, stdout=subprocess.PIPE, text=True,
    ).stdout
    found = json.loads(output.splitlines()[-1])
    return {
        **found, "connections": connections, "rate": found["samples"] / found["seconds"],
        "cpu_seconds_a_sample": found["cpu_seconds"] / found["samples"],
    }


def wrk_rate(provider, folder, prompt, seconds, connections):
    """Requests a second of the same form, by a client that does nothing else."""
    body = json.dumps({
        "model": "sim", "messages": [{"role": "user", "content": prompt}], "temperature": 0, "max_tokens": 64,
    })
    script = os.path.join(folder, "post.lua")
    with open(script, "w") as file:
        file.write(
            f'wrk.method = "POST"\nwrk.body = [==[{body}]==]\nwrk.headers["Content-Type"] = "application/json"\n'
        )
    output = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds}", "-s", script, provider.url + "/v1/chat/completions"],
        check=True, capture_output=True, text=True,
    ).stdout
    if "Non-2xx" in output:
        raise SystemExit(f"error: the provider refused wrk's requests:\n{output}")
    return float(next(line for line in output.splitlines() if "Requests/sec" in line).split()[1])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bench", required=True)
    parser.add_argument("--parley", required=True)
    parser.add_argument("--short", action="store_true")
    options = parser.parse_args()
    turns = 2 if options.short else 5
    samples, theirs, concurrency = 50_000, 1_000 if options.short else 3_000, 256
    folder = tempfile.mkdtemp(prefix="parley-probe-", dir="/tmp")
    server = Server(options.bench)
    try:
        prompts = [f"What is {i % 251} + {i // 251}? Answer with a number." for i in range(samples)]
        with open(os.path.join(folder, "samples.jsonl"), "w") as file:
            for i, prompt in enumerate(prompts):
                file.write(json.dumps({"id": str(i), "input": prompt, "target": str(i % 251 + i // 251)}) + "\n")
        own, peer, limit = [], [], []
        say("==> No latency")
        with Provider(options.parley, folder, 0, samples, concurrency) as provider:
            # Its own best number of connections, found first.
            tried = [inspect_samples(provider, folder, theirs // 2, c) for c in (10, 32, 100)]
            best = max(tried, key=lambda found: found["rate"])["connections"]
            for _ in range(turns):
                own.append(parley_samples(server, options.parley, provider, samples, concurrency))
                peer.append(inspect_samples(provider, folder, theirs, best))
                limit.append(wrk_rate(provider, folder, prompts[0], 5, concurrency))
                say(
                    f"    Parley {own[-1]['rate']:,.0f} samples/s ({own[-1]['cpu_seconds_a_sample'] * 1e6:.0f} µs of"
                    f" CPU each), inspect_ai {peer[-1]['rate']:,.0f} ({best} connections), wrk {limit[-1]:,.0f}"
                    " requests/s"
                )
        shares = own[0]["right"] / samples, peer[0]["right"] / theirs
        if abs(shares[0] - shares[1]) > 5 * (0.25 / theirs) ** 0.5:
            raise SystemExit(f"error: Parley scores {shares[0]:.3f} and inspect_ai {shares[1]:.3f}")
        say("==> 200 ms of latency, 500 in flight")
        with Provider(options.parley, folder, 200, samples, 500) as provider:
            slow = parley_samples(server, options.parley, provider, samples, 500)
        efficiency = slow["in_flight"] / 500
        say(f"    {slow['rate']:,.0f} samples/s; {efficiency:.1%} of the slots waited for the provider")
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)

    def median(found):
        return statistics.median(one["rate"] for one in found)

    print(
        json.dumps(
            {
                "bench": "probe",
                "short": options.short,
                "conditions": {"cores": os.cpu_count(), "in_flight": concurrency, "samples": samples},
                "parley": own, "inspect_ai": peer, "inspect_ai_connections": tried, "wrk_requests_a_second": limit,
                "latency_200_ms": {**slow, "in_flight_efficiency": efficiency},
                "ratios": {
                    "inspect_ai": median(own) / median(peer),
                    # The share of the limit that is kept.
                    "wrk": median(own) / statistics.median(limit),
                },
            },
            indent=2,
        )
    )


if __name__ == "__main__":
    main()
