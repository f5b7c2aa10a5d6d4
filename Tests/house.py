"""What checks share that run Parley as processes: a PostgreSQL of their own, daemons, and calls over HTTP.

Only the standard library and PostgreSQL's own programs are needed.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def wait(condition, seconds, what):
    """Waits until the condition holds, and gives what it came to."""
    end = time.monotonic() + seconds
    while not (seen := condition()):
        if time.monotonic() > end:
            raise TimeoutError(f"{what}: not within {seconds} s")
        time.sleep(0.1)
    return seen


def run(*command, **options):
    """What a command prints; where it fails, the check ends with what it said."""
    done = subprocess.run(command, capture_output=True, text=True, **options)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}: {done.stdout}{done.stderr}")
    return done.stdout


def free_ports(count):
    """Ports of 127.0.0.1 that nobody has now."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


class Daemon:
    """A process that runs until it is stopped; what it says goes to a file."""

    def __init__(self, command, log, **options):
        self.log = Path(log)
        with open(log, "ab") as file:
            self.process = subprocess.Popen(
                [str(part) for part in command], stdin=subprocess.DEVNULL, stdout=file, stderr=file, **options
            )

    def says(self, words, seconds=60):
        """The rest of the line that begins with these words, once it is there."""

        def line():
            lines = self.log.read_text(errors="replace").splitlines()
            found = [each for each in lines if each.startswith(words)]
            if not found and self.process.poll() is not None:
                raise RuntimeError(f"{self.log.name}: ended with {self.process.returncode}: {lines[-3:]}")
            return found

        return wait(line, seconds, f"{self.log.name} says '{words}'")[-1].removeprefix(words)

    def end(self, how=signal.SIGTERM, seconds=60):
        """Ends it by a signal; its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.process.wait(seconds)


class Postgres:
    """A server in a temporary folder, on a Unix socket only, which lets in every user of this machine."""

    def __init__(self):
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
        self.programs = found[-1] if found else Path(shutil.which("initdb") or "initdb").parent
        self.folder = Path(tempfile.mkdtemp(prefix="parley-pg-", dir="/tmp"))
        self.folder.chmod(0o755)
        # PostgreSQL refuses to run as root.
        self.user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        if self.user:
            shutil.chown(self.folder, "postgres")
        self._call("initdb", "-D", self.folder / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale", "C")
        self._call(
            "pg_ctl",
            "-D",
            self.folder / "data",
            "-s",
            "-w",
            "-l",
            self.folder / "log",
            "-o",
            f"-c listen_addresses='' -c unix_socket_directories='{self.folder}' -c max_connections=200",
            "start",
        )

    def _call(self, program, *arguments):
        # Not by pipes, which the server would hold open.
        code = subprocess.run(
            [*self.user, self.programs / program, *arguments],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        ).returncode
        if code != 0:
            sys.exit(f"{program} ended with {code}")

    def url(self, user, database="parley"):
        return f"postgresql:///{database}?host={self.folder}&user={user}"

    def ask(self, text, user="postgres", database="parley"):
        """The rows of a statement, each as the texts of its columns."""
        printed = run(
            str(self.programs / "psql"),
            "-XqAt",
            "-F",
            "\t",
            "-v",
            "ON_ERROR_STOP=1",
            self.url(user, database),
            "-c",
            text,
        )
        return [line.split("\t") for line in printed.splitlines()]

    def number(self, text):
        return int(self.ask(text)[0][0])

    def stop(self):
        self._call("pg_ctl", "-D", self.folder / "data", "-s", "-w", "-m", "fast", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)


def call(address, method="GET", body=None, headers=None):
    """Status, headers and document of a request; a refusal is an answer as well."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(
        address, data, {"Content-Type": "application/json", **(headers or {})}, method=method
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.headers, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, error.headers, json.loads(error.read() or "null")
