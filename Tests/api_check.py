#!/usr/bin/env python3
"""Holds the HTTP service against its own description, schemas/openapi.json.

    python Tests/api_check.py --parley .build/debug/parley [--examples 10] [--phases examples,coverage,fuzzing,stateful]

The description is checked by openapi-spec-validator. Then a small simulated round is run, a coordinator serves it, and
schemathesis asks every operation what the description allows and what it forbids, with a token that may do all: each
answer must have a status, headers and a document that the description names. Ends with 0 where all holds.
Needs schemathesis and openapi-spec-validator (Tests/Performance/peers/api.txt).
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from openapi_spec_validator import validate
from openapi_spec_validator.readers import read_from_filename

from house import Daemon, call, run

ROUND = """\
round: api
tier: bilateral
title: The API's round
parties:
  - { name: a, role: lab }
  - { name: b, role: lab }
models:
  - { name: ma, party: a, provider: openai, model: ma, simulate: { accuracy: 0.7, refusal_rate: 0.1 } }
  - { name: mb, party: b, provider: openai, model: mb, simulate: { accuracy: 0.6, refusal_rate: 0.1 } }
suites:
  - { name: sums, party: a, areas: [scalable oversight], dataset: sums.jsonl, scorer: numeric }
budgets:
  - { tokens: 10000000 }
runs: all
"""


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--parley", required=True)
    options.add_argument("--examples", type=int, default=10)
    options.add_argument("--phases", default="examples,coverage,fuzzing,stateful")
    chosen = options.parse_args()
    parley = os.path.abspath(chosen.parley)
    description = Path(__file__).parent.parent / "schemas" / "openapi.json"
    validate(*read_from_filename(str(description)))

    folder = Path(tempfile.mkdtemp(prefix="parley-api-"))
    folder.chmod(0o755)
    try:
        (folder / "api.yaml").write_text(ROUND)
        rows = [json.dumps({"id": f"s{n}", "input": f"What is {n} + 7?", "target": str(n + 7)}) for n in range(8)]
        (folder / "sums.jsonl").write_text("\n".join(rows))
        state = str(folder / "state")
        run(parley, "run", str(folder / "api.yaml"), "--simulated", "--state", state)
        token = run(parley, "token", "new", "check", "--scope", "admin", "--because", "check", "--state", state).strip()
        coordinator = Daemon([parley, "coordinator", "--state", state, "--http", "127.0.0.1:0", "--requests-per-minute",
                              "1000000"], folder / "log")
        try:
            address = coordinator.says("Listening on ")
            jobs = call(f"{address}/v1/rounds/api/jobs?limit=1", headers={"Authorization": f"Bearer {token}"})[2]["jobs"]
            (folder / "schemathesis.toml").write_text(
                f'[parameters]\n"path.round" = "api"\n"path.budget" = 1\n"path.pool" = "default"\n"path.job" = {jobs[0]["job"]}\n'
                # Whether somebody has seen the caps is no matter of a request's form.
                '[[operations]]\ninclude-operation-id = "setCaps"\n[operations.checks]\n'
                'positive_data_acceptance.expected-statuses = ["2xx", "404", "409", "412", "428"]\n'
            )
            common = [
                str(Path(sys.executable).parent / "schemathesis"), "run", f"{address}/v1/openapi.json", "--url", address,
                "--header", f"Authorization: Bearer {token}", "--max-examples", str(chosen.examples), "--seed", "1",
                "--request-timeout", "20", "--suppress-health-check", "all", "--continue-on-failure",
                "--phases", chosen.phases, "--no-color",
            ]
            # What it learns of tokens it would revoke, its own first: so that is asked by itself, at the end.
            last = ["--exclude-path-regex", "/revoke$"], ["--include-path-regex", "/revoke$"]
            codes = [subprocess.run([*common, *part], cwd=folder).returncode for part in last]
        finally:
            coordinator.end()
        if any(codes):
            sys.exit(f"the service does not answer as it is described: schemathesis ended with {codes}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


main()
