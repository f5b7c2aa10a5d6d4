"""Prometheus for a check, with the configuration of deploy/prometheus; where there is none, a scraper of its own."""

import json
import re
import shutil
import threading
import time
import urllib.parse
import urllib.request

from house import ROOT, Daemon, call, free_ports


class Monitor:
    """Watches daemons by their metrics, every two or three seconds.

    `ports` are those of the daemons, by the job's name in prometheus.yml; `port` is Prometheus's, None where it is not.
    """

    def __init__(self, folder, ports):
        self.targets = {job: [f"127.0.0.1:{port}" for port in each] for job, each in ports.items()}
        self.folder, self.port, self.daemon, self.over = folder, None, None, threading.Event()
        if program := shutil.which("prometheus"):
            self._start(program)
        else:
            threading.Thread(target=self._scrape, daemon=True).start()

    def _start(self, program):
        deploy = ROOT / "deploy" / "prometheus"
        text = (deploy / "prometheus.yml").read_text()
        text = re.sub(r"(scrape|evaluation)_interval: \w+", r"\1_interval: 2s", text)
        text = re.sub(r"rule_files: .*", f"rule_files: [{deploy}/recording.yml, {deploy}/alerts.yml]", text)
        for job, targets in self.targets.items():
            text = re.sub(rf"(job_name: {job}\n.*\n.*targets: )\[.*\]", lambda m: m[1] + json.dumps(targets), text)
        (self.folder / "prometheus.yml").write_text(text)
        (self.port,) = free_ports(1)
        self.daemon = Daemon(
            [
                program,
                f"--config.file={self.folder}/prometheus.yml",
                f"--storage.tsdb.path={self.folder}/tsdb",
                f"--web.listen-address=127.0.0.1:{self.port}",
            ],
            self.folder / "logs" / "prometheus.log",
        )

    def ask(self, path, **values):
        """The data of an answer of Prometheus."""
        query = urllib.parse.urlencode(values)
        return call(f"http://127.0.0.1:{self.port}/api/v1/{path}?{query}")[2]["data"]

    def now(self, folder):
        """What the daemons expose now, a file for each job."""
        files = []
        for job, targets in self.targets.items():
            files.append(folder / f"{job}.now.txt")
            files[-1].write_text("".join(map(self._exposition, targets)))
        return files

    @staticmethod
    def _exposition(target):
        with urllib.request.urlopen(f"http://{target}/metrics", timeout=5) as answer:
            return answer.read().decode()

    def _scrape(self):
        while not self.over.wait(3):
            for job, targets in self.targets.items():
                for number, target in enumerate(targets, 1):
                    try:
                        text = self._exposition(target)
                    except OSError:
                        continue
                    with open(self.folder / "series" / f"{job}-{number}.txt", "a") as file:
                        file.write(f"# scraped at {time.time():.3f}\n{text}")

    def stop(self):
        self.over.set()
        if self.daemon:
            self.daemon.end()
