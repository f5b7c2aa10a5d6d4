"""A durable PostgreSQL of a benchmark's own, its child processes, and how it says what it does."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile

import psycopg


def say(text):
    print(text, file=sys.stderr, flush=True)


class Server:
    """A durable server of this run's own."""

    def __init__(self, bench):
        self.bench = bench
        self.folder = tempfile.mktemp(prefix="parley-bench-", dir="/tmp")
        self.process = subprocess.Popen([bench, "serve", self.folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.url = self.process.stdout.readline().decode().strip()
        if not self.url:
            raise SystemExit("error: the benchmark's server did not start")

    def stop(self):
        self.process.stdin.close()
        self.process.wait(60)
        shutil.rmtree(self.folder, ignore_errors=True)

    def dsn(self, database, user="postgres"):
        return self.url.replace("/postgres?", f"/{database}?").replace("user=postgres", f"user={user}")

    def connect(self, database="postgres", user="postgres"):
        return psycopg.connect(self.dsn(database, user), autocommit=True)

    def fresh(self, name):
        with self.connect() as connection:
            connection.execute(f"drop database if exists {name} with (force)")
        subprocess.run([self.bench, "prepare", "--database", self.url, name], check=True)

    def empty(self, name):
        with self.connect() as connection:
            connection.execute(f"drop database if exists {name} with (force)")
            connection.execute(f"create database {name}")
            connection.execute("checkpoint")

    def drop(self, name):
        with self.connect() as connection:
            connection.execute(f"drop database if exists {name} with (force)")
            connection.execute("checkpoint")


class Processes:
    """Child processes that end with a signal at the end of a `with`."""

    def __init__(self, *commands):
        self.commands = commands

    def __enter__(self):
        self.running = [
            subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=None) for command in self.commands
        ]
        return self

    def __exit__(self, *_):
        for process in self.running:
            process.send_signal(signal.SIGTERM)
        for process in self.running:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def cpu(self):
        """Seconds of processor time so far."""
        tick = os.sysconf("SC_CLK_TCK")
        total = 0
        for process in self.running:
            with open(f"/proc/{process.pid}/stat") as file:
                fields = file.read().rsplit(")", 1)[1].split()
            total += (int(fields[11]) + int(fields[12])) / tick
        return total
