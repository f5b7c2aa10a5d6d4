"""The accounts of the day (Tests/day.py): what was asked for, done, paid and recorded must balance when it is over.

Each function holds some statements of the day to be true, with the figures by which they were judged.
"""

import json
import math
import shutil
import subprocess
import sys
import time

from house import ROOT

# Billionths for one token, in and out; as the round file says, per million.
PRICES = {"alpha": (1000, 4000), "beta": (2000, 6000)}
# What every attempt used, outcomes among them; null where nobody knows.
ATTEMPTS = """
    select round_id, cell_no, input_tokens, output_tokens, cost, 0 as reserved from parley.outcomes
    union all
    select a.round_id, s.cell_no, a.input_tokens, a.output_tokens, a.cost, s.reserve_cost
    from parley.attempts a join parley.streams s
        on a.round_id = s.round_id and a.job_id >= s.base and a.job_id < s.base + s.samples::bigint * s.epochs
"""


def numbers(day, text):
    return [int(value or 0) for value in day.postgres.ask(text)[0]]


def jobs(day):
    status = day.status()
    outcomes, distinct, dead, both = numbers(
        day,
        f"""
        select count(*), count(distinct job_id), (select count(*) from parley.dead_jobs where round_id = {day.round}),
            (select count(*) from parley.dead_jobs d join parley.outcomes o using (round_id, job_id))
        from parley.outcomes where round_id = {day.round}
        """,
    )
    unprobed = status["planned"] - outcomes - dead
    day.hold(
        "jobs = outcomes + dead + unprobed",
        status["planned"] == day.jobs and status["done"] == outcomes and unprobed == both == 0,
        f"{status['planned']:,} = {outcomes:,} + {dead} + {unprobed}",
    )
    seen, path = [], "/v1/rounds/day/jobs?limit=1000"
    while path:
        document, headers = day.http(path)
        seen += [job["job"] for job in document["jobs"]]
        link = headers.get("Link")
        path = link[1 : link.index(">")] if link else None
    day.hold(
        "one outcome for each job, in the table and in the API's pages",
        outcomes == distinct == len(seen) == len(set(seen)),
        f"{outcomes:,} outcomes of {distinct:,} jobs; {len(seen):,} rows of {len(set(seen)):,} jobs in pages",
    )
    wrong, failed, rescued = numbers(
        day,
        f"""
        select (
            select count(*) from parley.outcomes o where o.round_id = {day.round} and o.attempt <> 1 + (
                select count(*) from parley.attempts a
                where a.round_id = o.round_id and a.job_id = o.job_id and a.disposition = 'requeued')),
            count(*), count(*) filter (where rescued)
        from parley.attempts where round_id = {day.round}
        """,
    )
    day.hold(
        "an outcome's attempt is one more than its failures",
        wrong == 0 and failed > rescued > 0,
        f"{failed} attempts failed, {rescued} of them with killed workers; {wrong} outcomes do not fit",
    )


def money(day):
    provider = day.provider()["by_model"]
    (rescued,) = numbers(day, f"select count(*) from parley.attempts where round_id = {day.round} and rescued")
    lost_in_all = 0
    for model, *figures in day.postgres.ask(f"""
        select s.model, sum(x.input_tokens), sum(x.output_tokens), sum(x.cost),
            count(*) filter (where x.output_tokens > 0)
        from ({ATTEMPTS}) x join parley.streams s on s.round_id = x.round_id and s.cell_no = x.cell_no
        where x.round_id = {day.round} and x.input_tokens is not null group by s.model order by s.model
        """):
        tokens_in, tokens_out, cost, answers = map(int, figures)
        theirs = provider[model]
        lost = theirs["answers"] - answers
        lost_in_all += lost
        gap = (theirs["input_tokens"] - tokens_in, theirs["output_tokens"] - tokens_out)
        # An answer counts up to 40 tokens in, a short question, and max_tokens out.
        fits = lost <= gap[0] <= 40 * lost and lost <= gap[1] <= 16 * lost
        day.hold(
            f"{model}: tokens are the provider's to the last, and the cost is theirs",
            lost >= 0 and fits and cost == tokens_in * PRICES[model][0] + tokens_out * PRICES[model][1],
            f"provider {theirs['input_tokens']:,} + {theirs['output_tokens']:,}, Parley {tokens_in:,} + {tokens_out:,} "
            f"for {cost / 1e9:.9f}; {lost} answers died with killed workers, of {gap[0]} + {gap[1]} tokens",
        )
    day.hold(
        "answers that nobody knows of are fewer than attempts of killed workers",
        lost_in_all <= rescued,
        f"{lost_in_all} of {rescued}",
    )
    known, reserved, unknown = numbers(
        day,
        f"""
        select sum(cost) filter (where input_tokens is not null), sum(reserved) filter (where input_tokens is null),
            count(*) filter (where input_tokens is null)
        from ({ATTEMPTS}) x where round_id = {day.round}
        """,
    )
    budget = day.status()["budgets"][0]
    day.hold(
        "the budget was charged what is known, and all that was reserved where it is not",
        round(budget["used_money"] * 1e9) == known + reserved and budget["unknown"] == unknown,
        f"{budget['used_money']:.9f} = {known / 1e9:.9f} + {reserved / 1e9:.9f} for {unknown} unknown attempts",
    )
    day.hold(
        "the budget was never exceeded",
        not day.overruns and day.looks > 10,
        f"{day.looks} looks, {len(day.overruns)} above the cap",
    )


def records(day):
    events = day.get("/v1/events?limit=1000")["events"]
    missing = [
        change
        for change in day.changes
        if not any((e["who"], e["what"]) == change[:2] and e["why"].endswith(change[2]) for e in events)
    ]
    day.hold("each change stands in the events with who and why", not missing, f"{len(day.changes)}, missing {missing}")
    ledger = day.get("/v1/rounds/day/ledger?limit=1000")["entries"]
    of_round = [why for _, what, why in day.changes if what in ("budget", "rule", "weigh") or "beta" in why]
    missing = [why for why in of_round if not any(why in str(entry["why"]) for entry in ledger)]
    day.hold("the round's ledger has its changes", not missing, f"{len(ledger)} entries, missing {missing}")

    trust = ["--trust", day.folder / "desk.pub"]
    witnesses = sorted((day.folder / "witnesses").glob("day-*.json"))
    kept = [part for file in witnesses for part in ("--witness", file)]
    code, text = day.code("ledger", "verify", "day", *kept, *trust)
    day.hold(
        "the ledger is a chain, and the one that was witnessed",
        code == 0 and witnesses,
        f"{len(witnesses)} witnesses, exit code {code}" + (f": {text}" if code else ""),
    )
    order = json.loads(day.cli("order", "day", "--json"))
    started = sum(cell["started"] for cell in order["cells"])
    apart = max(suite.get("largest_imbalance", 0) for suite in order["suites"])
    day.hold(
        "the executed order is whole, and was drawn from the definition's hash",
        order["planned"] == "definition" and started == day.status()["done"],
        f"{started:,} started; cells at most {apart:.0%} apart",
    )
    package = day.folder / "day.tar"
    keys = ["--key", day.folder / "desk.key", "--public", day.folder / "desk.pub"]
    day.cli(
        "evidence", "day", "--preview", "--output", package, "--salts", day.folder / "witnesses" / "day.salts", *keys
    )
    code, text = day.code("verify", package, *trust)
    day.hold(
        "a stranger verifies the package: order, ledger and every number",
        code == 0,
        f"exit code {code}" + (f": {text}" if code else ""),
    )


def documents(day):
    for path, *command in [
        ("/v1/rounds", "status"),
        ("/v1/rounds/day/findings", "findings", "day"),
        ("/v1/pools", "pool", "list"),
        ("/v1/limits", "explain", "limits"),
    ]:
        ours, theirs = json.loads(day.cli(*command, "--json")), day.get(path)
        if path == "/v1/rounds":
            # The estimates are the command line's alone, and the last minute goes by.
            for each in ours["rounds"] + theirs["rounds"]:
                each.pop("estimates", None)
                each.pop("finished_last_minute")
        apart = [name for name in {**ours, **theirs} if ours.get(name) != theirs.get(name)]
        day.hold(
            f"GET {path} is `parley {' '.join(command)} --json`",
            ours == theirs,
            f"{len(json.dumps(theirs)):,} bytes"
            + "".join(f"; {each}: {ours[each]} and {theirs[each]}" for each in apart),
        )


def series(day):
    """What Prometheus kept of the day, each query in a file of its own; or what was scraped by hand."""
    folder = day.folder / "series"
    if not day.monitor.port:
        lines = sum(1 for file in folder.glob("*.txt") for _ in open(file))
        return day.hold("the daemons' series were scraped", lines > 1000, f"{lines:,} lines")
    end, span = time.time(), time.monotonic() - day.start
    queries = {
        "queue": 'sum by (state) (round:parley_queue_jobs:max{round="day"})',
        "committed": "sum(rate(parley_jobs_committed_total[30s]))",
        "failures": "sum by (class) (rate(parley_attempts_failed_total[30s]))",
        "workers": "max by (state) (parley_workers)",
        "budget": "max by (part) (parley_budget_money)",
        "parts": "sum by (part) (rate(parley_probe_part_seconds_total[30s]))",
        "up": "sum by (job) (up)",
        "alerts": "ALERTS",
    }
    counts = {}
    for name, text in queries.items():
        step = max(2, math.ceil(span / 5000))
        data = day.monitor.ask("query_range", query=text, start=end - span, end=end, step=step)["result"]
        (folder / f"{name}.json").write_text(json.dumps(data, indent=1))
        counts[name] = sum(len(each["values"]) for each in data)
        if name == "queue":
            deepest = max((float(value) for each in data for _, value in each["values"]), default=0)
    day.hold(
        "Prometheus has the day's series",
        all(counts[name] > 5 for name in queries if name != "alerts") and deepest > day.jobs / 10,
        ", ".join(f"{name} {count}" for name, count in counts.items()) + f" points; deepest queue {deepest:,.0f}",
    )
    if shutil.which("promtool"):
        check = [sys.executable, ROOT / "scripts" / "check-deploy", *day.expositions]
        done = subprocess.run(check, capture_output=True, text=True)
        day.hold(
            "rules, dashboard and runbook name only what was scraped",
            done.returncode == 0,
            f"{done.stdout.strip()}{done.stderr[-300:]}",
        )
