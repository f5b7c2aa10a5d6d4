"""The stage of the day (Tests/day.py): a PostgreSQL, the simulated provider, two coordinators, eight workers in two
pools, Chromium and Prometheus where they are, and how they are asked and stopped.
"""

import json
import os
import shutil
import signal
import subprocess
import threading
import time

from house import ROOT, Daemon, Postgres, call, free_ports, run, wait
from monitor import Monitor

ROUND = """\
round: {name}
tier: bilateral
title: {title}
parties:
  - {{ name: north, role: lab }}
  - {{ name: south, role: lab }}
models:
  - name: alpha
    party: north
    provider: openai
    base_url: {url}/v1
    model: alpha
    concurrency: 200
    price: {{ input: 1, output: 4 }}
    simulate: {{ accuracy: 0.7, refusal_rate: 0.05, latency: {latency}ms }}
  - name: beta
    party: south
    provider: anthropic
    base_url: {url}
    model: beta
    concurrency: 200
    price: {{ input: 2, output: 6 }}
    simulate: {{ accuracy: 0.6, refusal_rate: 0.05, latency: {latency}ms }}
configurations:
  - {{ name: alpha, model: alpha, temperature: 0, max_tokens: 16 }}
  - {{ name: beta, model: beta, temperature: 0, max_tokens: 16 }}
suites:
{suites}runs:
{runs}budgets: [{{ money: {money}, tokens: 100_000_000 }}]
"""
SUITE = """\
  - name: {name}
    party: {party}
    areas: [scalable oversight]
    dataset: {name}.jsonl
    scorer: numeric
    epochs: {epochs}
"""
RUN = "  - {{ suite: {suite}, configurations: [{configurations}] }}\n"
# A program that asks no model. Its last sample kills the worker that runs it, and so each worker that takes it.
PROGRAM_SAMPLES = 21
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


class Slot:
    """A worker's place: a process, and the next one when that is killed, as a unit with Restart=on-failure."""

    def __init__(self, name, pool, command, log):
        self.name, self.pool, self.command, self.log = name, pool, command, log
        self.daemon, self.killed, self.lock = None, 0, threading.Lock()

    def start(self, program=None):
        if program:
            self.command = [program, *self.command[1:]]
        self.daemon = Daemon(self.command, self.log)

    def mend(self):
        with self.lock:
            if self.daemon and self.daemon.process.poll() == -signal.SIGKILL:
                self.killed += 1
                self.start()

    def replace(self, program):
        """Ends the process by SIGTERM and starts the other program; how it ended, by a signal of its own or ours."""
        with self.lock:
            code = self.daemon.end()
            self.killed += code == -signal.SIGKILL
            self.start(program)
            return code


class Stage:
    def __init__(self, options, folder):
        self.parley, self.folder, self.short = os.path.abspath(options.parley), folder, options.short
        self.next = os.path.abspath(options.next or options.parley)
        self.start = time.monotonic()
        # Samples of a suite, epochs, jobs in flight of a worker, milliseconds of an answer.
        sizes = (150, 8, 3, 250) if options.short else (2500, 10, 12, 150)
        self.samples, self.epochs, self.in_flight, self.latency = sizes
        self.jobs = 4 * self.samples * self.epochs + PROGRAM_SAMPLES
        self.slots, self.daemons, self.browser, self.monitor = [], [], None, None
        self.overruns, self.looks, self.over = [], 0, threading.Event()
        for part in ["logs", "pictures", "series"]:
            (folder / part).mkdir(parents=True, exist_ok=True)
        self.ports = free_ports(13)
        self.simulator, self.address = (f"http://127.0.0.1:{port}" for port in (self.ports[0], self.ports[2]))
        # Spans are counted, and none is sent.
        os.environ |= {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1", "OTEL_TRACES_SAMPLER": "always_off"}
        self.postgres = Postgres()

    def say(self, text):
        print(f"{time.monotonic() - self.start:7.1f} s  {text}", flush=True)

    # ---- asking

    def code(self, *arguments, by="olga"):
        """A command's exit code and what it printed."""
        given = {"PARLEY_ACTOR": by, "PARLEY_DATABASE_URL": self.postgres.url("coordinator")}
        done = subprocess.run(
            [self.parley, *map(str, arguments)], capture_output=True, text=True, env={**os.environ, **given}
        )
        return done.returncode, done.stdout + (done.stderr if done.returncode else "")

    def cli(self, *arguments, by="olga"):
        """What a command printed that did what it was told."""
        code, text = self.code(*arguments, by=by)
        if code != 0:
            raise RuntimeError(f"parley {' '.join(map(str, arguments))}: {code}: {text}")
        return text

    def http(self, path, method="GET", body=None, **headers):
        status, got, document = call(
            self.address + path, method, body, {"Authorization": f"Bearer {self.token}", **headers}
        )
        if status != 200:
            raise RuntimeError(f"{method} {path}: {status}: {document}")
        return document, got

    def get(self, path):
        return self.http(path)[0]

    def status(self):
        return self.get("/v1/rounds/day")["rounds"][0]

    def leader(self):
        return self.get("/v1/leadership")

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

    # ---- what is run

    def write(self):
        """The rounds of today and tomorrow, and their suites."""
        ask = lambda n, left, right: {"id": f"s{n}", "input": f"What is {left} + {right}?", "target": str(left + right)}
        for name, samples in {
            "sums": [ask(n, 1000 + n, n % 97) for n in range(self.samples)],
            "more-sums": [ask(n, 500_000 + n, n % 97) for n in range(self.samples)],
            "program": [ask(n, left, 1) for n, left in enumerate([*range(PROGRAM_SAMPLES - 1), 999])],
        }.items():
            (self.folder / f"{name}.jsonl").write_text("".join(json.dumps(sample) + "\n" for sample in samples))
        shutil.copy(ROOT / "examples" / "external" / "solver.sh", self.folder)
        (self.folder / "poison.sh").write_text(POISON)
        (self.folder / "poison.sh").chmod(0o755)

        suite = lambda name, party, epochs: SUITE.format(name=name, party=party, epochs=epochs)
        both = suite("sums", "north", self.epochs) + suite("more-sums", "south", self.epochs) + PROGRAM
        plan = [("sums", "alpha, beta"), ("more-sums", "alpha, beta"), ("program", "alpha")]
        # About half of what the day costs.
        for name, suites, runs, money in [
            ("day", both, plan, self.jobs * 14e-6),
            ("tomorrow", suite("sums", "north", 1), [("sums", "alpha")], 1),
        ]:
            text = ROUND.format(
                name=name,
                title=name.capitalize(),
                url=self.simulator,
                latency=self.latency,
                suites=suites,
                runs="".join(RUN.format(suite=suite, configurations=each) for suite, each in runs),
                money=round(money, 6),
            )
            (self.folder / f"{name}.yaml").write_text(text)

    def daemon(self, name, *command):
        daemon = Daemon([self.parley, *command], self.folder / "logs" / f"{name}.log")
        self.daemons.append(daemon)
        return daemon

    def coordinator(self, name, place):
        """One of the two, at its two ports."""
        daemon = self.daemon(
            name,
            "coordinator",
            "--database",
            self.postgres.url("coordinator"),
            "--http",
            f"127.0.0.1:{self.ports[1 + place]}",
            "--metrics",
            f"127.0.0.1:{self.ports[3 + place]}",
            "--requests-per-minute",
            100_000,
            "--key",
            self.folder / "desk.key",
            "--witnesses",
            self.folder / "witnesses",
        )
        daemon.says("Listening on ")
        return daemon

    def set(self):
        """Everything but the round and its workers."""
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
        provider = ["simulate", "--round", self.folder / "day.yaml", "--port", self.ports[0], "--allow-external"]
        self.daemon("provider", *provider).says("SIMULATED provider")
        self.first = self.coordinator("coordinator-1", 0)
        wait(
            lambda: self.postgres.number("select count(*) from parley.leadership where expires_at > parley.now()"),
            30,
            "the first coordinator leads",
        )
        self.second = self.coordinator("coordinator-2", 1)
        self.monitor = Monitor(self.folder, {"parley-coordinator": self.ports[3:5], "parley-worker": self.ports[5:]})
        if not self.monitor.port:
            self.say("no Prometheus here: the daemons are scraped by hand")

    def work(self):
        """Four workers in each pool; those of the lab run programs."""
        for number, port in enumerate(self.ports[5:]):
            pool = "cloud" if number < 4 else "lab"
            name = f"{pool}-{number % 4 + 1}"
            command = [
                self.parley,
                "worker",
                "--database",
                self.postgres.url("worker"),
                "--name",
                name,
                "--pool",
                pool,
                "--concurrency",
                self.in_flight,
                "--lease",
                5,
                "--metrics",
                f"127.0.0.1:{port}",
                *(["--allow-external", "--programs", self.folder] if pool == "lab" else []),
            ]
            self.slots.append(Slot(name, pool, command, self.folder / "logs" / f"{name}.log"))
            self.slots[-1].start()
        threading.Thread(target=self.watch, daemon=True).start()

    def watch(self):
        """Mends workers that were killed, and watches the budget, twice a second."""
        while not self.over.wait(0.5):
            for slot in self.slots:
                slot.mend()
            try:
                for budget in self.get("/v1/rounds/day/budgets")["budgets"]:
                    if budget["used_money"] > budget["money"]:
                        self.overruns.append(budget)
                self.looks += 1
            except (OSError, RuntimeError) as error:
                self.say(f"the budget could not be read: {error}")

    def look(self):
        from browser_check import Browser, find_chromium

        chromium = find_chromium()
        if not chromium:
            return self.say("no Chromium here: nobody looks")
        self.browser = Browser(chromium, self.folder / "profile")
        self.browser.view(1280, 900, "light")
        self.browser.open(f"{self.address}/dashboard")
        self.browser.type(self.token)
        self.browser.press("Enter", "\r")
        wait(lambda: self.browser.run("location.pathname") == "/dashboard", 20, "the token signs in")

    def stop(self):
        self.over.set()
        if self.browser:
            self.browser.process.kill()
        if self.monitor:
            self.monitor.stop()
        # Workers first, the leader last.
        running = [slot.daemon for slot in self.slots if slot.daemon] + self.daemons[::-1]
        for daemon in running:
            if daemon.process.poll() is None:
                daemon.process.send_signal(signal.SIGTERM)
        codes = []
        for daemon in running:
            try:
                codes.append((daemon.log.stem, daemon.process.wait(60)))
            except subprocess.TimeoutExpired:
                daemon.process.kill()
                codes.append((daemon.log.stem, "killed"))
        self.postgres.stop()
        return codes
