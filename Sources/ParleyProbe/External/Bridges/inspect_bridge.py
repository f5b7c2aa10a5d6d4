"""Runs one sample of an Inspect task as an external program of Parley.

It reads one line of JSON: {"type": "list", ...} writes the task's samples to a file, {"type": "sample", ...} evaluates
one of them. The models of the task are those of Parley's local endpoint and no others; keys, limits, budgets and
retries stay with Parley. One process a sample; what the task prints goes to standard error.

    python3 inspect_bridge.py [TASKS.py]
"""

import importlib.util
import json
import math
import os
import platform
import sys

protocol = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)


def say(kind, **members):
    protocol.write(json.dumps({"type": kind, **members}, allow_nan=False) + "\n")
    protocol.flush()


def versions():
    import inspect_ai

    return {"inspect_ai": inspect_ai.__version__, "python": platform.python_version()}


def load(options):
    """The task that the options name, from the file that was given or from what is installed."""
    arguments = options.get("task_args") or {}
    name = options["task"]
    if len(sys.argv) < 2:
        from inspect_ai._util.registry import registry_create

        return registry_create("task", name, **arguments)
    path = os.path.abspath(sys.argv[1])
    # Tasks read files beside them, and import what lies there.
    os.chdir(os.path.dirname(path))
    sys.path.insert(0, os.path.dirname(path))
    spec = importlib.util.spec_from_file_location(os.path.splitext(os.path.basename(path))[0], path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    if not hasattr(module, name):
        raise ValueError(f"{os.path.basename(path)} has no task '{name}'")
    return getattr(module, name)(**arguments)


def text(content):
    """Text of a message; what is no text cannot be frozen as text."""
    if isinstance(content, str):
        return content
    return "\n".join(getattr(part, "text", None) or f"[{part.type}]" for part in content)


def row(sample):
    """A sample as Parley freezes it. Files and images of a sample are named, not read."""
    given = sample.input
    return {
        "id": str(sample.id),
        "input": given if isinstance(given, str) else [{"role": m.role, "content": text(m.content)} for m in given],
        "target": [sample.target] if isinstance(sample.target, str) else list(sample.target),
        "choices": list(sample.choices or []),
        "metadata": json.loads(json.dumps(sample.metadata or {}, default=str)),
    }


def as_frozen(sample):
    """The row in the form in which Parley sends samples."""
    this = row(sample)
    if isinstance(this["input"], str):
        this["input"] = [{"role": "user", "content": this["input"]}]
    # An empty target or no metadata is the same as none.
    this["target"] = [t for t in this["target"] if t]
    return {key: this[key] for key in ("input", "target", "choices")}


def list_samples(request):
    samples = list(load(request["options"]).dataset)
    limit = request.get("limit")
    with open(request["output"], "w", encoding="utf-8") as file:
        for sample in samples if limit is None else samples[:limit]:
            file.write(json.dumps(row(sample), ensure_ascii=False, allow_nan=False) + "\n")
    say("answer", answer=json.dumps({"samples": len(samples), "versions": versions()}))


def model(endpoint, name):
    """A model of the endpoint, in the format of its provider where the client library for it is there."""
    from inspect_ai.model import GenerateConfig, get_model

    # Whether a call is tried again is for Parley to say.
    config = GenerateConfig(max_retries=0)
    if endpoint["format"] == "anthropic" and importlib.util.find_spec("anthropic"):
        return get_model(
            f"anthropic/{name}", base_url=endpoint["anthropic_base_url"], api_key=endpoint["token"], config=config
        )
    return get_model(
        f"openai-api/parley/{name}", base_url=endpoint["openai_base_url"], api_key=endpoint["token"], config=config
    )


def run_sample(request):
    frozen = request["options"].get("versions")
    if frozen and frozen.get("inspect_ai") != versions()["inspect_ai"]:
        raise ValueError(f"the round was frozen with inspect_ai {frozen.get('inspect_ai')}, here is {versions()['inspect_ai']}")
    task = load(request["options"])
    wanted = request["sample"]
    sample = next((s for s in task.dataset if str(s.id) == wanted["id"]), None)
    if sample is None:
        raise ValueError(f"the task has no sample '{wanted['id']}' any more")
    given = {key: wanted[key] for key in ("input", "target", "choices")}
    given["target"] = [t for t in given["target"] if t]
    if as_frozen(sample) != given:
        raise ValueError(f"the sample '{wanted['id']}' is not the one that was frozen")

    from inspect_ai import eval as evaluate

    endpoint = request["endpoint"]
    logs = evaluate(
        task,
        model=model(endpoint, endpoint["model"]),
        model_roles={role: model(endpoint, name) for role, name in endpoint["roles"].items()},
        sample_id=sample.id,
        epochs=1,
        log_dir=os.path.join(os.environ["HOME"], "logs"),
        log_format="json",
        display="none",
        fail_on_error=True,
        retry_on_error=0,
    )
    report(logs[0], request["options"].get("scorer"))


def report(log, scorer):
    sample = (log.samples or [None])[0]
    if sample is None or sample.error or log.status != "success":
        error = sample.error if sample is not None and sample.error else log.error
        return say("error", message=(error.message if error else f"the evaluation ended as {log.status}")[:4000])
    for message in sample.messages:
        say("message", **transcript(message))
    if sample.limit:
        say("log", text=f"Inspect's own limit was reached: {sample.limit.type}")
    scores = sample.scores or {}
    name = scorer or next(iter(scores), None)
    if name not in scores:
        return say("score", score=None, answer=sample.output.completion, explanation=f"the task gave no score '{name}'")
    score = scores[name]
    others = {key: value.value for key, value in scores.items() if key != name}
    if others:
        say("log", text="other scores: " + json.dumps(others, default=str))
    say(
        "score",
        score=number(score.value),
        answer=score.answer if isinstance(score.answer, str) else sample.output.completion,
        explanation="\n".join(filter(None, [f"{name}: {score.value}", score.explanation]))[:100_000],
    )


def number(value):
    """Inspect's values as numbers: C and true are 1, P is a half, I, N and false are 0; None where there is no one number."""
    letters = {"C": 1, "P": 0.5, "I": 0, "N": 0}
    if isinstance(value, str):
        if value in letters:
            return letters[value]
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, bool):
        return int(value)
    return value if isinstance(value, (int, float)) and math.isfinite(value) else None


def transcript(message):
    said = {"role": message.role, "content": text(message.content)}
    calls = getattr(message, "tool_calls", None)
    if calls:
        said["tool_calls"] = [{"id": c.id, "name": c.function, "arguments": c.arguments} for c in calls]
    if message.role == "tool":
        status = "tool_error" if message.error else "done"
        said["tool_answer"] = {"call_id": message.tool_call_id or "", "name": message.function or "", "status": status}
    return said


def main():
    request = json.loads(sys.stdin.readline())
    try:
        list_samples(request) if request["type"] == "list" else run_sample(request)
    except Exception as error:
        import traceback

        traceback.print_exc()
        say("error", message=f"{type(error).__name__}: {error}"[:4000])


if __name__ == "__main__":
    main()
