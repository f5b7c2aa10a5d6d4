#!/usr/bin/env python3
"""A day in the life of Parley, told and held to account: two coordinators, eight workers in two pools, one long round
on the simulated provider, which fails now and then; and what people and machines do to it meanwhile.

    python Tests/day.py --parley .build/debug/parley [--short] [--next PARLEY] [--keep FOLDER]

Prints a line for each event with what was observed, then the accounts. Ends with 0 only if all of them hold. --short is
some thousand jobs; else 100,000. --next is the executable that the workers are upgraded to; without it, the same again.
FOLDER keeps logs, screenshots (where there is Chromium), and the series of Prometheus (where there is one; else the
daemons' expositions as they were scraped). Needs the standard library and PostgreSQL's programs.
"""

import argparse
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

import accounts
from house import call, wait
from stage import Stage

# What a provider does on an ordinary day; each of these may be tried again.
FAULTS = {
    "server_error": 0.006,
    "bad_gateway": 0.004,
    "disconnect": 0.004,
    "disconnect_mid_body": 0.004,
    "malformed_json": 0.004,
    "truncated_stream": 0.004,
    "slow_body": 0.01,
}


class Day(Stage):
    def __init__(self, options, folder):
        super().__init__(options, folder)
        self.table, self.changes = [], []
        self.renewed = "of the next version" if options.next else "started anew"

    def hold(self, name, holds, seen):
        """An account: what was to hold, whether it did, and by which figures."""
        self.table.append((name, bool(holds), seen))

    def change(self, who, what, why, *arguments):
        """A change by the command line, which is to be found in the events afterwards."""
        self.changes.append((who, what, why))
        return self.cli(*arguments, "--because", why, by=who)

    def tell(self, path, what, why, body, method="POST", **headers):
        """The same over HTTP."""
        self.changes.append(("token desk", what, why))
        return self.http(path, method, {**body, "because": why}, **headers)[0]

    def open(self):
        self.set()
        self.provider({"all": {"faults": FAULTS}})
        for name in ["tomorrow", "day"]:
            self.cli("submit", self.folder / f"{name}.yaml", "--allow-external")
        # What a coordinator of the next version would have written.
        self.postgres.ask(
            "update parley.streams set tags = array_replace(tags, 'definition:1', 'definition:2') "
            "where round_id = (select id from parley.rounds where name = 'tomorrow')"
        )
        self.change("olga", "pause", "its program is looked at first", "pause", "day", "--suite", "program")
        self.work()
        self.look()
        self.until(0.02)
        self.say(
            f"two coordinators, eight workers in two pools, {self.jobs:,} jobs; the provider fails in "
            f"{sum(FAULTS.values()):.1%} of calls; term {self.leader()['term']}"
        )

    def versions(self):
        """Workers of two versions side by side: neither is given what it does not understand."""

        def register(forms):
            (row,) = self.postgres.ask(
                "select parley.register_worker('stranger', 'host', 1, '9.9.9', '{}', 60000000, "
                f"'default', '{{{forms}}}')",
                user="worker",
            )
            return row[0]

        streams = self.postgres.ask(
            "select array_agg(id) from parley.streams s where exists (select from parley.rounds r "
            "where r.id = s.round_id and r.name = 'day')"
        )[0][0]
        wants = "{" + ",".join("1" for _ in streams.split(",")) + "}"

        def offered(worker):
            nothing = ", ".join(["'{}'"] * 10)
            allotted = self.postgres.ask(
                f"select round_id from parley.allot({worker}, 100, '{{}}', {nothing})", user="worker"
            )
            claimed = self.postgres.ask(
                f"select job_id from parley.claim({worker}, '{streams}', '{wants}')", user="worker"
            )
            return {row[0] for row in allotted}, len(claimed)

        newer = register("2")
        tomorrow = self.postgres.ask("select id from parley.rounds where name = 'tomorrow'")[0][0]
        rounds, claimed = offered(newer)
        self.postgres.ask(f"select parley.retire_worker({newer}, 'gone')", user="worker")
        untouched = self.get("/v1/rounds/tomorrow")["rounds"][0]
        self.hold(
            "a worker of the next version is given its own form of definitions only",
            rounds == {tomorrow} and claimed == 0,
            f"offered rounds {sorted(rounds)}, {claimed} jobs of today's claimed by number",
        )
        self.hold(
            "workers of this version leave tomorrow's round alone, and the status says why",
            untouched["done"] == 0 and untouched["queue"]["leased"] == 0 and untouched["unserved"],
            f"{untouched['done']} done; {sum(each['jobs'] for each in untouched['unserved'])} jobs have no worker",
        )
        self.say(
            f"a worker of the next version beside the others: refused today's jobs; tomorrow's {untouched['planned']} "
            "wait for it"
        )
        self.tell("/v1/rounds/tomorrow/control", "cancel", "not before its workers are there", {"action": "cancel"})

    def pause(self):
        self.tell(
            "/v1/rounds/day/control", "pause", "beta's owner asks for a minute", {"action": "pause", "model": "beta"}
        )
        held = self.cli("why", "day")
        self.change("pavel", "resume", "beta's owner is content", "resume", "day", "--model", "beta")
        self.hold(
            "`why` names a pause with its reason",
            "beta's owner asks for a minute" in held,
            held.strip().splitlines()[0],
        )
        self.change("pavel", "weigh", "north's window closes first", "share", "day", "--party", "north", "--weight", 2)
        self.tell("/v1/rounds/day/share", "weigh", "no, it does not", {"party": "north", "weight": 1})
        self.say("beta paused over HTTP, resumed by hand; north's share raised by hand and set back over HTTP")

    def kill_leader(self):
        before = self.leader()
        self.daemons.remove(self.first)
        killed = time.monotonic()
        self.first.end(signal.SIGKILL)
        wait(lambda: self.leader()["term"] > before["term"], 60, "the standby leads")
        after = self.leader()
        took = time.monotonic() - killed
        self.hold(
            "a killed leader is replaced by the standby",
            f"/{self.second.process.pid}/" in after["holder"] and after["leads"],
            f"after {took:.1f} s, term {before['term']} to {after['term']}",
        )
        self.say(f"leader killed: standby leads after {took:.1f} s, term {after['term']}")
        self.first = self.coordinator("coordinator-3", 0)
        self.say("the killed coordinator started again, as the standby")

    def drain_and_limit(self):
        told = self.tell("/v1/pools/cloud/orders", "drain", "its hosts get a new kernel", {"action": "drain"})
        at = self.postgres.ask("select parley.now()")[0][0]
        cloud = [slot for slot in self.slots if slot.pool == "cloud"]
        codes = [slot.daemon.process.wait(60) for slot in cloud]
        members = "select id from parley.workers where pool = 'cloud'"
        late = self.postgres.number(
            f"select (select count(*) from parley.blocks where worker_id in ({members}) and claimed_at > '{at}') "
            f"+ (select count(*) from parley.jobs where worker_id in ({members})) "
            f"+ (select count(*) from parley.attempts where worker_id in ({members}) and started_at > '{at}') "
            f"+ (select count(*) from parley.outcomes where worker_id in ({members}) and first_claimed_at > '{at}')"
        )
        self.hold(
            "a drained pool ends by itself and claims nothing after it was told",
            codes == [0] * 4 and late == 0,
            f"{told['workers']} workers ended with {codes}; {late} claims after the drain",
        )
        self.say(f"pool cloud drained over HTTP: its {told['workers']} workers ended by themselves")

        self.change("pavel", "set", "the provider asks for calm", "pool", "set", "lab", "--concurrency", 1)
        # What was claimed before finishes; nothing above it begins once a worker says that it knows.
        wait(
            lambda: self.postgres.number(
                "select coalesce(sum(bit_count(open::bit(64))), 0) + (select count(*) from parley.jobs "
                "where worker_id is not null) from parley.blocks where open <> 0"
            )
            <= 4
            and self.postgres.number(
                "select count(*) from parley.workers w join parley.vitals v on v.worker_id = w.id "
                "where w.pool = 'lab' and w.state = 'active' and v.most_in_flight > 1"
            )
            == 0,
            60,
            "the lowered limit takes hold",
        )
        self.provider({"mark": True})
        before = self.status()["done"]
        time.sleep(4)
        most, after = self.provider()["most_in_flight"], self.status()["done"]
        self.hold(
            "no call above a lowered limit, measured at the provider",
            0 < most <= 4 and after > before,
            f"at most {most} at once of 4 workers × 1; {after - before} jobs ended meanwhile",
        )
        self.say(f"limit of pool lab lowered to 1 each: at most {most} calls at once at the provider over 4 s")
        self.picture("limit-lowered", "/limits")
        self.tell("/v1/pools/lab/orders", "set", "the provider has room again", {"action": "set", "concurrency": 0})
        self.change("pavel", "resume", "the kernel is in", "pool", "resume", "cloud")
        for slot in cloud:
            slot.start(self.next)
        wait(lambda: self.alive("cloud") == 4, 60, "pool cloud is back")
        self.say(f"limit lifted over HTTP; pool cloud resumed, its four workers {self.renewed}")

    def poison(self):
        self.tell(
            "/v1/rounds/day/control", "resume", "the program looks harmless", {"action": "resume", "suite": "program"}
        )
        self.say("the suite of a program is let go: one of its samples kills the worker that runs it")

    def rate_limit(self):
        def allowed():
            return self.postgres.number("select allowed from parley.limits where model = 'alpha'")

        before = least = allowed()
        self.provider(
            {
                "models": {
                    "alpha": {"faults": {"rate_limit": 1}, "retry_advice": {"form": "seconds", "milliseconds": 1000}}
                }
            }
        )
        # Meanwhile: where jobs are quick, it has grown again a moment later.
        end = time.monotonic() + 1.5
        while time.monotonic() < end:
            least = min(least, allowed())
            time.sleep(0.1)
        self.provider({"models": {"alpha": {"faults": FAULTS}}})
        times, spent = accounts.numbers(
            self,
            "select count(*), count(*) filter (where disposition <> 'deferred') from parley.attempts "
            "where class = 'rate_limited'",
        )
        self.hold(
            "calls that are turned away cut the limit, and cost no job an attempt",
            times > 0 and spent == 0 and least < min(32, before),
            f"{times} turned away; the limit went from {before} to {least}",
        )
        self.say(
            f"the provider answered alpha with 429 for 1.5 s: {times} turned away, limit {before} to {least}"
        )

    def upgrade(self):
        """One worker of pool lab after the other; one that its program kills just then is replaced as well."""
        codes = []
        for slot in self.slots[4:]:
            codes.append(slot.replace(self.next))
            wait(lambda: self.alive("lab") == 4, 60, f"{slot.name} is back")
        ended = [code for code in codes if code != -signal.SIGKILL]
        self.hold("a rolling upgrade ends each worker in peace", set(ended) == {0}, f"exit codes {codes}")
        self.say(f"rolling upgrade: pool lab's workers {self.renewed}, one after the other, exit codes {codes}")

    def alive(self, pool):
        """Workers of a pool that show life."""
        return sum(
            worker["alive"] and worker["state"] == "active"
            for each in self.get("/v1/pools")["pools"]
            if each["pool"] == pool
            for worker in each["workers"]
        )

    def budget(self):
        wait(lambda: self.done() >= 0.98 or self.status()["budgets"][0]["exhausted"], 900, "the budget holds the round")
        time.sleep(2)
        status, why = self.status(), self.cli("why", "day")
        budget = status["budgets"][0]
        self.hold(
            "the round stands at its cap, and `why` says so",
            status["done"] < status["planned"] and "budget" in why,
            f"{status['done']:,} of {status['planned']:,} done at {budget['used_money']:.6f} of {budget['money']:.6f}",
        )
        self.say(
            f"the round stands at its budget: {budget['used_money']:.4f} of {budget['money']:.4f} used, "
            f"{status['done'] / status['planned']:.0%} done"
        )
        self.picture("at-the-cap", "/rounds/day")
        # Gauges of a round are exposed while it runs.
        self.expositions = self.monitor.now(self.folder / "series")
        path = "/v1/rounds/day/budgets/1/caps"
        _, headers = self.http(path)
        body = {"money": budget["money"] * 4}
        stale = call(
            self.address + path,
            "PATCH",
            {**body, "because": "a stale look"},
            {"Authorization": f"Bearer {self.token}", "If-Match": '"stale"'},
        )[0]
        self.tell(path, "budget", "agreed by phone", body, "PATCH", **{"If-Match": headers["ETag"]})
        before = status["done"]
        wait(lambda: self.status()["done"] > before + 20, 60, "the round goes on")
        self.hold("a cap is raised by who saw it only", stale == 412, f"a stale If-Match got {stale}")
        self.say(f"budget raised over HTTP to {body['money']:.4f}: the round goes on")

    def rule(self):
        wait(lambda: self.get("/v1/rounds/day/dead")["dead"], 180, "the poison job is dead")
        dead = self.get("/v1/rounds/day/dead")["dead"]
        kills = sum(slot.killed for slot in self.slots)
        self.picture("dead", "/rounds/day/dead")
        self.tell(
            "/v1/rounds/day/rulings",
            "rule",
            "its program kills workers",
            {"ruling": "exclude", "jobs": [job["job"] for job in dead if job["failure_class"] == "worker_lost"]},
        )
        self.hold(
            "a job that kills workers dies alone",
            [job["failure_class"] for job in dead] == ["worker_lost"] and kills == dead[0]["attempts"],
            f"{kills} workers killed, {len(dead)} dead: {sorted({job['failure_class'] for job in dead})}",
        )
        self.say(f"poison job dead after {kills} killed workers; excluded over HTTP")

    def close(self):
        wait(lambda: self.status()["state"] == "exchange", 1800, "the round ends")
        status = self.status()
        self.say(
            f"the round is over: {status['done']:,} done, {status['queue']['dead']} dead, cost {status['cost']:.6f}"
        )
        for name, page in [
            ("overview", ""),
            ("round", "/rounds/day"),
            ("findings", "/rounds/day/findings"),
            ("workers", "/workers"),
            ("limits", "/limits"),
        ]:
            self.picture(name, page)

    def live(self):
        self.open()
        self.picture("morning", "")
        self.versions()
        self.pause()
        self.until(0.08)
        self.kill_leader()
        self.drain_and_limit()
        self.poison()
        self.budget()
        self.rate_limit()
        self.upgrade()
        self.rule()
        self.close()
        (self.round,) = accounts.numbers(self, "select id from parley.rounds where name = 'day'")
        for account in [accounts.jobs, accounts.money, accounts.records, accounts.documents, accounts.series]:
            account(self)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--parley", required=True)
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--next", help="the executable that workers are upgraded to")
    parser.add_argument("--keep", help="a folder for logs, screenshots and series")
    options = parser.parse_args()
    folder = Path(options.keep or tempfile.mkdtemp(prefix="parley-day-")).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    # Ended from outside, it still stops what it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended by SIGTERM"))
    day = Day(options, folder)
    try:
        day.live()
    finally:
        codes = day.stop()
        if not options.keep:
            shutil.rmtree(folder, ignore_errors=True)
    day.hold(
        "all daemons end in peace when they are told to",
        not any(code for _, code in codes),
        f"{len(codes)} daemons, ended with {sorted({code for _, code in codes}, key=str)}",
    )
    print("\nAccounts")
    for name, holds, seen in day.table:
        print(f"  {'ok    ' if holds else 'FAILED'}  {name}: {seen}")
    failed = sum(not holds for _, holds, _ in day.table)
    if failed:
        sys.exit(f"{failed} of {len(day.table)} accounts do not hold")
    print(f"all {len(day.table)} accounts hold" + (f"; see {folder}" if options.keep else ""))


if __name__ == "__main__":
    main()
