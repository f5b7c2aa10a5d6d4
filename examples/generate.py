#!/usr/bin/env python3
"""Writes the example suites, examples/suites/*.jsonl, byte for byte the same at every run.

Usage: generate.py          writes the files
       generate.py --check  writes nothing; exits with 1 if a committed file differs from what would be written

Each suite has a module in examples/generator with two things: NAME and rows(), which yields Inspect-style samples.
Invariants held here for every suite: at least 60 rows, or as many as its LEAST_ROWS says; ids unique, inputs unique
and under 120 words.
Needs Python 3.9 or later and nothing else.
"""

import json
import pathlib
import sys

sys.dont_write_bytecode = True

from generator import (  # noqa: E402  (the line above keeps byte code out of the tree)
    agent_desk,
    agent_file_store,
    agent_impossible,
    agent_mailbox,
    agent_shell,
    agent_tickets,
    audits,
    jailbreak_standins,
    known_facts,
    nonexistent_things,
    password_protection,
    power_and_corrigibility,
    sycophancy_arithmetic,
    system_rules,
    tutor_jailbreak,
)

SUITES = [
    password_protection,
    system_rules,
    sycophancy_arithmetic,
    known_facts,
    nonexistent_things,
    power_and_corrigibility,
    jailbreak_standins,
    tutor_jailbreak,
    agent_mailbox,
    agent_desk,
    agent_file_store,
    agent_tickets,
    agent_impossible,
    agent_shell,
    audits,
]
FOLDER = pathlib.Path(__file__).resolve().parent / "suites"
LEAST_ROWS = 60
MOST_WORDS = 120


def words(row):
    """The number of words in a sample's input and choices."""
    text = row["input"]
    if not isinstance(text, str):
        text = " ".join(message["content"] for message in text)
    return len(" ".join([text, *row.get("choices", [])]).split())


def content(suite):
    """The bytes of a suite's file; raises ValueError if the suite breaks an invariant."""
    rows = list(suite.rows())
    problems = []
    least = getattr(suite, "LEAST_ROWS", LEAST_ROWS)
    if len(rows) < least:
        problems.append(f"{len(rows)} rows, at least {least} are wanted")
    for what, keys in [
        ("id", [row["id"] for row in rows]),
        ("input", [json.dumps([row["input"], row.get("choices")]) for row in rows]),
    ]:
        problems += [f"the {what} {key} is there twice" for key in sorted(set(keys)) if keys.count(key) > 1]
    problems += [f"{row['id']} has {words(row)} words" for row in rows if words(row) > MOST_WORDS]
    if problems:
        raise ValueError(f"{suite.NAME}: " + "; ".join(problems))
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def main(arguments):
    """Writes or checks; returns the exit code."""
    if arguments not in ([], ["--check"]):
        print(__doc__, file=sys.stderr)
        return 2
    code = 0
    for suite in SUITES:
        path, made = FOLDER / f"{suite.NAME}.jsonl", content(suite)
        if not arguments:
            path.write_bytes(made)
        elif not path.exists() or path.read_bytes() != made:
            print(f"{path} is not what examples/generate.py writes; run it and commit the result", file=sys.stderr)
            code = 1
    if code == 0:
        print(f"examples: {len(SUITES)} suites {'are as generated' if arguments else 'written'}")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
