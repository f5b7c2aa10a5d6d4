#!/usr/bin/env python3
"""A day in the life of Parley, told and held to account: two coordinators, eight workers in two pools, one long round on
the simulated provider, which fails now and then; and what people and machines do to it meanwhile.

    python Tests/day.py --parley .build/debug/parley [--short] [--next PARLEY] [--keep FOLDER]

Prints a line for each event with what was observed, then the accounts. Ends with 0 only if all of them hold. --short is
some thousand jobs; else 100,000. --next is the executable that the workers are upgraded to; without it, the same again.
FOLDER keeps logs, screenshots (where there is Chromium), and the series of Prometheus (where there is one; else the
daemons' expositions as they were scraped). Needs the standard library and PostgreSQL's programs.
"""

import argparse
import json
import math
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from pathlib import Path

from house import Daemon, Postgres, call, free_ports, run, wait

ROOT = Path(__file__).resolve().parent.parent
# Per million tokens, and billionths for one token.
PRICES = {"alpha": (1, 4), "beta": (2, 6)}
ROUND = """\
round: {name}
tier: bilateral
title: {title}
parties:
  - {{ name: north, role: lab }}
  - {{ name: south, role: lab }}
models:
  - {{ name: alpha, party: north, provider: openai, base_url: {url}/v1, model: alpha, concurrency: 200, price: {{ input: 1, output: 4 }}, simulate: {{ accuracy: 0.7, refusal_rate: 0.05, latency: {latency}ms }} }}
  - {{ name: beta, party: south, provider: anthropic, base_url: {url}, model: beta, concurrency: 200, price: {{ input: 2, output: 6 }}, simulate: {{ accuracy: 0.6, refusal_rate: 0.05, latency: {latency}ms }} }}
configurations:
  - {{ name: alpha, model: alpha, temperature: 0, max_tokens: 16 }}
  - {{ name: beta, model: beta, temperature: 0, max_tokens: 16 }}
suites:
{suites}runs:
{runs}budgets: [{{ money: {money} }}]
"""
SUITE = "  - {{ name: {name}, party: {party}, areas: [scalable oversight], dataset: {name}.jsonl, scorer: numeric, epochs: {epochs} }}\n"
# A program that asks no model. One of its samples kills the worker that runs it, and so each worker that takes it.
PROGRAM = """\
  - name: program
    party: south
    areas: [AI control]
    dataset: program.jsonl
    scorer: numeric
    solver: { kind: external, command: [./poison.sh, ./solver.sh], call_limit: 0, time_limit: 60s }
"""
POISON = """\
#!/bin/sh
set -eu
read -r task
case "$task" in *"999 + 1"*) grep -q parley "/proc/$PPID/cmdline" && kill -9 "$PPID" ;; esac
printf '%s\\n' "$task" | "$1"
"""
# What a provider does on an ordinary day; each of these may be tried again.
FAULTS = {"server_error": 0.006, "bad_gateway": 0.004, "disconnect": 0.004, "disconnect_mid_body": 0.004,
          "malformed_json": 0.004, "truncated_stream": 0.004, "slow_body": 0.01}


class Slot:
    """A worker's place: a process, and the next one when that is killed, as a unit with Restart=on-failure."""

    def __init__(self, name, pool, command, log):
        self.name, self.pool, self.command, self.log = name, pool, command, log
        self.daemon, self.killed = None, 0

    def start(self, program=None):
        if program:
            self.command = [program, *self.command[1:]]
        self.daemon = Daemon(self.command, self.log)

    def mend(self):
        if self.daemon and self.daemon.process.poll() == -signal.SIGKILL:
            self.killed += 1
            self.start()


class Day:
    def __init__(self, options, folder):
        self.parley, self.folder, self.short = os.path.abspath(options.parley), folder, options.short
        self.next = os.path.abspath(options.next or options.parley)
        self.start = time.monotonic()
        self.table, self.changes, self.overrun = [], [], []
        self.samples, self.epochs, self.in_flight, self.latency = (150, 8, 3, 250) if options.short else (2500, 10, 12, 150)
        self.jobs = 4 * self.samples * self.epochs
        self.slots, self.daemons, self.browser, self.over = [], [], None, threading.Event()
        self.postgres = Postgres()

    # ---- words

    def say(self, text):
        print(f"{time.monotonic() - self.start:7.1f} s  {text}", flush=True)

    def hold(self, name, holds, seen):
        """An account: what was to hold, whether it did, and by which figures."""
        self.table.append((name, bool(holds), seen))

    # ---- by hand and over HTTP

    def cli(self, *arguments, by="olga", code=0):
        done = subprocess.run([self.parley, *map(str, arguments)], capture_output=True, text=True, env={
            **os.environ, "PARLEY_ACTOR": by, "PARLEY_DATABASE_URL": self.postgres.url("coordinator")})
        if done.returncode != code:
            raise RuntimeError(f"parley {' '.join(map(str, arguments))}: {done.returncode}: {done.stdout}{done.stderr}")
        return done.stdout

    def change(self, who, what, why, *arguments):
        """A change by the command line, which is to be found in the events afterwards."""
        self.changes.append((who, what, why))
        return self.cli(*arguments, "--because", why, by=who)

    def http(self, path, method="GET", body=None, **headers):
        status, got, document = call(self.address + path, method, body, {"Authorization": f"Bearer {self.token}", **headers})
        if status != 200:
            raise RuntimeError(f"{method} {path}: {status}: {document}")
        return document, got

    def tell(self, path, what, why, body, method="POST", **headers):
        """The same over HTTP."""
        self.changes.append(("token desk", what, why))
        return self.http(path, method, {**body, "because": why}, **headers)[0]

    def get(self, path):
        return self.http(path)[0]

    def status(self):
        return self.get("/v1/rounds/day")["rounds"][0]

    def done(self):
        status = self.status()
        return (status["done"] + status["queue"]["dead"]) / status["planned"]

    def until(self, share, seconds=600):
        wait(lambda: self.done() >= share, seconds, f"{share:.0%} of the round")

    def provider(self, command=None):
        if command is not None:
            return call(f"{self.simulator}/control", "POST", command)[2]
        return call(f"{self.simulator}/stats")[2]

    def picture(self, name, page):
        if self.browser:
            self.browser.open(f"{self.address}/dashboard{page}")
            self.browser.picture(self.folder / "pictures" / f"{name}.png")

    # ---- the morning

    def write_round(self, name, suites, runs, money):
        text = ROUND.format(name=name, title=name.capitalize(), url=self.simulator, latency=self.latency, suites=suites,
                            runs=runs, money=money)
        (self.folder / f"{name}.yaml").write_text(text)

    def write(self):
        def rows(name, count, first):
            (self.folder / f"{name}.jsonl").write_text("".join(
                json.dumps({"id": f"s{n}", "input": f"What is {first + n} + {n % 97}?", "target": str(first + n + n % 97)})
                + "\n" for n in range(count)))
        rows("sums", self.samples, 1000)
        rows("more-sums", self.samples, 500_000)
        (self.folder / "program.jsonl").write_text("".join(
            json.dumps({"id": f"p{n}", "input": f"What is {left} + 1?", "target": str(left + 1)}) + "\n"
            for n, left in enumerate([*range(20), 999])))
        shutil.copy(ROOT / "examples" / "external" / "solver.sh", self.folder)
        (self.folder / "poison.sh").write_text(POISON)
        (self.folder / "poison.sh").chmod(0o755)
        both = SUITE.format(name="sums", party="north", epochs=self.epochs) + \
            SUITE.format(name="more-sums", party="south", epochs=self.epochs)
        runs = "  - { suite: sums, configurations: [alpha, beta] }\n  - { suite: more-sums, configurations: [alpha, beta] }\n"
        # About half of what the round costs at 10 tokens in and 2 out.
        money = round(0.5 * self.jobs * 28e-6, 6)
        self.write_round("day", both + PROGRAM, runs + "  - { suite: program, configurations: [alpha] }\n", money)
        self.write_round("tomorrow", SUITE.format(name="sums", party="north", epochs=1), "  - { suite: sums, configurations: [alpha] }\n", 1)

    def spawn(self, name, command, **options):
        daemon = Daemon(command, self.folder / "logs" / f"{name}.log", **options)
        self.daemons.append(daemon)
        return daemon

    def coordinator(self, name, ports):
        command = [self.parley, "coordinator", "--database", self.postgres.url("coordinator"), "--http",
                   f"127.0.0.1:{ports[0]}", "--metrics", f"127.0.0.1:{ports[1]}", "--requests-per-minute", "100000",
                   "--key", self.folder / "desk.key", "--witnesses", self.folder / "witnesses"]
        daemon = self.spawn(name, command)
        daemon.says("Listening on ")
        return daemon

    def leader(self):
        return self.get("/v1/leadership")

    def open(self):
        for part in ["logs", "pictures", "series"]:
            (self.folder / part).mkdir(parents=True, exist_ok=True)
        ports = free_ports(14)
        self.simulator = f"http://127.0.0.1:{ports[0]}"
        self.address = f"http://127.0.0.1:{ports[4]}"
        self.coordinator_ports = [(ports[2], ports[3]), (ports[4], ports[5])]
        self.metrics = {"coordinator": [ports[3], ports[5]], "worker": ports[6:14]}
        self.write()
        self.postgres.ask("create database parley", database="postgres")
        run(self.parley, "migrate", "--database", self.postgres.url("postgres"))
        for login in ["coordinator", "worker"]:
            self.postgres.ask(f"create role {login} login in role parley_{login}")
        if self.short:
            # A poison job is given up sooner.
            self.postgres.ask("update parley.settings set max_attempts = 5")
        self.cli("key", "new", "--party", "desk", "--output", self.folder / "desk.key")
        self.token = self.cli("token", "new", "desk", "--scope", "control", "--because", "the day's desk").strip()
        self.spawn("provider", [self.parley, "simulate", "--round", self.folder / "day.yaml", "--port", ports[0],
                                "--allow-external"]).says("SIMULATED provider")
        self.provider({"all": {"faults": FAULTS}})
        self.first = self.coordinator("coordinator-1", self.coordinator_ports[0])
        wait(lambda: self.postgres.ask("select 1 from parley.leadership where expires_at > parley.now()"), 30, "one leads")
        self.second = self.coordinator("coordinator-2", self.coordinator_ports[1])
        self.prometheus()
        for name in ["tomorrow", "day"]:
            self.cli("submit", self.folder / f"{name}.yaml", "--allow-external", by="olga")
        # What a coordinator of the next version would have written.
        self.postgres.ask("update parley.streams set tags = array_replace(tags, 'definition:1', 'definition:2') "
                          "where round_id = (select id from parley.rounds where name = 'tomorrow')")
        self.change("olga", "pause", "its program is looked at first", "pause", "day", "--suite", "program")
        for number, port in enumerate(self.metrics["worker"]):
            pool = "cloud" if number < 4 else "lab"
            name = f"{pool}-{number % 4 + 1}"
            programs = ["--allow-external", "--programs", self.folder] if pool == "lab" else []
            slot = Slot(name, pool, [self.parley, "worker", "--database", self.postgres.url("worker"), "--name", name, "--pool",
                                     pool, "--concurrency", self.in_flight, "--lease", 5, "--metrics", f"127.0.0.1:{port}",
                                     *programs], self.folder / "logs" / f"{name}.log")
            slot.start()
            self.slots.append(slot)
        threading.Thread(target=self.watch, daemon=True).start()
        self.look()
        self.until(0.02)
        status = self.status()
        self.say(f"two coordinators, eight workers in two pools, {status['planned']:,} jobs; the provider fails in "
                 f"{sum(FAULTS.values()):.1%} of calls; term {self.leader()['term']}")

    def watch(self):
        """Mends workers that were killed, and watches the budget, twice a second."""
        while not self.over.wait(0.5):
            for slot in self.slots:
                slot.mend()
            try:
                for budget in self.get("/v1/rounds/day/budgets")["budgets"]:
                    if budget["used_money"] > budget["money"]:
                        self.overrun.append(budget)
                self.looks = getattr(self, "looks", 0) + 1
            except (OSError, RuntimeError) as error:
                self.say(f"the budget could not be read: {error}")

    def look(self):
        chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        if not chromium:
            return self.say("no Chromium here: nobody looks")
        from browser_check import Browser
        self.browser = Browser(chromium, self.folder / "profile")
        self.browser.view(1280, 900, "light")
        self.browser.open(f"{self.address}/dashboard")
        self.browser.type(self.token)
        self.browser.press("Enter", "\r")
        wait(lambda: self.browser.run("location.pathname") == "/dashboard", 20, "the token signs in")

    # ---- Prometheus

    def prometheus(self):
        self.prometheus_port = None
        self.targets = {f"parley-{kind}": [f"127.0.0.1:{port}" for port in ports] for kind, ports in self.metrics.items()}
        program = shutil.which("prometheus")
        if not program:
            self.say("no Prometheus here: the daemons are scraped by hand")
            threading.Thread(target=self.scrape, daemon=True).start()
            return
        (port,) = free_ports(1)
        rules = ROOT / "deploy" / "prometheus"
        text = (rules / "prometheus.yml").read_text()
        text = re.sub(r"rule_files: .*", f"rule_files: ['{rules}/recording.yml', '{rules}/alerts.yml']", text)
        text = text.replace("scrape_interval: 15s", "scrape_interval: 2s").replace("evaluation_interval: 30s", "evaluation_interval: 2s")
        for kind, default in [("coordinator", 9464), ("worker", 9465)]:
            text = text.replace(f"[localhost:{default}]", json.dumps(self.targets[f"parley-{kind}"]))
        (self.folder / "prometheus.yml").write_text(text)
        self.spawn("prometheus", [program, f"--config.file={self.folder}/prometheus.yml",
                                  f"--storage.tsdb.path={self.folder}/tsdb", f"--web.listen-address=127.0.0.1:{port}"])
        self.prometheus_port = port

    def exposition(self, target):
        with urllib.request.urlopen(f"http://{target}/metrics", timeout=5) as answer:
            return answer.read().decode()

    def scrape(self):
        while not self.over.wait(3):
            for job, targets in self.targets.items():
                for number, target in enumerate(targets):
                    try:
                        text = self.exposition(target)
                    except OSError:
                        continue
                    with open(self.folder / "series" / f"{job}-{number + 1}.txt", "a") as file:
                        file.write(f"# scraped at {time.time():.3f}\n{text}")

    def query(self, path, **values):
        address = f"http://127.0.0.1:{self.prometheus_port}/api/v1/{path}?{urllib.parse.urlencode(values)}"
        return call(address)[2]["data"]

    # ---- events

    def versions(self):
        """Workers of two versions side by side: neither is given what it does not understand."""
        def register(forms):
            (row,) = self.postgres.ask("select parley.register_worker('stranger', 'host', 1, '9.9.9', '{}', 60000000, "
                                       f"'default', '{{{forms}}}')", user="worker")
            return row[0]
        streams = self.postgres.ask("select array_agg(id) from parley.streams s where exists (select from parley.rounds r "
                                    "where r.id = s.round_id and r.name = 'day')")[0][0]
        wants = "{" + ",".join("1" for _ in streams.split(",")) + "}"
        def offered(worker):
            nothing = ", ".join(["'{}'"] * 9)
            allotted = self.postgres.ask(f"select round_id from parley.allot({worker}, 100, '{{}}', {nothing})", user="worker")
            claimed = self.postgres.ask(f"select job_id from parley.claim({worker}, '{streams}', '{wants}')", user="worker")
            return {row[0] for row in allotted}, len(claimed)
        newer = register("2")
        tomorrow = self.postgres.ask("select id from parley.rounds where name = 'tomorrow'")[0][0]
        rounds, claimed = offered(newer)
        self.postgres.ask(f"select parley.retire_worker({newer}, 'gone')", user="worker")
        untouched = self.get("/v1/rounds/tomorrow")["rounds"][0]
        self.hold("a worker of the next version is given its own form of definitions only",
                  rounds == {tomorrow} and claimed == 0, f"offered rounds {sorted(rounds)}, {claimed} jobs of today's claimed by number")
        self.hold("workers of this version leave tomorrow's round alone, and the status says why",
                  untouched["done"] == 0 and untouched["queue"]["leased"] == 0 and untouched["unserved"],
                  f"{untouched['done']} done; {untouched['unserved'][0]['jobs'] if untouched['unserved'] else 0} jobs have no worker")
        self.say(f"a worker of the next version beside the others: refused today's jobs; tomorrow's {untouched['planned']} wait for it")
        self.tell("/v1/rounds/tomorrow/control", "cancel", "not before its workers are there", {"action": "cancel"})

    def pause(self):
        self.tell("/v1/rounds/day/control", "pause", "beta's owner asks for a minute", {"action": "pause", "model": "beta"})
        held = self.cli("why", "day")
        self.change("pavel", "resume", "beta's owner is content", "resume", "day", "--model", "beta")
        self.hold("`why` names a pause with its reason", "beta's owner asks for a minute" in held, held.strip().splitlines()[0])
        self.change("pavel", "weigh", "north's window closes first", "share", "day", "--party", "north", "--weight", 2)
        self.tell("/v1/rounds/day/share", "weigh", "no, it does not", {"party": "north", "weight": 1})
        self.say("beta paused over HTTP, resumed by hand; north's share raised by hand and set back over HTTP")

    def kill_leader(self):
        before = self.leader()
        self.first.process.send_signal(signal.SIGKILL)
        killed = time.monotonic()
        self.first.process.wait()
        wait(lambda: self.leader()["term"] > before["term"], 60, "the standby leads")
        after = self.leader()
        took = time.monotonic() - killed
        self.hold("a killed leader is replaced by the standby", f"/{self.second.process.pid}/" in after["holder"] and after["leads"],
                  f"after {took:.1f} s, term {before['term']} to {after['term']}")
        self.say(f"leader killed: standby leads after {took:.1f} s, term {after['term']}")
        self.first = self.coordinator("coordinator-3", self.coordinator_ports[0])
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
            f"+ (select count(*) from parley.outcomes where worker_id in ({members}) and first_claimed_at > '{at}')")
        self.hold("a drained pool ends by itself and claims nothing after it was told", codes == [0] * 4 and late == 0,
                  f"{told['workers']} workers ended with {codes}; {late} claims after the drain")
        self.say(f"pool cloud drained over HTTP: its {told['workers']} workers ended by themselves")

        self.change("pavel", "set", "the provider asks for calm", "pool", "set", "lab", "--concurrency", 1)
        wait(lambda: self.provider()["in_flight"] <= 4, 30, "the lowered limit takes hold")
        # What was claimed before finishes; nothing above it begins.
        wait(lambda: self.postgres.number("select coalesce(sum(bit_count(open::bit(64))), 0) + (select count(*) from parley.jobs "
                                          "where worker_id is not null) from parley.blocks where open <> 0") <= 4, 30, "it does")
        self.provider({"mark": True})
        before = self.status()["done"]
        time.sleep(4)
        most, after = self.provider()["most_in_flight"], self.status()["done"]
        self.hold("no call above a lowered limit, measured at the provider", 0 < most <= 4 and after > before,
                  f"at most {most} at once of 4 workers × 1; {after - before} jobs ended meanwhile")
        self.say(f"limit of pool lab lowered to 1 each: at most {most} calls at once at the provider over 4 s")
        self.picture("limit-lowered", "/limits")
        self.tell("/v1/pools/lab/orders", "set", "the provider has room again", {"action": "set", "concurrency": 0})
        self.change("pavel", "resume", "the kernel is in", "pool", "resume", "cloud")
        for slot in cloud:
            slot.start(self.next)
        wait(lambda: sum(worker["alive"] for pool in self.get("/v1/pools")["pools"] if pool["pool"] == "cloud"
                         for worker in pool["workers"]) == 4, 60, "pool cloud is back")
        self.say("limit lifted over HTTP; pool cloud resumed, its four workers of the next version")

    def poison(self):
        self.tell("/v1/rounds/day/control", "resume", "the program looks harmless", {"action": "resume", "suite": "program"})
        self.say("the suite of a program is let go: one of its samples kills the worker that runs it")

    def rate_limit(self):
        self.provider({"models": {"alpha": {"faults": {"rate_limit": 1}, "retry_advice": {"form": "seconds", "milliseconds": 1000}}}})
        time.sleep(1.5)
        self.provider({"models": {"alpha": {"faults": FAULTS}}})
        turned_away = self.provider()["errors"].get("rate_limit", 0)
        wait(lambda: any(limit["model"] == "alpha" and limit["allowed"] < 32 for limit in self.status()["limits"])
             or turned_away == 0, 10, "the limit is halved")
        self.say(f"the provider answered alpha with 429 for 1.5 s: {turned_away} calls turned away, the limit halved itself")

    def upgrade(self):
        """One worker of pool lab after the other; what is killed meanwhile comes back by itself."""
        codes, rescued = [], self.postgres.number("select count(*) from parley.attempts where rescued")
        for slot in self.slots[4:]:
            daemon = slot.daemon
            codes.append(daemon.end())
            slot.start(self.next)
            wait(lambda: slot.daemon.process.poll() is not None or "Worker '" in slot.log.read_text(), 30, "it is back")
        self.hold("a rolling upgrade ends each worker in peace", codes == [0] * 4, f"exit codes {codes}")
        self.say(f"rolling upgrade: pool lab's workers replaced one after the other, exit codes {codes}")
        return rescued

    def budget(self):
        wait(lambda: self.done() >= 0.98 or self.status()["budgets"][0]["exhausted"], 900, "the budget holds the round")
        time.sleep(2)
        status, why = self.status(), self.cli("why", "day")
        budget = status["budgets"][0]
        self.hold("the round stands at its cap, and `why` says so", status["done"] < status["planned"] and "budget" in why,
                  f"{status['done']:,} of {status['planned']:,} done at {budget['used_money']:.6f} of {budget['money']:.6f}")
        self.say(f"the round stands at its budget: {budget['used_money']:.4f} of {budget['money']:.4f} used, "
                 f"{status['done'] / status['planned']:.0%} done")
        self.picture("at-the-cap", "/rounds/day")
        path = "/v1/rounds/day/budgets/1/caps"
        _, headers = self.http(path)
        body = {"money": budget["money"] * 4}
        stale = call(self.address + path, "PATCH", {**body, "because": "a stale look"},
                     {"Authorization": f"Bearer {self.token}", "If-Match": '"stale"'})[0]
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
        self.tell("/v1/rounds/day/rulings", "rule", "its program kills workers",
                  {"ruling": "exclude", "jobs": [job["job"] for job in dead if job["failure_class"] == "worker_lost"]})
        self.hold("a job that kills workers dies alone", [job["failure_class"] for job in dead] == ["worker_lost"] and kills >= 1,
                  f"{kills} workers killed, {len(dead)} dead: {sorted({job['failure_class'] for job in dead})}")
        self.say(f"poison job dead after {kills} killed workers; excluded over HTTP")

    def close(self):
        wait(lambda: self.status()["state"] == "exchange", 1800, "the round ends")
        status = self.status()
        self.say(f"the round is over: {status['done']:,} done, {status['queue']['dead']} dead, cost {status['cost']:.6f}")
        for name, page in [("overview", ""), ("round", "/rounds/day"), ("findings", "/rounds/day/findings"), ("workers", "/workers"),
                           ("limits", "/limits")]:
            self.picture(name, page)

    # ---- accounts

    def numbers(self, text):
        return [int(value or 0) for value in self.postgres.ask(text)[0]]

    def account_jobs(self):
        self.round = self.numbers("select id from parley.rounds where name = 'day'")[0]
        status = self.status()
        outcomes, distinct, dead, ruled, both = self.numbers(
            f"select (select count(*) from parley.outcomes where round_id = {self.round}), "
            f"(select count(distinct job_id) from parley.outcomes where round_id = {self.round}), count(*), count(ruling), "
            "(select count(*) from parley.dead_jobs d join parley.outcomes o using (round_id, job_id)) "
            f"from parley.dead_jobs where round_id = {self.round}")
        unprobed = status["planned"] - outcomes - dead
        self.hold("jobs = outcomes + dead + unprobed", status["planned"] == self.jobs + 21 and unprobed == 0 and both == 0
                  and status["done"] == outcomes, f"{status['planned']:,} = {outcomes:,} + {dead} + {unprobed}")
        pages, path = set(), "/v1/rounds/day/jobs?limit=1000"
        count = 0
        while path:
            document, headers = self.http(path)
            count += len(document["jobs"])
            pages |= {job["job"] for job in document["jobs"]}
            link = headers.get("Link")
            path = link[1:link.index(">")] if link else None
        self.hold("one outcome for each job, in the table and in the API's pages", outcomes == distinct == count == len(pages),
                  f"{distinct:,} jobs in the table, {len(pages):,} in {count:,} rows of pages")
        wrong, attempts, unknown, rescued = self.numbers(
            "select (select count(*) from parley.outcomes o where o.attempt <> 1 + (select count(*) from parley.attempts a "
            "where a.round_id = o.round_id and a.job_id = o.job_id and a.disposition = 'requeued')), count(*), "
            f"count(*) filter (where input_tokens is null), count(*) filter (where rescued) from parley.attempts where round_id = {self.round}")
        self.hold("each outcome's attempt is one more than its failures", wrong == 0,
                  f"{attempts} attempts failed, {rescued} of them taken from killed workers; {wrong} outcomes do not fit")
        self.unknown, self.rescued = unknown, rescued

    def account_money(self):
        provider = self.provider()
        # The poison's neighbours: a killed worker's answers that had left the provider are lost, and charged as unknown.
        ours = self.postgres.ask(
            "select s.model, sum(x.input), sum(x.output), sum(x.cost), count(*) filter (where x.output > 0) from ("
            f"select cell_no, input_tokens as input, output_tokens as output, cost from parley.outcomes where round_id = {self.round} "
            "union all select s.cell_no, a.input_tokens, a.output_tokens, a.cost from parley.attempts a join parley.streams s on "
            "a.round_id = s.round_id and a.job_id >= s.base and a.job_id < s.base + s.samples::bigint * s.epochs "
            f"where a.round_id = {self.round} and a.input_tokens is not null) x join parley.streams s on s.round_id = {self.round} "
            "and s.cell_no = x.cell_no group by s.model order by s.model")
        for model, *figures in ours:
            tokens_in, tokens_out, cost, answers = map(int, figures)
            theirs = provider["by_model"][model]
            lost = theirs["answers"] - answers
            price = [1000 * each for each in PRICES[model]]
            gap = theirs["input_tokens"] - tokens_in, theirs["output_tokens"] - tokens_out
            most = 40 * lost, 16 * lost
            fits = 0 <= lost <= self.rescued and all(lost <= g <= m for g, m in zip(gap, most))
            bill = theirs["input_tokens"] * price[0] + theirs["output_tokens"] * price[1]
            charged = cost + gap[0] * price[0] + gap[1] * price[1]
            self.hold(f"{model}: tokens and cost are the provider's, to the last",
                      fits and bill == charged and cost == tokens_in * price[0] + tokens_out * price[1],
                      f"provider {theirs['input_tokens']:,} + {theirs['output_tokens']:,} tokens, {bill / 1e9:.9f}; Parley "
                      f"{tokens_in:,} + {tokens_out:,}, {cost / 1e9:.9f}; {lost} answers died with killed workers: {gap[0]} + {gap[1]} tokens")
        known, reserved = self.numbers(
            f"select (select coalesce(sum(cost), 0) from parley.outcomes where round_id = {self.round}) + "
            f"(select coalesce(sum(cost), 0) from parley.attempts where round_id = {self.round} and input_tokens is not null), "
            "(select coalesce(sum(s.reserve_cost), 0) from parley.attempts a join parley.streams s on a.round_id = s.round_id "
            f"and a.job_id >= s.base and a.job_id < s.base + s.samples::bigint * s.epochs where a.round_id = {self.round} "
            "and a.input_tokens is null)")
        budget = self.status()["budgets"][0]
        self.hold("the budget was charged what is known, and all that was reserved where it is not",
                  round(budget["used_money"] * 1e9) == known + reserved and budget["unknown"] == self.unknown,
                  f"{budget['used_money']:.9f} = {known / 1e9:.9f} known + {reserved / 1e9:.9f} for {self.unknown} unknown attempts")
        self.hold("the budget was never exceeded", not self.overrun and getattr(self, "looks", 0) > 10,
                  f"{getattr(self, 'looks', 0)} looks, {len(self.overrun)} above the cap")

    def account_records(self):
        events = self.get("/v1/events?limit=1000")["events"]
        missing = [change for change in self.changes
                   if not any(change[0] == e["who"] and change[1] == e["what"] and e["why"].endswith(change[2]) for e in events)]
        self.hold("each change stands in the events with who and why", not missing, f"{len(self.changes)} changes, missing {missing}")
        ledger = self.get("/v1/rounds/day/ledger?limit=1000")["entries"]
        expected = [why for _, what, why in self.changes if what in ("budget", "rule", "weigh") or "beta" in why]
        unseen = [why for why in expected if not any(why in str(entry["why"]) for entry in ledger)]
        self.hold("the round's ledger has its changes", not unseen, f"{len(ledger)} entries, {len(unseen)} missing")
        witnesses = sorted((self.folder / "witnesses").rglob("*.json"))
        trust = ["--trust", self.folder / "desk.pub"]
        kept = [part for file in witnesses for part in ("--witness", file)]
        done = subprocess.run([self.parley, "ledger", "verify", "day", *map(str, kept + trust), "--database",
                               self.postgres.url("coordinator")], capture_output=True, text=True)
        self.hold("the ledger is a chain, and the one that was witnessed", done.returncode == 0 and witnesses,
                  f"{len(witnesses)} witnesses, exit code {done.returncode}")
        order = json.loads(self.cli("order", "day", "--json"))
        apart = max(suite.get("largest_imbalance", 0) for suite in order["suites"])
        self.hold("the executed order was drawn from the definition's hash", order["planned"] == "definition"
                  and sum(cell["started"] for cell in order["cells"]) == self.status()["done"],
                  f"{sum(cell['started'] for cell in order['cells']):,} started; cells at most {apart:.0%} apart")
        package = self.folder / "day.tar"
        self.cli("evidence", "day", "--preview", "--output", package, "--key", self.folder / "desk.key", "--salts",
                 self.folder / "day.salts", "--public", self.folder / "desk.pub")
        done = subprocess.run([self.parley, "verify", package, *trust], capture_output=True, text=True)
        self.hold("a stranger verifies the package, order and all numbers", done.returncode == 0, f"exit code {done.returncode}")

    def account_documents(self):
        for path, *command in [("/v1/rounds", "status"), ("/v1/rounds/day/findings", "findings", "day"), ("/v1/pools", "pool", "list"),
                               ("/v1/limits", "explain", "limits"), ("/v1/tokens", "token", "list")]:
            ours, theirs = json.loads(self.cli(*command, "--json")), self.get(path) if path != "/v1/tokens" else None
            if theirs is None:
                continue
            if path == "/v1/rounds":
                for each in ours["rounds"]:
                    each.pop("estimates", None)
            self.hold(f"GET {path} is `parley {' '.join(command)} --json`", ours == theirs, f"{len(json.dumps(theirs)):,} bytes")

    def account_series(self):
        files = []
        for job, targets in self.targets.items():
            files.append(self.folder / "series" / f"{job}.last.txt")
            files[-1].write_text("".join(map(self.exposition, targets)))
        if not self.prometheus_port:
            lines = sum(1 for file in (self.folder / "series").glob("*.txt") for _ in open(file))
            return self.hold("the daemons' series were scraped", lines > 1000, f"{lines:,} lines")
        end, span = time.time(), time.monotonic() - self.start
        queries = {"queue": 'sum by (state) (round:parley_queue_jobs:max{round="day"})', "committed": "sum(rate(parley_jobs_committed_total[30s]))",
                   "failures": "sum by (class) (rate(parley_attempts_failed_total[30s]))", "workers": "max by (state) (parley_workers)",
                   "budget": "max by (part) (parley_budget_money)", "parts": "sum by (part) (rate(parley_probe_part_seconds_total[30s]))",
                   "up": "sum by (job) (up)", "alerts": "ALERTS"}
        points = {}
        for name, text in queries.items():
            data = self.query("query_range", query=text, start=end - span, end=end, step=max(2, math.ceil(span / 5000)))
            (self.folder / "series" / f"{name}.json").write_text(json.dumps(data, indent=1))
            points[name] = sum(len(series["values"]) for series in data["result"])
        depth = [float(value) for series in json.loads((self.folder / "series" / "queue.json").read_text())["result"]
                 if series["metric"]["state"] in ("ready", "waiting") for _, value in series["values"]]
        self.hold("Prometheus has the day's series", all(points[name] > 5 for name in queries if name != "alerts") and max(depth) > 100,
                  ", ".join(f"{name} {count}" for name, count in points.items()))
        if shutil.which("promtool"):
            done = subprocess.run([sys.executable, ROOT / "scripts" / "check-deploy", *files], capture_output=True, text=True)
            self.hold("rules, dashboard and runbook name only what was scraped", done.returncode == 0, done.stdout.strip() + done.stderr[-300:])

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
        self.account_jobs()
        self.account_money()
        self.account_records()
        self.account_documents()
        self.account_series()

    def stop(self):
        self.over.set()
        if self.browser:
            self.browser.process.kill()
        running = [slot.daemon for slot in self.slots if slot.daemon] + self.daemons[::-1]
        for daemon in running:
            if daemon.process.poll() is None:
                daemon.process.send_signal(signal.SIGTERM)
        codes = {}
        for daemon in running:
            try:
                codes[daemon.log.stem] = daemon.process.wait(60)
            except subprocess.TimeoutExpired:
                daemon.process.kill()
        self.postgres.stop()
        return codes


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
        day.stop()
        if not options.keep:
            shutil.rmtree(folder, ignore_errors=True)
    print("\nAccounts")
    for name, holds, seen in day.table:
        print(f"  {'ok    ' if holds else 'FAILED'}  {name}: {seen}")
    failed = sum(not holds for _, holds, _ in day.table)
    if failed:
        sys.exit(f"{failed} of {len(day.table)} accounts do not hold")
    print(f"all {len(day.table)} accounts hold" + (f"; see {folder}" if options.keep else ""))


if __name__ == "__main__":
    main()
