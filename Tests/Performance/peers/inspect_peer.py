"""The same samples in inspect_ai: generate, then score by inclusion.

    inspect_peer.py DATASET BASE_URL SAMPLES CONNECTIONS LOGS

Prints one JSON object: samples, seconds by inspect_ai's own account (without its start), CPU seconds, right answers.
"""

import json
import os
import sys
from datetime import datetime

dataset_path, base_url, samples, connections, logs = sys.argv[1:]
os.environ["OPENAI_API_KEY"] = "none"
os.environ["INSPECT_DISPLAY"] = "none"

from inspect_ai import Task, eval as evaluate  # noqa: E402
from inspect_ai.dataset import json_dataset  # noqa: E402
from inspect_ai.scorer import includes  # noqa: E402
from inspect_ai.solver import generate  # noqa: E402

task = Task(dataset=json_dataset(dataset_path)[: int(samples)], solver=generate(), scorer=includes())
before = os.times()
log = evaluate(
    task, model="openai/sim", model_base_url=base_url, model_args={"responses_api": False}, log_dir=logs,
    max_connections=int(connections), max_samples=int(connections), log_realtime=False, temperature=0, max_tokens=64,
    log_level="error",
)[0]
after = os.times()
if log.status != "success":
    raise SystemExit(f"error: inspect_ai ended with {log.status}: {log.error}")
begin, end = (datetime.fromisoformat(time) for time in (log.stats.started_at, log.stats.completed_at))
print(
    json.dumps(
        {
            "samples": len(log.samples),
            "seconds": (end - begin).total_seconds(),
            "cpu_seconds": after.user + after.system - before.user - before.system,
            "right": sum(sample.scores["includes"].value == "C" for sample in log.samples),
        }
    )
)
