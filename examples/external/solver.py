#!/usr/bin/env python3
"""An external solver: asks the model, asks it to check itself, answers. Standard library only."""

import json
import sys
import urllib.request


def say(kind, **members):
    print(json.dumps({"type": kind, **members}), flush=True)


def ask(endpoint, messages):
    request = urllib.request.Request(
        endpoint["openai_base_url"] + "/chat/completions",
        json.dumps({"model": endpoint["model"], "messages": messages}).encode(),
        {"Content-Type": "application/json", "Authorization": "Bearer " + endpoint["token"]},
    )
    with urllib.request.urlopen(request) as response:
        return json.load(response)["choices"][0]["message"]["content"]


task = json.loads(sys.stdin.readline())
messages = [{"role": m["role"], "content": m["content"]} for m in task["sample"]["input"]]
for follow_up in (task.get("options") or {}).get("follow_ups", ["Are you sure? Answer again."]) + [None]:
    messages.append({"role": "assistant", "content": ask(task["endpoint"], messages)})
    if follow_up:
        messages.append({"role": "user", "content": follow_up})
for message in messages:
    say("message", **message)
say("answer", answer=messages[-1]["content"])
